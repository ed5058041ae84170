from itertools import pairwise

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from text import KEY, OTHER

from stillwatch.features.sketch import SKETCHES, SLICE, sketch
from stillwatch.records import EXCHANGES, Exchange

DAY = 86_400_000_000
FULL = Exchange(
    exchange_id="e1",
    ts=DAY,
    account_id="a1",
    session_id="s",
    prompt="Reach me at jane.roe@mail.test or 0171 5550 4455, key sk-abcdefgh12345678",
    tools=["search", "fetch"],
    max_tokens=100,
    client_ip="10.1.2.3",
    user_agent="client/1.2",
    tokens_out=7,
    http_status=200,
    n_turns=3,
    replayed_ids=["call-1", "call-2"],
)


def batch(*exchanges):
    return pa.RecordBatch.from_pylist([msgspec.structs.asdict(one) for one in exchanges], schema=EXCHANGES)


def one(key=KEY, *, keep_text=False, **changes):
    return sketch(batch(msgspec.structs.replace(FULL, **changes)), key, keep_text=keep_text).to_pylist()[0]


def test_no_text_leaves_unless_asked_for():
    assert one()["snippet"] is None
    kept = one(keep_text=True)["snippet"]
    assert kept.startswith("Reach me at [removed] or [removed], key [removed]")


def test_every_name_but_those_needed_for_reports_is_hashed():
    made = one()
    readable = {name for name, value in made.items() if isinstance(value, str)}
    assert readable == {"exchange_id", "account_id"}
    other = one(OTHER)
    assert all(
        made[name] != other[name] for name in ("id", "session", "item", "tools", "agent", "address", "prefix")
    )


def test_what_a_source_lacks_is_zero_or_absent():
    bare = sketch(batch(Exchange(exchange_id="e", ts=DAY, account_id="a")), KEY).to_pylist()[0]
    assert {
        bare[name] for name in ("session", "system", "item", "tools", "settings", "address", "agent", "ja4")
    } == {0}
    assert {bare[name] for name in ("turns", "tool_results", "status", "asn")} == {-1}
    assert bare["words"] == 0
    assert bare["present"].bit_count() == 3


def test_presence_has_one_bit_a_field():
    present = one()["present"]
    for bit, name in enumerate(EXCHANGES.names):
        assert bool(present >> bit & 1) == (getattr(FULL, name) is not None)


@pytest.mark.parametrize(
    ("one_address", "other", "same"),
    [
        ("10.1.2.3", "10.1.2.77", True),
        ("10.1.2.3", "10.1.3.3", False),
        ("2001:db8:7:1::5", "2001:db8:7:2::9", True),
        ("2001:db8:7:1::5", "2001:db8:8:1::5", False),
    ],
)
def test_prefixes_are_24_and_48_bits(one_address, other, same):
    assert (one(client_ip=one_address)["prefix"] == one(client_ip=other)["prefix"]) == same


def test_versions_of_an_agent_and_the_order_of_tools_do_not_matter():
    assert one(user_agent="client/1.3")["agent"] == one()["agent"]
    assert one(tools=["fetch", "search"])["tools"] == one()["tools"]


def test_a_batch_may_be_cut_anywhere():
    prompts = (
        "What is the tide?",
        None,
        "hi",
        "Write a Python function with tests",
        "数を数える",
        "Rate the answer from 1 to 5",
    )
    rows = [
        msgspec.structs.replace(
            FULL, exchange_id=f"e{i}", prompt=prompts[i % 6], system=None if i % 4 else "Be kind."
        )
        for i in range(SLICE + 40)
    ]
    whole = sketch(batch(*rows), KEY)
    bounds = [0, 3, 4, 700, SLICE + 1, len(rows)]
    parts = [sketch(batch(*rows).slice(a, b - a), KEY) for a, b in pairwise(bounds)]
    assert (
        pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([whole]).combine_chunks())
    )
    assert whole.schema == SKETCHES
    assert len(sketch(batch(), KEY)) == 0


def test_shares_of_capabilities_sum_to_one():
    shares = np.array(one()["capability"]) / 255
    assert shares.sum() == pytest.approx(1.0, abs=0.03)
