"""Challenges: all accounts of a campaign at once, a few by lot, newcomers as they come, read once at the deadline."""

import pyarrow as pa
from composed_levels import CHALLENGE, DAY, HOUR, KEY, NO_ASKS, NOW, facts, policy, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.levels.board import Board, Seen
from stillwatch.access.levels.control import draw
from stillwatch.features.key import SketchKey

RULES = policy(NO_ASKS, CHALLENGE).challenge
MANY = 4_000
CLUSTER = [f"a-{number}" for number in range(40)]


def seen(own=CLUSTER, known=None, excused=(), **more):
    return Seen(
        facts=facts(MANY) if known is None else known,
        verdicts=verdicts(own, **more),
        excused=frozenset(excused),
    )


def asked(board, name="challenge-c"):
    return board.challenges[name].asked


def test_all_accounts_of_a_campaign_are_asked_at_once_and_a_few_others():
    board = Board()
    turn = board.turn(RULES, seen(), KEY, NOW)
    assert turn.opened == ["challenge-c"]
    challenge = board.challenges["challenge-c"]
    assert {one.account_id for one in challenge.cluster} == set(CLUSTER)
    assert {one.since for one in asked(board).values()} == {NOW}
    assert {one.deadline for one in asked(board).values()} == {NOW + 3 * DAY}
    assert len(challenge.controls) == 3
    assert not {one.account_id for one in challenge.controls} & set(CLUSTER)
    assert board.turn(RULES, seen(), KEY, NOW + HOUR).empty


def test_a_campaign_that_is_only_suspected_is_not_asked_but_its_newcomers_are_once_it_was_called():
    board = Board()
    assert board.turn(RULES, seen(state="suspected"), KEY, NOW).empty
    board.turn(RULES, seen(), KEY, NOW)
    both = Seen(
        facts=facts(MANY),
        verdicts=pa.concat_tables([verdicts(CLUSTER), verdicts(["a-77"], state="suspected")]),
    )
    turn = board.turn(RULES, both, KEY, NOW + HOUR)
    assert turn.joined == {"challenge-c": ["a-77"]}
    late = asked(board)["a-77"]
    assert (late.first, late.control, late.deadline) == (False, False, NOW + HOUR + 3 * DAY)


def test_kin_of_a_campaign_are_asked_with_it_and_their_answers_are_not_weighed():
    board = Board()
    rows = pa.concat_tables([verdicts(CLUSTER), verdicts(["a-77", "a-78"], state="suspected")])
    board.turn(RULES, Seen(facts=facts(MANY), verdicts=rows), KEY, NOW)
    assert (asked(board)["a-77"].since, asked(board)["a-77"].first, asked(board)["a-0"].first) == (
        NOW,
        False,
        True,
    )
    board.turn(RULES, Seen(facts=facts(MANY), verdicts=rows), KEY, NOW + 3 * DAY)
    assert board.challenges["challenge-c"].weight.cluster == len(CLUSTER)


def test_who_has_proved_the_level_or_is_unlikely_or_excused_is_not_asked():
    level = [2 if number < 5 else None for number in range(MANY)]
    board = Board()
    board.turn(RULES, seen(known=facts(MANY, level=level), excused=["a-6"]), KEY, NOW)
    assert {one.account_id for one in board.challenges["challenge-c"].cluster} == set(CLUSTER[5:]) - {"a-6"}
    assert Board().turn(RULES, seen(probability=0.5), KEY, NOW).empty


def test_answers_are_noted_and_the_challenge_is_weighed_at_its_deadline_once():
    board = Board()
    board.turn(RULES, seen(), KEY, NOW)
    controls = {one.account_id for one in board.challenges["challenge-c"].controls}
    level = [2 if f"a-{n}" in {"a-1", *controls} else None for n in range(MANY)]
    refused = [NOW + HOUR if n == 2 else None for n in range(MANY)]
    known = facts(MANY, level=level, refused_at=refused)
    turn = board.turn(RULES, seen(known=known), KEY, NOW + DAY)
    assert set(turn.answered["challenge-c"]) == {"a-1", "a-2", *controls}
    assert not turn.weighed
    turn = board.turn(RULES, seen(known=known), KEY, NOW + 3 * DAY)
    assert turn.weighed == ["challenge-c"]
    weight = board.challenges["challenge-c"].weight
    assert (weight.cluster_passed, weight.cluster, weight.control_passed) == (1, 40, 3)
    assert weight.log_e_value > 2
    assert asked(board)["a-2"].answer == "failed"
    assert asked(board)["a-3"].answer == "silent"
    assert board.turn(RULES, seen(known=known), KEY, NOW + 9 * DAY).empty


def test_a_proof_after_the_deadline_is_one_and_the_weight_stays():
    board = Board()
    board.turn(RULES, seen(), KEY, NOW)
    board.turn(RULES, seen(), KEY, NOW + 3 * DAY)
    before = board.challenges["challenge-c"].weight
    turn = board.turn(RULES, seen(known=facts(MANY, level=2)), KEY, NOW + 4 * DAY)
    assert len(turn.answered["challenge-c"]) == 43
    assert asked(board)["a-3"].answer == "passed"
    assert board.challenges["challenge-c"].weight == before


def test_control_groups_of_all_challenges_together_stay_within_the_share():
    board = Board()
    for number in range(6):
        own = [f"a-{n}" for n in range(100 * number, 100 * number + 40)]
        board.turn(RULES, seen(own, campaign=f"c-{number}"), KEY, NOW + number)
    drawn = sum(len(one.controls) for one in board.challenges.values())
    assert drawn == 3  # a thousandth of 3,960


def test_an_account_is_asked_in_one_challenge_only():
    board = Board()
    board.turn(RULES, seen(), KEY, NOW)
    board.turn(RULES, seen(["a-0", "a-900"], campaign="other"), KEY, NOW + 1)
    assert [one.account_id for one in board.challenges["challenge-other"].cluster] == ["a-900"]


NONE = pa.array([], pa.string())


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 30), size=st.integers(0, 60), name=st.text(max_size=5))
def test_a_lot_is_the_same_for_the_same_key_and_challenge_and_never_of_the_cluster(count, size, name):
    known = facts(120)
    own = {f"a-{number}" for number in range(size)}
    outside = pa.array(sorted(own), pa.string())
    drawn = draw(known, own, outside, count, name, KEY, NOW)
    assert len(drawn) == min(count, 120 - size)
    assert not own & set(drawn)
    assert drawn == draw(known, own, outside, count, name, KEY, NOW)


def test_another_key_or_challenge_draws_others():
    known = facts(2_000)
    draws = [
        draw(known, {"a-0"}, NONE, 20, name, key, NOW)
        for name, key in (("x", KEY), ("y", KEY), ("x", SketchKey(b"o" * 32)))
    ]
    assert len({tuple(one) for one in draws}) == 3


def test_the_lot_is_drawn_among_those_like_the_cluster_in_age_and_volume():
    young = [NOW - (2 * DAY if number % 10 == 0 else 200 * DAY) for number in range(1_000)]
    known = facts(1_000, created_at=young)
    own = {f"a-{number}" for number in range(0, 400, 10)}
    drawn = draw(known, own, pa.array(sorted(own), pa.string()), 10, "x", KEY, NOW)
    assert all(int(name[2:]) % 10 == 0 for name in drawn)


def test_accounts_that_make_no_calls_are_not_drawn():
    seen_at = [NOW - (30 * DAY if number % 2 else HOUR) for number in range(100)]
    drawn = draw(facts(100, last_seen=seen_at), {"a-0"}, NONE, 30, "x", KEY, NOW)
    assert drawn
    assert all(int(name[2:]) % 2 == 0 for name in drawn)
    assert not draw(facts(0), set(), NONE, 5, "x", KEY, NOW)
