"""Standings: who is asked what, deadlines that stay, and what verdicts take from challenges."""

import numpy as np
import pytest
from composed_levels import ASKS, CHALLENGE, DAY, HOUR, KEY, NO_ASKS, NOW, SIGNUP, facts, policy, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.levels.asking import asks
from stillwatch.access.levels.board import Board, Seen
from stillwatch.access.levels.lint import cells
from stillwatch.access.levels.standings import standings
from stillwatch.access.levels.taken_up import taken_up
from stillwatch.records import STANDINGS, Limit

RULES = policy(ASKS, SIGNUP, CHALLENGE)
NOTHING = STANDINGS.empty_table()


def told(seen, *, board=None, before=NOTHING, now=NOW, by=RULES):
    """Standings by account, each with its terms."""
    found = standings(by, board or Board(), seen, before, KEY, now)
    rows = found.rows.to_pylist()
    return {row["account_id"]: row | {"said": found.terms[row["terms"]]} for row in rows}, found.rows


def test_bands_decide_what_is_asked():
    known = facts(
        5,
        region_outside=[0.95, 0.2, None, None, None],
        model=["x", "atlas-2", "atlas-2", "x", "x"],
        exchanges=[5, 500, 5, 500, 5],
        level=[1, 0, 0, 0, 2],
    )
    found, _ = told(Seen(facts=known, verdicts=verdicts(["a-3", "a-4"])))
    assert {name: (row["asked"], row["said"].rule_id) for name, row in found.items()} == {
        "a-0": (3, "outside"),
        "a-1": (2, "big"),
        "a-3": (2, "likely"),
        "a-4": (2, "likely"),
    }
    assert found["a-0"]["level"] == 1
    assert found["a-0"]["deadline"] == NOW + DAY


def test_a_deadline_stays_until_another_level_is_asked():
    first, rows = told(Seen(facts=facts(1, region_outside=0.95), verdicts=verdicts([])))
    again, rows = told(
        Seen(facts=facts(1, region_outside=0.99), verdicts=verdicts([])), before=rows, now=NOW + 5 * HOUR
    )
    assert again["a-0"]["deadline"] == first["a-0"]["deadline"]
    assert again["a-0"]["id"] == first["a-0"]["id"]
    lower, _ = told(
        Seen(facts=facts(1, model="atlas-1", exchanges=500), verdicts=verdicts([])),
        before=rows,
        now=NOW + 6 * HOUR,
    )
    assert lower["a-0"]["since"] == NOW + 6 * HOUR
    assert lower["a-0"]["id"] != first["a-0"]["id"]


def test_sign_up_checks_ask_on_the_terms_of_the_policy_where_they_suggest_more():
    known = facts(3, suggested_level=[3, 1, None], region_outside=[None, 0.95, None])
    found, _ = told(Seen(facts=known, verdicts=verdicts([])))
    assert found["a-0"]["asked"] == 3
    assert found["a-0"]["said"].after == Limit("step_up", {"level": 3})
    assert found["a-1"]["said"].rule_id == "outside"
    assert "a-2" not in found


def test_a_challenge_asks_and_controls_stand_to_their_deadline_only():
    by = policy(NO_ASKS, CHALLENGE)
    seen = Seen(facts=facts(3_000), verdicts=verdicts([f"a-{number}" for number in range(30)]))
    board = Board()
    board.turn(by.challenge, seen, KEY, NOW)
    found, _ = told(seen, board=board, by=by)
    controls = [name for name, row in found.items() if row["control"]]
    assert (len(found), len(controls)) == (32, 2)
    assert {row["challenge_id"] for row in found.values()} == {"challenge-c"}
    assert all(row["said"] == by.challenge.terms for row in found.values())
    board.turn(by.challenge, seen, KEY, NOW + 4 * DAY)
    later, _ = told(seen, board=board, by=by, now=NOW + 4 * DAY)
    assert set(found) - set(later) == set(controls)


def test_the_highest_level_counts():
    seen = Seen(facts=facts(1_000, region_outside=[0.95] + [None] * 999), verdicts=verdicts(["a-0", "a-1"]))
    board = Board()
    board.turn(RULES.challenge, seen, KEY, NOW)
    found, _ = told(seen, board=board)
    assert (found["a-0"]["asked"], found["a-0"]["said"].rule_id) == (3, "outside")
    assert found["a-0"]["challenge_id"] == "challenge-c"
    assert found["a-1"]["said"].rule_id == "challenge"


def test_whom_a_person_let_off_is_asked_nothing():
    seen = Seen(facts=facts(2, region_outside=0.95), verdicts=verdicts([]), excused=frozenset({"a-0"}))
    found, _ = told(seen)
    assert (found["a-0"]["asked"], found["a-1"]["asked"]) == (0, 3)
    assert found["a-0"]["deadline"] is None


BAND = st.sampled_from
ROWS = st.lists(
    st.tuples(
        BAND([None, "atlas-1", "x"]),
        st.integers(0, 300),
        BAND([None, "open", "suspected"]),
        BAND([0.5, 0.95]),
        BAND([None, 0.1, 0.95]),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_each_account_is_asked_by_the_first_ask_that_meets_its_bands(rows):
    model, volume, state, probability, region = map(list, zip(*rows, strict=True))
    known = facts(len(rows), model=model, exchanges=volume, region_outside=region)
    held = [number for number, one in enumerate(state) if one is not None]
    table = verdicts([f"a-{number}" for number in held])
    table = table.set_column(2, "state", [[state[number] for number in held]]) if held else table
    table = table.set_column(3, "probability", [[probability[number] for number in held]]) if held else table
    found = asks(RULES, known, table)
    for number in range(len(rows)):
        cell = (
            "frontier" if (model[number] or "").startswith("atlas") else "standard",
            "high" if volume[number] >= 100 else "low",
            "likely" if state[number] == "open" and probability[number] >= 0.9 else "none",
            "outside" if (region[number] or 0) >= 0.9 else "inside",
        )
        assert cell in set(cells(RULES))
        ask = RULES.first(cell)
        assert (None if found[number] < 0 else RULES.asks[found[number]]) == ask


def test_verdicts_take_up_what_a_challenge_showed():
    names = [f"a-{number}" for number in range(40)]
    board = Board()
    board.turn(RULES.challenge, Seen(facts=facts(4_000), verdicts=verdicts(names)), KEY, NOW)
    plain = verdicts([*names, "b-0"], probability=0.95)
    assert taken_up(plain, board.challenges.values()).equals(plain)
    controls = {one.account_id for one in board.challenges["challenge-c"].controls}
    level = [2 if f"a-{n}" in {"a-0", *controls} else None for n in range(4_000)]
    board.turn(
        RULES.challenge, Seen(facts=facts(4_000, level=level), verdicts=verdicts(names)), KEY, NOW + 3 * DAY
    )
    weight = board.challenges["challenge-c"].weight
    moved = dict(
        zip(
            *(
                taken_up(plain, board.challenges.values())[name].to_pylist()
                for name in ("account_id", "probability")
            ),
            strict=True,
        )
    )
    odds = {name: np.log(one / (1 - one)) for name, one in moved.items()}
    before = np.log(0.95 / 0.05)
    assert odds["a-0"] == pytest.approx(before + weight.passing)
    assert odds["a-1"] == pytest.approx(before + weight.scattering)
    assert moved["b-0"] == 0.95
    assert weight.passing < 0 < weight.scattering
    gained = taken_up(plain, board.challenges.values())["log_e_value"].to_pylist()
    assert gained[0] == pytest.approx(9.0 + weight.log_e_value)
    confirmed = verdicts(names, state="confirmed", probability=0.95)
    assert taken_up(confirmed, board.challenges.values())["probability"].to_pylist() == [0.95] * 40
