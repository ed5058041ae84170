import json
from datetime import UTC, datetime

import pytest

from stillwatch.sources import Block, decode

BASE = {"exchange_id": "ex-1", "ts": 1772438400000000, "account_id": "acc-a"}


def read(*records, kind="exchanges"):
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    return decode(Block("canonical_jsonl", kind, "log", 1, b"\n".join(lines) + b"\n"))


def value(field, given, kind="exchanges", base=BASE):
    decoded = read(base | {field: given}, kind=kind)
    assert not decoded.rejections
    return decoded.batch[field][0].as_py()


def reason(record, kind="exchanges"):
    decoded = read(record, kind=kind)
    assert len(decoded.batch) == 0
    (rejection,) = decoded.rejections
    assert rejection.line == 1
    return rejection.reason


@pytest.mark.parametrize(
    ("given", "micros"),
    [
        ("2026-03-02T08:00:00Z", 1772438400000000),
        ("2026-03-02T08:00:00+00:00", 1772438400000000),
        ("2026-03-02t08:00:00.25z", 1772438400250000),
        ("2026-03-02T08:00:00.123456789Z", 1772438400123456),
        ("2016-12-31T23:59:60Z", 1483228800000000),
        (1772438400000000, 1772438400000000),
        (1772438400000000.0, 1772438400000000),
    ],
)
def test_times(given, micros):
    assert value("ts", given) == datetime.fromtimestamp(micros / 1e6, UTC)


@pytest.mark.parametrize(
    "given",
    [
        "2026-03-02T08:00:00+02:00",
        "2026-03-02T08:00:00",
        "2026-03-02 08:00:00Z",
        "2026-02-30T08:00:00Z",
        "2026-03-02T25:00:00Z",
        "2026-03-02T08:00:00Z\n",
        "yesterday",
        "",
        -5,
        1772438400,
        1772438400000000000,
        2**80,
        1772438400000000.5,
    ],
)
def test_what_is_no_time_of_this_century_is_rejected(given):
    assert "ts" in reason(BASE | {"ts": given})


def test_a_bad_time_among_good_ones_costs_only_its_own_record():
    good = [BASE | {"ts": "2026-03-02T08:00:00Z"}] * 3
    decoded = read(*good, BASE | {"ts": "nonsense"}, *good)
    assert len(decoded.batch) == 6
    assert [rejection.line for rejection in decoded.rejections] == [4]


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("asn", 64500, 64500),
        ("asn", "AS64500", 64500),
        ("asn", "64500", 64500),
        ("logprobs", True, 1),
        ("logprobs", False, 0),
        ("logprobs", 5, 5),
        ("reasoning_effort", "high", "high"),
        ("reasoning_effort", 0.5, "0.5"),
        ("tokens_in", 12.0, 12),
        ("temperature", 1, 1.0),
        ("country", None, None),
        ("replayed_ids", ["call_7f"], ["call_7f"]),
        ("pathway", "cloud:example", "cloud:example"),
    ],
)
def test_lenient_where_the_contract_is(field, given, expected):
    assert value(field, given) == expected


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("exchange_id", ""),
        ("account_id", 5),
        ("account_id", None),
        ("country", "de"),
        ("country", "DEU"),
        ("pathway", "web"),
        ("pathway", "cloud:"),
        ("http_status", 99),
        ("tokens_in", -1),
        ("tokens_in", 1.5),
        ("tokens_in", 2**70),
        ("tokens_in", "12"),
        ("temperature", -0.1),
        ("asn", "ASX"),
        ("asn", 2**32),
        ("logprobs", -1),
        ("tools", "search"),
        ("messages", [{"content": "no role"}]),
        ("messages", [{"role": "user"}]),
        ("messages", [{"role": "", "content": "x"}]),
        ("prompt", 7),
        ("stream", "yes"),
    ],
)
def test_malformed_fields(field, given):
    assert field in reason(BASE | {field: given})


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"7",
        b'"text"',
        b"null",
        b'{"exchange_id": "a"}{"exchange_id": "b"}',
        b'{"exchange_id": "ex", "ts": NaN, "account_id": "a"}',
        b'{"exchange_id": "\xff", "ts": 1772438400000000, "account_id": "a"}',
        b'{"exchange_id": "\\ud800", "ts": 1772438400000000, "account_id": "a"}',
        b"[" * 100_000,
        b"\x00",
    ],
)
def test_lines_that_are_no_record(line):
    good = json.dumps(BASE).encode()
    decoded = read(good, line, good)
    assert len(decoded.batch) == 2
    assert [rejection.line for rejection in decoded.rejections] == [2]


def test_an_object_spread_over_lines_is_no_record():
    decoded = read(b'{"exchange_id": "ex",\n"ts": 1772438400000000, "account_id": "a"}')
    assert [rejection.line for rejection in decoded.rejections] == [1, 2]


def test_blank_lines_and_line_ends_of_windows_count_but_hold_nothing():
    good = json.dumps(BASE).encode()
    decoded = read(b"", good + b"\r", b"  ", b"oops", good)
    assert len(decoded.batch) == 2
    assert [rejection.line for rejection in decoded.rejections] == [4]


def test_a_prompt_of_ten_megabytes():
    assert len(value("prompt", "x" * 10_000_000)) == 10_000_000


def test_facts_follow_from_the_turns():
    decoded = read(
        BASE
        | {
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What"},
                        {"type": "image_url", "image_url": {}},
                        "is it?",
                    ],
                },
                {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1"}, {"id": "call_2"}]},
                {"role": "tool", "content": "a cat"},
                {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "image"}]}]},
            ]
        }
    )
    row = decoded.batch.to_pylist()[0]
    assert row["system"] == "Be brief."
    assert row["prompt"] == "What\nis it?"
    assert (row["n_turns"], row["n_images"], row["n_tool_calls"], row["n_tool_results"]) == (4, 2, 2, 2)
    assert row["messages"][2] == {"role": "assistant", "content": None}
    assert row["replayed_ids"] is None


def test_stated_facts_are_not_derived_anew():
    row = read(
        BASE | {"messages": [{"role": "user", "content": "a"}], "prompt": "b", "n_turns": 7}
    ).batch.to_pylist()[0]
    assert (row["prompt"], row["n_turns"]) == ("b", 7)


def test_parts_of_any_shape_are_borne():
    parts = [7, None, [], {"type": []}, {"type": {}, "text": 5}, {"type": "tool_result", "content": 5}]
    assert read(BASE | {"messages": [{"role": "user", "content": parts}]}).batch["n_turns"][0].as_py() == 1


def test_names_beyond_the_contract_are_told():
    assert read(BASE | {"x_colour": "red"}).unknown_fields == {"x_colour"}


def test_account_and_event_records():
    account = {"account_id": "a"}
    assert value("owner_countries", {"SG": 0.6}, "accounts", account) == [("SG", 0.6)]
    assert value("signup_asn", "AS1", "accounts", account) == 1
    assert "owner_countries" in reason(account | {"owner_countries": {"sg": 0.6}}, "accounts")
    assert "owner_countries" in reason(account | {"owner_countries": {"SG": 1.6}}, "accounts")
    assert "kyc_level" in reason(account | {"kyc_level": 5}, "accounts")
    assert "payment_kind" in reason(account | {"payment_kind": "cash"}, "accounts")
    assert "created_at" in reason(account | {"created_at": "soon"}, "accounts")
    assert "kind" in reason({"ts": 1772438400000000, "kind": "party"}, "events")
