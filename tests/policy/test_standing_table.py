"""The file of standings: what goes in comes out, and it is no file of verdicts."""

import pyarrow as pa
import pytest
from composed import verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.policy import StandingFollower, StandingTable, VerdictTable
from stillwatch.policy.publish import publish, rows
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import STANDINGS, Limit, StillwatchError, Terms, UnreadableInput

TERMS = [
    Terms("one", "why", Limit("observe"), Limit("step_up", {"level": 2})),
    Terms("two", "because", Limit("cap_rate", {"per_minute": 5}), Limit("hold", {"seconds": 1.5}), "Please."),
]
ROW = st.fixed_dictionaries(
    {
        "id": st.integers(0, 2**64 - 1),
        "level": st.integers(0, 4),
        "asked": st.integers(0, 4),
        "since": st.integers(-(2**62), 2**62),
        "deadline": st.none() | st.integers(-(2**62), 2**62),
        "region_outside": st.none() | st.floats(0, 1),
        "terms": st.integers(0, 1),
        "challenge_id": st.none() | st.text(max_size=5),
        "control": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.dictionaries(st.text(max_size=12), ROW, max_size=40))
def test_what_is_published_is_looked_up(tmp_path, held):
    path = tmp_path / "standings"
    table = pa.Table.from_pylist([{"account_id": name} | row for name, row in held.items()], STANDINGS)
    assert publish_standings(path, table, TERMS, 7) == len(held)
    follower = StandingFollower(path)
    for account, row in held.items():
        found = follower.lookup(account)
        assert found.standing_id == f"st-{row['id']:016x}"
        assert found.terms == TERMS[row["terms"]]
        for name in set(row) - {"id", "terms"}:
            assert getattr(found, name) == row[name]
    assert follower.lookup("somebody else entirely") is None


def standing(**changed):
    row = {
        "account_id": "a",
        "id": 1,
        "level": 0,
        "asked": 2,
        "since": 5,
        "deadline": 9,
        "terms": 0,
        "control": False,
    }
    return pa.Table.from_pylist([row | changed], STANDINGS)


@pytest.mark.parametrize(
    "table", [standing(terms=2), standing(asked=5), standing(level=None), standing().drop_columns(["since"])]
)
def test_rows_that_are_no_standings_are_refused_and_nothing_is_written(tmp_path, table):
    with pytest.raises(StillwatchError, match="no standings"):
        publish_standings(tmp_path / "s", table, TERMS, 1)
    assert not list(tmp_path.iterdir())


def test_a_table_of_another_kind_is_refused(tmp_path):
    publish_standings(tmp_path / "s", standing(), TERMS, 1)
    publish(tmp_path / "v", rows([("a", verdict())]), 1)
    with pytest.raises(UnreadableInput, match="no table of verdicts"):
        VerdictTable.open(tmp_path / "s")
    with pytest.raises(UnreadableInput, match="no table of standings"):
        StandingTable.open(tmp_path / "v")


def test_what_holds_follows_from_the_time(tmp_path):
    publish_standings(tmp_path / "s", standing(), TERMS, 1)
    found = StandingTable.open(tmp_path / "s").lookup("a")
    assert (found.limit(9), found.limit(10)) == (Limit("observe"), Limit("step_up", {"level": 2}))
    assert (found.overdue(9), found.overdue(10)) == (False, True)
    publish_standings(tmp_path / "s", standing(level=2), TERMS, 1)
    assert StandingTable.open(tmp_path / "s").lookup("a").limit(10) is None
