from collections import Counter

import pytest

from stillwatch.codescan.measure.compose import Composed, compose
from stillwatch.codescan.measure.running.observe import observe
from stillwatch.codescan.measure.suite import Suite, read


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    return compose(tmp_path_factory.mktemp("composed"), 1, 4)


def test_it_is_a_suite(composed):
    assert read(composed.suite.root) == composed.suite


def test_every_category_has_both_answers(composed):
    counts = Counter((case.category, case.vulnerable) for case in composed.suite.cases)
    assert len({category for category, _ in counts}) == 13
    assert min(counts.values()) >= 4


def test_the_same_seed_gives_the_same_suite(composed, tmp_path):
    again = compose(tmp_path / "again", 1, 4)
    texts = [suite.file(case).read_text() for suite in (composed.suite, again.suite) for case in suite.cases]
    half = len(texts) // 2
    assert texts[:half] == texts[half:]
    other = compose(tmp_path / "other", 2, 4)
    assert [case.name for case in other.suite.cases] != [case.name for case in again.suite.cases]


def test_cases_parse_whatever_the_shape(tmp_path):
    composed = compose(tmp_path, 3, 114)
    for case in composed.suite.cases[::5]:
        compile(composed.suite.file(case).read_text(), case.name, "exec")


def test_running_bears_out_every_label(composed, python):
    ran = observe(composed.suite, [case.name for case in composed.suite.cases], python)
    assert composed.contradictions(ran) == {}


def test_a_wrong_label_is_found_out(composed, python):
    wrong = next(case for case in composed.suite.cases if case.category == "sqli" and case.vulnerable)
    safe = next(case for case in composed.suite.cases if case.category == "sqli" and not case.vulnerable)
    kept = composed.suite.file(wrong).read_text()
    swapped = composed.suite.file(safe).read_text().replace(safe.name, wrong.name)
    composed.suite.file(wrong).write_text(swapped)
    try:
        ran = observe(composed.suite, [wrong.name], python)
    finally:
        composed.suite.file(wrong).write_text(kept)
    assert Composed(Suite(composed.suite.root, [wrong]), composed.weaknesses).contradictions(ran) == {
        wrong.name: "not shown"
    }
