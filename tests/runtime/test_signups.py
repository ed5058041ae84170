"""Sign-ups of a watch: weighed as they arrive, kept over a restart, told where levels are asked."""

import pickle
import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.append(str(Path(__file__).parents[1] / "access" / "signup"))
from composed_signups import KEY, START, everyday, lot

from stillwatch.access.levels.facts import completed
from stillwatch.records import ACCOUNTS
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.signups import SignUps
from stillwatch.runtime.watch import Watch
from stillwatch.sources import Block

LOT = lot(40)


def batch(rows):
    return pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in ACCOUNTS.names} for row in rows], schema=ACCOUNTS
    )


@pytest.fixture(scope="module")
def rows():
    return everyday(1_500)


def suggested(signups, names):
    facts = completed(pa.table({"account_id": names, "exchanges": [1] * len(names)}))
    return dict(zip(names, signups.told(facts)["suggested_level"].to_pylist(), strict=True))


def test_a_lot_is_told_of_with_the_level_suggested_and_people_are_not(rows):
    signups = SignUps(KEY)
    signups.observe(batch(rows))
    for start in range(0, len(LOT), 10):
        signups.observe(batch(LOT[start : start + 10]))
    told = suggested(signups, [LOT[-1]["account_id"], rows[0]["account_id"], "nobody"])
    assert told[LOT[-1]["account_id"]] >= 1
    assert told[rows[0]["account_id"]] is told["nobody"] is None
    again = pickle.loads(pickle.dumps(signups))
    again.observe(batch(LOT))
    assert suggested(again, [LOT[-1]["account_id"]]) == {LOT[-1]["account_id"]: told[LOT[-1]["account_id"]]}


@pytest.mark.parametrize("saved", [False, True])
def test_a_watch_that_asks_levels_keeps_what_it_weighed_over_a_restart(saved, rows, tmp_path):
    watch = Watch(tmp_path, Settings(KEY), 0.01, 60.0, weighs_signups=True)
    for some in (rows, LOT):
        watch.take(
            Block("canonical_jsonl", "accounts", "log", 1, None), Piece("accounts", batch(some), [], {}), 0
        )
    watch.commit({"log": "1"})
    if saved:
        watch.close(START // 21_600_000_000)
        watch.save()
    again = Watch(tmp_path, Settings(KEY), 0.01, 60.0, weighs_signups=True)
    names = [row["account_id"] for row in LOT]
    assert suggested(again.state.signups, names) == suggested(watch.state.signups, names)
    assert any(suggested(again.state.signups, names).values())


def test_a_watch_that_asks_nothing_weighs_nothing(tmp_path):
    assert Watch(tmp_path, Settings(KEY), 0.01, 60.0).state.signups is None
