import re

import pytest

from stillwatch.codescan.measure.compose import compose
from stillwatch.codescan.measure.mutate import mutated
from stillwatch.codescan.measure.mutate.compare import Renamed, difference
from stillwatch.codescan.measure.running.observe import Ran, Seen, observe
from stillwatch.codescan.measure.suite import Case, Suite, read, write_answers

SHARED = "TABLE = {'wanted': 'here'}\n\n\ndef first_of_many(texts):\n    return texts[0] if texts else ''\n"
CASE = """from flask import request
from shared.reading import first_of_many


def init(app):
    @app.route('/sqli-00/{name}', methods=['GET'])
    def {name}_get():
        return {name}_post()

    @app.route('/sqli-00/{name}', methods=['POST'])
    def {name}_post():
        import sqlite3
        param = first_of_many(request.form.getlist('{name}'))
        if not param:
            param = ''
        rows = {{}}
        rows['one'] = param
        rows['two'] = 'constant'
        num = 86
        bar = rows['{key}'] if 7 * 42 - num > 200 else ''
        answer = ''
        answer += str(sqlite3.connect(':memory:').execute("SELECT '" + bar + "'").fetchall())
        return answer
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    root = tmp_path_factory.mktemp("suite")
    cases = [Case(f"Example{number:05}", "sqli", number % 2 == 0, 89) for number in range(6)]
    made = Suite(root, cases)
    (root / "testcode").mkdir()
    (root / "shared").mkdir()
    (root / "shared" / "reading.py").write_text(SHARED)
    for case in cases:
        made.file(case).write_text(CASE.format(name=case.name, key="one" if case.vulnerable else "two"))
    write_answers(made)
    return made


@pytest.fixture(scope="module")
def copy(suite, python, tmp_path_factory):
    return mutated(suite, tmp_path_factory.mktemp("copy"), 1, python, lambda _line: None)


def test_all_mutants_behave_like_their_originals(suite, copy):
    assert copy.dropped == {}
    originals = {case.name: case for case in suite.cases}
    for case in copy.suite.cases:
        assert case.vulnerable == originals[copy.originals[case.name]].vulnerable


def test_the_copy_is_a_suite(copy):
    assert len(copy.suite.cases) == 6
    answers = read_in(copy)
    assert answers == copy.suite.cases


def read_in(copy):
    (copy.suite.root / "testcode").symlink_to(copy.suite.root / copy.suite.folder)
    return read(copy.suite.root).cases


def test_no_name_of_the_original_is_left(copy):
    for case in copy.suite.cases:
        words = set(re.findall(r"\w+", copy.suite.file(case).read_text()))
        assert not words & {"param", "bar", "num", "rows", "shared", "reading", "first_of_many"}
        assert "Example" not in copy.suite.file(case).read_text()


def test_handlers_still_find_each_other(copy):
    for case in copy.suite.cases:
        names = re.findall(r"def (\w+)\(\):\n\s+return (\w+)\(\)", copy.suite.file(case).read_text())
        assert names
        assert all(f"def {called}(" in copy.suite.file(case).read_text() for _, called in names)


def test_the_same_seed_gives_the_same_copy(suite, copy, python, tmp_path):
    few = Suite(suite.root, suite.cases[:2])
    again = mutated(few, tmp_path / "again", 1, python, lambda _line: None)
    other = mutated(few, tmp_path / "other", 2, python, lambda _line: None)
    texts = [
        [made.suite.file(case).read_text() for case in made.suite.cases[:2]] for made in (copy, again, other)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_what_does_not_run_is_dropped_and_named(suite, python, tmp_path):
    broken = Suite(tmp_path / "broken", [suite.cases[0], Case("Broken00001", "sqli", True, 89)])
    (broken.root / "testcode").mkdir(parents=True)
    (broken.root / "shared").mkdir()
    (broken.root / "shared" / "reading.py").write_text(SHARED)
    broken.file(broken.cases[0]).write_text(suite.file(suite.cases[0]).read_text())
    broken.file(broken.cases[1]).write_text("def init(app):\n    raise RuntimeError('not today')\n")
    copy = mutated(broken, tmp_path / "copy", 1, python, lambda _line: None)
    assert copy.dropped == {"Broken00001": "the original does not run: RuntimeError: not today"}
    assert len(copy.suite.cases) == 1


def test_our_own_suite_mutates_too(python, tmp_path):
    whole = compose(tmp_path / "ours", 2, 1).suite
    ours = Suite(whole.root, whole.cases[::3])
    copy = mutated(ours, tmp_path / "copy", 3, python, lambda _line: None)
    assert len(copy.suite.cases) >= 0.9 * len(ours.cases)
    flags = {case.name: case.vulnerable for case in ours.cases}
    assert all(case.vulnerable == flags[copy.originals[case.name]] for case in copy.suite.cases)


def test_another_value_at_the_sink_is_a_difference(suite, python):
    first, second = suite.cases[0], suite.cases[1]
    ran = observe(suite, [first.name, second.name], python)
    renamed = Renamed([(second.name, first.name)])
    assert difference(ran[first.name], ran[first.name], Renamed([])) is None
    assert difference(ran[first.name], ran[second.name], renamed) is not None


def test_addresses_in_memory_make_no_difference():
    def seen(text):
        return Ran("one", None, [Seen(200, "text/html", None, [], [], text, [])])

    assert (
        difference(seen("<object at 0x7f00deadbeef>"), seen("<object at 0x7f00beefdead>"), Renamed([]))
        is None
    )
    assert difference(seen("one"), seen("two"), Renamed([])) is not None
