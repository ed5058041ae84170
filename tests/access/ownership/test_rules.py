"""Rules on owners as data: dates, suspension, and what is wrong with a file is said with its line."""

from datetime import date

import pytest

from stillwatch.access.ownership import load
from stillwatch.records import InvalidConfiguration

GOOD = """\
version: 1
rules:
  - id: one
    name: a rule
    owners: listed
    threshold: 0.5
    compare: ">"
    reading: product
    aggregate: true
    source: a test
"""


def in_force(day):
    return [rule.id for rule in load() if rule.holds(day)]


def test_the_shipped_rules_hold_on_their_days():
    assert in_force(date(2014, 8, 12)) == []
    assert in_force(date(2025, 9, 3)) == ["listed-half"]
    assert in_force(date(2025, 9, 4)) == ["not-served-majority", "listed-half"]
    assert in_force(date(2025, 11, 9)) == ["not-served-majority", "listed-half", "affiliates-half"]
    assert in_force(date(2025, 11, 10)) == ["not-served-majority", "listed-half"]
    assert in_force(date(2026, 11, 9)) == ["not-served-majority", "listed-half"]
    assert in_force(date(2026, 11, 10)) == ["not-served-majority", "listed-half", "affiliates-half"]


def test_no_shipped_rule_names_a_country():
    majority = next(rule for rule in load() if rule.id == "not-served-majority")
    assert (majority.compare, majority.reading, majority.threshold) == (">", "product", 0.5)
    assert all(rule.owners in {"listed", "not_served"} for rule in load())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('compare: ">"', "compare: '='"), "r.yaml:7: "),
        (("threshold: 0.5", "threshold: 50"), "r.yaml:6: "),
        (("threshold: 0.5", "threshhold: 0.5"), "r.yaml:3: "),
        (("aggregate: true", "aggregate: true\n    from: 2026-02-02\n    until: 2026-01-01"), "is not after"),
        (("aggregate: true", "aggregate: true\n    from: yesterday"), "r.yaml:10: "),
        (("threshold: 0.5", "threshold: 1"), "nobody holds more than the whole"),
        (("version: 1", "version: 2"), "r.yaml:1: "),
        (("rules:", "rules: ["), "r.yaml: "),
        (("rules:", "rules: &a [*a]\nx:"), "r.yaml"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, change, said):
    path = tmp_path / "r.yaml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(InvalidConfiguration) as wrong:
        load(path)
    assert said in str(wrong.value)


def test_a_rule_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(GOOD + GOOD.split("rules:\n")[1])
    with pytest.raises(InvalidConfiguration, match="stands twice"):
        load(path)
    with pytest.raises(InvalidConfiguration):
        load(tmp_path / "none.yaml")
