import json
import sys

import pytest

from stillwatch.codescan.measure import peers
from stillwatch.codescan.measure.peers import bandit, ruff, semgrep
from stillwatch.codescan.measure.scoring import Hit

DANGEROUS = "import subprocess\n\n\ndef run(name):\n    return subprocess.run('ls ' + name, shell=True)\n"


@pytest.fixture
def code(tmp_path):
    (tmp_path / "testcode").mkdir()
    (tmp_path / "testcode" / "run.py").write_text(DANGEROUS)
    return tmp_path


def asked(name, code):
    peer = next(peer for peer in peers.catalogue() if peer.name == name)
    said = peer.ask(code, peers.Setting())
    if isinstance(said, peers.Missing):
        pytest.skip(said.reason)
    return said


def test_ruff_is_asked_for_real(code):
    said = asked("Ruff S", code)
    assert Hit("testcode/run.py", 78) in said.hits
    assert said.seconds > 0
    assert said.version.startswith("ruff")
    assert said.skipped == 0


def test_bandit_is_asked_for_real(code):
    assert Hit("testcode/run.py", 78) in asked("Bandit", code).hits


def test_ruff_counts_files_that_it_cannot_parse(code):
    (code / "testcode" / "broken.py").write_text("def (:\n")
    assert asked("Ruff S", code).skipped == 1


def test_bandit_gets_the_nearer_number(tmp_path):
    issue = {
        "filename": str(tmp_path / "a.py"),
        "test_id": "B506",
        "issue_cwe": {"id": 20, "link": ""},
        "line_number": 1,
    }
    output = json.dumps(
        {"results": [issue, {**issue, "test_id": "B608", "issue_cwe": {"id": 89}}], "errors": [{}]}
    )
    assert bandit.read(tmp_path, output.encode()) == ([Hit("a.py", 502), Hit("a.py", 89)], 1)


def test_semgrep_names_its_weaknesses_in_two_forms(tmp_path):
    many = {"path": str(tmp_path / "a.py"), "extra": {"metadata": {"cwe": ["CWE-89: SQL", "CWE-943"]}}}
    one = {"path": str(tmp_path / "b.py"), "extra": {"metadata": {"cwe": "CWE-78: OS"}}}
    none = {"path": str(tmp_path / "c.py"), "extra": {"metadata": {}}}
    output = json.dumps({"results": [many, one, none], "errors": [{"path": "x.py"}, {"path": "x.py"}, {}]})
    assert semgrep.read(tmp_path, output.encode()) == (
        [Hit("a.py", 89), Hit("a.py", 943), Hit("b.py", 78)],
        1,
    )


def test_a_code_of_ruff_without_a_weakness_is_no_hit(tmp_path):
    output = json.dumps(
        [{"filename": str(tmp_path / "a.py"), "code": "S101"}, {"filename": "b", "code": None}]
    )
    assert ruff.read(tmp_path, output.encode()) == ([], 1)


def test_semgrep_without_rules_is_missing(tmp_path):
    tool = tmp_path / "semgrep"
    tool.write_text(f"#!{sys.executable}\n")
    tool.chmod(0o755)
    said = semgrep.ask(tmp_path, peers.Setting([tmp_path]))
    assert said == peers.Missing("it has no rules of its own; --semgrep-rules points to some")


def test_a_peer_that_fails_is_missing_with_its_last_words(tmp_path):
    tool = tmp_path / "bandit"
    tool.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no such rule')\n")
    tool.chmod(0o755)
    assert peers.run([str(tool)], fine=(0,)) == peers.Missing("it failed with exit code 1: no such rule")


def test_a_peer_that_never_says_its_version_has_an_unknown_one(tmp_path, monkeypatch):
    tool = tmp_path / "slow"
    tool.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    tool.chmod(0o755)
    monkeypatch.setattr(peers, "VERSION_LIMIT", 0.2)
    assert peers.version(str(tool)) == "unknown"


def test_one_that_is_not_installed_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert [peer.ask(tmp_path, peers.Setting()) for peer in peers.catalogue()] == [
        peers.Missing("bandit is not installed"),
        peers.Missing("ruff is not installed"),
        peers.Missing("semgrep is not installed"),
    ]
