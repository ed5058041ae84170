"""The benches of marks, on a school of few words: what they measure, and what they hold to a floor."""

from importlib.util import find_spec

import pytest

from stillwatch.lab.benches import cohorts, radioactivity, radioactivity_counting
from stillwatch.lab.benches.radioactivity_tables import tokens_until
from stillwatch.lab.students import corpus
from stillwatch.lab.students.school import open_school
from stillwatch.records import InvalidConfiguration


def small_school(size):
    files = [path for path in corpus.modules(()) if path.parent.name in {"json", "logging"}]
    return lambda _files, order: open_school(files, size=size, order=order)


def test_guilty_cohorts_are_named_and_no_other(monkeypatch):
    monkeypatch.setattr(cohorts, "open_school", small_school(300))
    monkeypatch.setattr(cohorts, "quick_files", list)
    monkeypatch.setattr(cohorts, "QUICK_HAUL", 500_000)
    monkeypatch.setattr(cohorts, "SETTINGS", ((0.15, cohorts.Scheme()),))
    report = cohorts.measure(1, 1, lambda _: None, quick=True)
    assert report.holds
    numbers = report.figures["share 15%, delta 1, identity 0.5"]
    assert numbers["runs_with_all_named"] == 1
    assert numbers["family_wise_error"] == 0
    assert numbers["family_wise_error_at_most"] == pytest.approx(0.95)  # of one run little is known
    assert numbers["weakest_guilty"] < -3 < numbers["nearest_innocent"]


def test_the_open_test_sees_what_counting_does_not(monkeypatch):
    for name, smaller in (
        ("open_school", small_school(120)),
        ("quick_files", list),
        ("SAMPLED", 30_000),
        ("FALSE_PAIRS", 1_000),
        ("DECOYS", 9),
        ("QUICK_HAULS", (100_000,)),
    ):
        monkeypatch.setattr(radioactivity_counting, name, smaller)
    report = radioactivity.measure(["counting"], [1], lambda _: None, quick=True)
    assert not [one for one in report.floors if not one.holds and not one.name.startswith("divergence")]
    figures = report.figures["counting"]
    whole = next(one for one in figures["power"] if one["share"] == 1.0)
    assert whole["bound"] < -50
    nothing = next(one for one in figures["power"] if one["share"] == 0.0)
    assert nothing["bound"] > -3
    assert figures["false_positives"]["keys"] == radioactivity_counting.QUICK_KEYS


def test_tokens_are_read_off_a_curve_that_only_falls():
    hauls = [10, 100, 1_000, 10_000]
    assert tokens_until(hauls, [0, -1, -5, -9], -3) == pytest.approx(100 * 10**0.5)
    assert tokens_until(hauls, [0, -4, -2, -9], -2.9) == pytest.approx(10 * 10 ** (2.9 / 3))
    assert tokens_until(hauls, [-4, -5, -6, -9], -3) == 10
    assert tokens_until(hauls, [0, 0, -1, -2], -3) is None


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_a_student_that_needs_torch_says_how_to_get_it():
    assert radioactivity.available() == ["counting"]
    with pytest.raises(InvalidConfiguration, match=r"stillwatch\[lab\]"):
        radioactivity.measure(["transformer"], [1], lambda _: None, quick=True)
