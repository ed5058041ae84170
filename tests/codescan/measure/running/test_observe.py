import os
import sys
from pathlib import Path

import pytest

from stillwatch.codescan.measure.errors import CannotRun
from stillwatch.codescan.measure.running.observe import Interpreter, observe
from stillwatch.codescan.measure.suite import Case, Suite


def suite(root, **bodies):
    (root / "testcode").mkdir()
    cases = [Case(name, "cmdi", True, 78) for name in sorted(bodies)]
    made = Suite(root, cases)
    for name, body in bodies.items():
        lines = "".join(f"        {line}\n" for line in body.splitlines())
        made.file(Case(name, "cmdi", True, 78)).write_text(
            f"from flask import request\n\n\ndef init(app):\n    @app.post('/{name}')\n    def handler():\n{lines}"
        )
    return made


def ran(tmp_path, python, **bodies):
    made = suite(tmp_path, **bodies)
    return observe(made, [case.name for case in made.cases], python)


def test_what_reaches_a_sink_is_seen_and_not_done(tmp_path, python):
    body = "import os\nos.system('touch ' + request.form.get('one', ''))\nreturn 'done'"
    seen = ran(tmp_path, python, one=body)["one"].seen
    assert ("os.system", "'touch x; touch canary7f3'") in seen[0].events
    assert seen[0].body == "done"
    assert [path.name for path in tmp_path.iterdir()] == ["testcode"]


def test_a_case_that_raises_loops_or_ends_does_not_keep_the_others_from_running(tmp_path, python):
    cases = ran(
        tmp_path,
        python,
        a_broken="return nothing_of_this_name",
        b_ending="import os\nos._exit(3)",
        c_fine="return 'fine'",
    )
    assert cases["a_broken"].seen[0].status == 500
    assert cases["b_ending"].error == "it ended the interpreter"
    assert cases["c_fine"].seen[0].body == "fine"


def test_a_case_that_cannot_be_loaded_says_why(tmp_path, python):
    made = suite(tmp_path, one="return ''", two="return 'fine'")
    made.file(made.cases[0]).write_text("import a_module_that_nobody_has\n")
    cases = observe(made, ["one", "two"], python)
    assert "a_module_that_nobody_has" in cases["one"].error
    assert cases["two"].error is None


def test_a_case_may_not_write_outside_its_folder(tmp_path, python):
    outside = tmp_path.parent / "written-by-a-case"
    body = f"open({str(outside)!r}, 'w').write('x')\nreturn 'written'"
    assert ran(tmp_path, python, one=body)["one"].seen[0].status == 500
    assert not outside.exists()


def test_chance_is_the_same_each_time(tmp_path, python):
    body = "import random, secrets\nreturn f'{random.random()} {secrets.token_hex(4)}'"
    bodies = {seen.body for seen in ran(tmp_path, python, one=body)["one"].seen}
    assert len(bodies) == 1


def test_each_way_in_brings_the_payload(tmp_path, python):
    body = (
        "given = [request.args, request.form, request.headers, request.cookies, request.get_json(silent=True) or {}]\n"
        "return '|'.join(one.get('one', '') for one in given)"
    )
    bodies = {seen.body for seen in ran(tmp_path, python, one=body)["one"].seen}
    assert "two words|two words|two words|two words|" in bodies
    assert any(text.startswith("||||") and text != "||||" for text in bodies)


def test_syntax_newer_than_the_interpreter_is_told(tmp_path, python):
    made = suite(tmp_path, one="return 'fine'")
    made.file(made.cases[0]).write_text("def init(app) of the future:\n")
    with pytest.raises(CannotRun, match="a syntax newer"):
        observe(made, ["one"], python)


def test_an_interpreter_without_the_imports_says_which_are_lacking(tmp_path):
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    with pytest.raises(CannotRun, match=r"has no flask, lxml, ldap3, elementpath, yaml; .* --python"):
        Interpreter.checked(bare)


def test_what_is_no_interpreter_is_told(tmp_path):
    with pytest.raises(CannotRun, match="No such file"):
        Interpreter.checked(tmp_path / "absent")
    with pytest.raises(CannotRun, match="no Python that runs"):
        Interpreter.checked(Path("/bin/false"))


def test_the_suite_is_left_as_it_was(tmp_path, python):
    made = suite(tmp_path, one="open('left-behind', 'w').close()\nreturn ''")
    before = sorted(os.walk(tmp_path))
    observe(made, ["one"], python)
    assert sorted(os.walk(tmp_path)) == before
