"""`stillwatch codescan`: what it prints and how it leaves."""

import json
import subprocess

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


def test_a_path_without_anything_to_analyse_is_an_error(tmp_path, capsys):
    empty = tmp_path / "empty"
    (empty / "venv").mkdir(parents=True)
    (empty / "venv" / "left_out.py").write_text("x = 1\n")
    for command in ((), ("scan",), ("review", "--keep", tmp_path / "kept")):
        assert leave(*command, empty) == 3
        said = capsys.readouterr()
        assert f"{empty}: holds no Python file to analyse" in said.err
        assert "files analysed" not in said.out
    assert not (tmp_path / "kept" / "review.html").exists()
    assert leave(empty, "--write-baseline", tmp_path / "known.json") == 3
    assert not (tmp_path / "known.json").exists()


def test_a_folder_in_which_only_secrets_are_found_is_analysed(tmp_path, capsys):
    (tmp_path / "deploy.env").write_text(
        "AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI" + "K7MDENGbPxRfiCYzq9Tq3LmVw0a\n"
    )
    assert leave(tmp_path) in {0, 1}
    assert "1 findings" in capsys.readouterr().out


def test_a_folder_whose_dependencies_were_asked_about_is_analysed(tmp_path):
    code, advisories = tmp_path / "code", tmp_path / "advisories"
    for folder in (code, advisories):
        folder.mkdir()
    (advisories / "one.json").write_text(
        '{"id": "A-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "other"}, "versions": ["1.0"]}]}'
    )
    assert leave(code, "--osv", advisories) == 3
    (code / "requirements.txt").write_text("flask==3.0.0\n")
    assert leave(code, "--osv", advisories) == 0
    assert leave(code) == 3


def test_a_scan_in_which_nothing_changed_leaves_with_0(code):
    git = ["git", "-C", str(code), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "all"], check=True)
    assert leave(code, "--since", "HEAD") == 0


def test_what_is_missing_is_said(capsys):
    for words in ((), ("scan",), ("review",)):
        assert leave(*words) == 2
        said = capsys.readouterr()
        assert "path" in said.err
        assert "stillwatch: \n" not in said.err


def test_a_missing_command_is_said(capsys):
    with pytest.raises(SystemExit) as left:
        main(["cases"])
    assert left.value.code == 2
    assert "stillwatch: a command is missing\n" in capsys.readouterr().err


def test_the_help_leads_to_the_options_and_gives_examples(capsys):
    assert leave("--help") == 0
    out = " ".join(capsys.readouterr().out.split())
    for words in ("stillwatch codescan scan --help", "--format", "--baseline", "--since", "--fail-on"):
        assert words in out
    assert out.count("$ stillwatch codescan ") == 3
