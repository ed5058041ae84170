import msgspec
import pyarrow as pa
import pytest
from text import KEY

from stillwatch.features.ledger import Ledger
from stillwatch.features.observed import Interner, Names
from stillwatch.features.sketch import sketch
from stillwatch.records import EXCHANGES, Exchange

ROWS = [
    Exchange(
        exchange_id="1",
        ts=5,
        account_id="b",
        model="m1",
        country="FI",
        prompt="what a lovely day",
        tokens_out=9,
    ),
    Exchange(exchange_id="2", ts=6, account_id="a", pathway="api", replayed_ids=["x", "y"]),
    Exchange(
        exchange_id="3", ts=7, account_id="b", model="m2", country="KE", replayed_ids=["x"], http_status=429
    ),
]


def observed(rows, interner=None):
    batch = pa.RecordBatch.from_pylist([msgspec.structs.asdict(row) for row in rows], schema=EXCHANGES)
    return (interner or Interner(Ledger(KEY))).observe(sketch(batch, KEY))


def test_names_get_small_integers_and_null_gets_none():
    names = Names()
    assert names.codes(pa.array(["x", None, "y", "x"])).tolist() == [0, -1, 1, 0]
    assert names.codes(pa.array(["y", "z"])).tolist() == [1, 2]
    assert names.codes(pa.array([], pa.string())).tolist() == []


def test_rows_become_plain_arrays():
    seen = observed(ROWS)
    assert len(seen) == 3
    assert seen.accounts == 2
    assert seen.account.tolist() == [0, 1, 0]
    assert seen.ts.tolist() == [5, 6, 7]
    assert seen.model.tolist() == [0, -1, 1]
    assert seen.country.tolist() == [0, -1, 1]
    assert seen.pathway.tolist() == [-1, 0, -1]
    assert seen.status.tolist() == [-1, -1, 429]
    assert seen.replayed_row.tolist() == [1, 1, 2]
    assert seen.replayed[0] == seen.replayed[2] != seen.replayed[1]
    assert (seen.vector**2).sum(axis=1) == pytest.approx([1, 0, 0], abs=0.05)
    assert seen.capability.sum(axis=1) == pytest.approx([1, 1, 1], abs=0.03)


def test_codes_are_kept_from_batch_to_batch():
    interner = Interner(Ledger(KEY))
    observed(ROWS[:2], interner)
    later = observed(ROWS[2:], interner)
    assert (later.accounts, later.account.tolist(), later.model.tolist()) == (2, [0], [1])
    assert later.replayed_row.tolist() == [0]
