import pytest
from handmade import START, exchange, write_log, write_said, write_truth
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.lab.answers import Reported, read_truth
from stillwatch.lab.scoring import match, score, total_variation, wilson
from stillwatch.records import UnreadableInput

CODING = {"coding": 1.0}
NINE_TENTHS = {"coding": 0.9, "general": 0.1}


def names(prefix, count):
    return [f"{prefix}{number}" for number in range(count)]


@pytest.fixture
def world(tmp_path):
    """Two operators of ten accounts, a class of ten, 30 people; one exchange an hour from each account."""
    log = tmp_path / "log"
    operator_of = dict.fromkeys(names("a", 10), "farm-a") | dict.fromkeys(names("b", 10), "farm-b")
    people = dict.fromkeys(names("p", 30), ("people", None, False))
    pupils = dict.fromkeys(names("c", 10), ("class", None, True))
    accounts = (
        {name: (None, operator, False) for name, operator in operator_of.items()}
        | {"a-standby": (None, "farm-a", False)}
        | people
        | pupils
    )
    active = [name for name in accounts if name != "a-standby"]
    write_log(log, [exchange(f"{name}-{hour}", name, hour=hour) for name in active for hour in range(10)])
    write_truth(
        log,
        operators={"farm-a": CODING, "farm-b": NINE_TENTHS},
        accounts=accounts,
        exchanges={f"ex-{name}-{hour}": operator_of.get(name) for name in active for hour in range(10)},
    )
    return log


def test_found_operators_are_measured_in_accounts_exchanges_and_haul(world, tmp_path):
    flags = [(f"ex-{name}-{hour}", "C1") for name in names("a", 9) for hour in range(10)]
    write_said(
        tmp_path / "out",
        campaigns={"C1": (names("a", 9), 2, {"coding": 0.8, "tool_use": 0.2})},
        flags=[*flags, ("ex-p0-0", "C1"), *flags[:1]],
    )
    first, second = score(world, tmp_path / "out").operators
    assert first.found_as_one
    assert first.active_accounts == 10  # the standby account sent nothing
    assert first.account_recall == 0.9
    assert first.top_capability_right
    assert first.total_variation == pytest.approx(0.2)
    assert first.exchange_precision == pytest.approx(90 / 91)
    assert first.exchange_recall == pytest.approx(0.9)
    assert first.haul_exchanges == pytest.approx(0.2)  # hours 0 and 1 of ten
    assert first.haul_tokens == pytest.approx(0.2)
    assert not second.found
    assert second.account_recall is None


def test_a_wrong_top_capability_is_seen(world, tmp_path):
    write_said(tmp_path / "out", campaigns={"C1": (names("b", 10), 0, {"general": 0.6, "coding": 0.4})})
    operator = score(world, tmp_path / "out").operators[1]
    assert operator.found
    assert not operator.top_capability_right
    assert operator.total_variation == pytest.approx(0.5)


def test_a_campaign_over_two_operators_is_merged_and_matches_one(world, tmp_path):
    write_said(tmp_path / "out", campaigns={"C1": (names("a", 10) + names("b", 2), 0, CODING)})
    scored = score(world, tmp_path / "out")
    assert scored.merged_campaigns == ["C1"]
    first, second = scored.operators
    assert first.found
    assert first.merged
    assert not first.found_as_one
    assert not second.found


def test_an_operator_in_two_campaigns_is_split(world, tmp_path):
    write_said(
        tmp_path / "out",
        campaigns={"C1": (names("a", 8), 0, CODING), "C2": (names("a", 10)[8:], 0, CODING)},
    )
    scored = score(world, tmp_path / "out")
    first = scored.operators[0]
    assert first.campaign_id == "C1"
    assert first.split
    assert not first.found_as_one
    assert scored.false_campaigns == []


def test_a_campaign_of_innocents_is_false_and_its_cohort_reported(world, tmp_path):
    write_said(tmp_path / "out", campaigns={"C1": (names("c", 6) + names("p", 1), 0, CODING)})
    scored = score(world, tmp_path / "out")
    assert scored.false_campaigns == ["C1"]
    assert scored.cohorts_reported == ["class"]
    assert scored.benign_flagged == 7
    assert scored.benign_accounts == 40
    assert not any(operator.found for operator in scored.operators)


def test_a_cohort_is_reported_by_either_rule(world, tmp_path):
    write_said(tmp_path / "few", campaigns={"C1": (names("a", 10) + names("c", 1), 0, CODING)})
    write_said(tmp_path / "fifth", campaigns={"C1": (names("a", 10) + names("c", 2), 0, CODING)})
    write_said(tmp_path / "third", campaigns={"C1": (["a0", "a1", "c0"], 0, CODING)})
    assert score(world, tmp_path / "few").cohorts_reported == []
    assert score(world, tmp_path / "fifth").cohorts_reported == ["class"]
    assert score(world, tmp_path / "third").cohorts_reported == ["class"]


def test_ordinary_people_flagged_count_but_are_no_reported_cohort(world, tmp_path):
    write_said(tmp_path / "out", campaigns={"C1": (names("a", 10) + names("p", 9), 0, CODING)})
    scored = score(world, tmp_path / "out")
    assert scored.benign_flagged == 9
    assert scored.cohorts_reported == []
    assert scored.operators[0].found


def test_nothing_said_is_nothing_found_and_nothing_false(world, tmp_path):
    write_said(tmp_path / "out", campaigns={})
    scored = score(world, tmp_path / "out")
    assert scored.campaigns == 0
    assert scored.false_campaigns == []
    assert scored.benign_flagged == 0
    assert not any(operator.found for operator in scored.operators)


def test_a_campaign_without_members_is_false(world, tmp_path):
    write_said(tmp_path / "out", campaigns={"C1": ([], 0, CODING)})
    assert score(world, tmp_path / "out").false_campaigns == ["C1"]


def test_matching_is_one_to_one_with_the_most_accounts():
    held = {"C1": {"a": 10}, "C2": {"a": 6, "b": 6}, "C3": {"b": 5}}
    assert match(held, {"a": 10, "b": 10}, {"C1": 10, "C2": 12, "C3": 5}) == {"a": "C1", "b": "C2"}


def test_a_campaign_too_impure_or_too_small_finds_nobody():
    assert match({"C1": {"a": 9}}, {"a": 10}, {"C1": 20}) == {}
    assert match({"C1": {"a": 4}}, {"a": 10}, {"C1": 4}) == {}


def test_times_of_detection_as_text_and_as_microseconds_agree():
    text = Reported("C", "2026-02-25T06:13:20Z", [])
    assert text.detected_micros == Reported("C", START, []).detected_micros


def test_a_log_without_truth_is_unreadable(tmp_path):
    with pytest.raises(UnreadableInput):
        read_truth(tmp_path)


def test_wilson_interval_of_none_in_a_hundred():
    low, high = wilson(0, 100)
    assert low == 0
    assert high == pytest.approx(0.0370, abs=1e-4)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_interval_holds_the_share(counted):
    hits, of = counted
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-12
    assert hits / of - 1e-12 <= high <= 1


@given(st.dictionaries(st.sampled_from("abc"), st.floats(0.1, 1), min_size=1))
def test_total_variation_of_equal_shares_is_zero(shares):
    assert total_variation(shares, shares) == 0
    assert total_variation(shares, {}) == pytest.approx(sum(shares.values()) / 2)
