"""Scans of a change alone, as git tells it."""

import shutil
import subprocess

import pytest

from stillwatch.codescan.changes import NoHistory, changed_lines, touches
from stillwatch.codescan.scan import scan

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
OLD = 'from flask import request\n\n\ndef old():\n    eval(request.args["a"])\n'
NEW = OLD + '\n\ndef new():\n    eval(request.args["b"])\n'


@pytest.fixture
def repository(tmp_path):
    def git(*words):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "app.py").write_text(OLD)
    git("add", ".")
    git("commit", "-q", "-m", "old")
    (tmp_path / "app.py").write_text(NEW)
    return tmp_path


def test_only_what_touches_the_change_is_kept(repository):
    changed = changed_lines(repository, "HEAD")
    found = scan(repository).findings
    assert [finding.location.line for finding in found] == [5, 9]
    assert [finding.location.line for finding in found if touches(finding, changed)] == [9]


def test_what_git_cannot_tell_is_said(repository, tmp_path_factory):
    with pytest.raises(NoHistory, match="nonsense"):
        changed_lines(repository, "nonsense")
    with pytest.raises(NoHistory, match="not a revision"):
        changed_lines(repository, "--output=/tmp/x")
    with pytest.raises(NoHistory):
        changed_lines(tmp_path_factory.mktemp("plain"), "HEAD")


def test_a_repository_cannot_have_its_programs_run(repository):
    marker = repository / "ran"
    (repository / ".gitattributes").write_text("*.py diff=evil\n")
    config = repository / ".git" / "config"
    config.write_text(
        config.read_text()
        + f'[diff "evil"]\n\tcommand = touch {marker}\n\ttextconv = touch {marker}\n[core]\n\tfsmonitor = touch {marker}\n'
    )
    assert changed_lines(repository, "HEAD")
    assert not marker.exists()
