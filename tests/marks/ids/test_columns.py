"""Columns give what single calls give, however they are cut and ordered."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks.ids.columns import mint_column, row_of, verify_column
from stillwatch.marks.ids.forms import FORMS
from stillwatch.marks.ids.keyring import made, retired, rotated
from stillwatch.marks.ids.minting import MAX_AGE, Minter

NOW = 1_795_000_000
OLDEST = made()
OLD = rotated(OLDEST)
RING = retired(rotated(OLD), OLDEST.minting.number)
MINTER = Minter(RING, tenant="one", other_tenants=("two",))
MINTERS = [MINTER, Minter(RING, tenant="two"), Minter(OLD, tenant="one"), Minter(OLDEST), Minter(made())]


def minted(draw):
    minter = draw(st.sampled_from(MINTERS))
    at = draw(st.sampled_from([NOW, NOW - MAX_AGE - 5, NOW + 10_000]))
    text = minter.mint(draw(st.sampled_from(sorted(FORMS))), draw(st.sampled_from(["a", "b"])), "org", at=at)
    spoilt = draw(st.integers(0, 6))
    if spoilt == 0:
        return text[:-1]
    if spoilt == 1:
        return "toolu_" + text[-34:]
    if spoilt == 2:
        return text[:-1] + draw(st.sampled_from("A-_z+/é"))
    return text


IDS = st.lists(st.composite(minted)() | st.text(max_size=50) | st.none(), max_size=40)


@settings(max_examples=60)
@given(ids=IDS, cut=st.integers(0, 40))
def test_columns_read_what_single_calls_read(ids, cut):
    column = pa.array(ids, pa.string())
    whole = verify_column(MINTER, column, now=NOW)
    assert [row_of(whole, row) for row in range(len(ids))] == [
        MINTER.verify(text or "", now=NOW) for text in ids
    ]
    parts = [verify_column(MINTER, part, now=NOW) for part in (column[:cut], column[cut:])]
    assert pa.concat_batches(parts).equals(whole)
    assert verify_column(MINTER, column[::-1], now=NOW).equals(
        whole.take(pa.array(range(len(ids))[::-1], pa.int64()))
    )


@given(
    prefix=st.sampled_from(sorted(FORMS)),
    owners=st.lists(st.tuples(st.sampled_from("abcé"), st.sampled_from(["o", "p", None])), max_size=20),
)
def test_minted_columns_verify_one_by_one(prefix, owners):
    accounts, organisations = (
        pa.array([a for a, _ in owners], pa.string()),
        pa.array([o for _, o in owners], pa.string()),
    )
    at = NOW - np.arange(len(owners))
    ids = mint_column(MINTER, prefix, accounts, organisations, at=at).to_pylist()
    assert len(set(ids)) == len(ids)
    for text, (account, organisation), when in zip(ids, owners, at.tolist(), strict=True):
        found = MINTER.verify(text, now=NOW)
        assert (found.outcome, found.account, found.at) == ("valid", MINTER.account(account), when)
        assert found.organisation == MINTER.organisation(organisation) >> 40


def test_columns_are_counted():
    fresh = Minter(RING)
    verify_column(fresh, pa.array([fresh.mint("call_", "a"), "x", None]))
    assert fresh.counts == {"valid": 1, "unknown_form": 2}


def test_random_blocks_are_forged():
    signs = np.random.default_rng(1).integers(0, 64, (50_000, 34))
    alphabet = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", "S1")
    last = alphabet[np.array([0, 16, 32, 48])]
    text = alphabet[signs]
    text[:, -1] = last[signs[:, -1] % 4]
    ids = pa.array(["call_" + row.tobytes().decode() for row in text])
    assert set(verify_column(MINTER, ids).column("outcome").to_pylist()) <= {
        "forged",
        "unknown_key",
        "retired_key",
    }
