"""`stillwatch codescan`: what it prints and how it leaves."""

import json

import pytest

from stillwatch.cli import main

WEAK = 'from flask import request\n\n\ndef start():\n    eval(request.args["q"])\n'


@pytest.fixture
def code(tmp_path):
    root = tmp_path / "code"
    root.mkdir()
    (root / "app.py").write_text(WEAK)
    return root


def leave(*words):
    with pytest.raises(SystemExit) as left:
        main(["codescan", *map(str, words)])
    return left.value.code


def test_findings_leave_with_1_and_tell_the_flow(code, capsys):
    assert leave(code) == 1
    out = capsys.readouterr().out
    assert "app.py:5" in out
    assert "code-injection, CWE-94" in out
    assert "query 'q' comes in" in out
    assert "1 of 1 files analysed" in out


def test_the_command_has_a_name_too(code):
    assert leave("scan", code) == 1


def test_nothing_found_leaves_with_0_and_something_skipped_with_3(code, capsys):
    (code / "app.py").write_text("x = 1\n")
    assert leave(code) == 0
    (code / "binary.py").write_bytes(b"\0")
    assert leave(code) == 3
    assert "not analysed: binary.py: binary: it holds NUL bytes" in capsys.readouterr().out


def test_what_is_below_the_threshold_does_not_fail(code):
    assert leave(code, "--fail-on", "1.0") == 0


def test_a_baseline_keeps_what_is_old_quiet(code, tmp_path):
    known = tmp_path / "known.json"
    assert leave(code, "--write-baseline", known) == 1
    assert leave(code, "--baseline", known) == 0
    known.write_text("[]")
    assert leave(code, "--baseline", known) == 4


def test_wrong_words_are_said(code, tmp_path, capsys):
    assert leave(code, "--format", "xml") == 2
    assert leave(tmp_path / "nowhere") == 3
    assert leave(code, "--since", "HEAD") == 2
    assert "no such format: xml" in capsys.readouterr().err


def test_a_format_goes_to_a_file(code, tmp_path):
    out = tmp_path / "found.sarif"
    leave(code, "--format", "sarif", "--out", out)
    assert json.loads(out.read_text())["version"] == "2.1.0"


def test_what_cannot_be_written_is_said(code, tmp_path, capsys):
    assert leave(code, "--format", "sarif", "--out", tmp_path / "no" / "found.sarif") == 2
    assert leave(code, "--write-baseline", tmp_path / "no" / "known.json") == 2
    assert "cannot be written" in capsys.readouterr().err
