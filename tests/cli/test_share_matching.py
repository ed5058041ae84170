"""The commands of private matching, from making keys to a match: each member a folder, evaluators as real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stillwatch.cli import main

sys.path.insert(0, str(Path(__file__).parents[1] / "sharing" / "matching"))
from group_of_members import Group
from two_labs import INSTRUCTION, ONE_CUSTOMER, findings, write


@pytest.fixture
def run(capsys):
    def go(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return go


def test_a_member_recognises_a_campaign_whose_accounts_were_all_replaced(run, tmp_path):
    labs = Group(asks=())
    folder = labs.write(tmp_path / "labs")
    log_a, log_b = write(tmp_path / "log-a", "a"), write(tmp_path / "log-b", "b", ordinary=600)
    found = findings(tmp_path / "found", "a")
    sent, out = tmp_path / "indicators.json", tmp_path / "result"
    with labs.served(tmp_path / "evaluators"):
        code, _, told = run(
            *("share", "tokens", log_a, "--findings", found, "--out", sent, "--field", "payment_fp"),
            *labs.options(folder, "lab-a"),
        )
        assert (code, told) == (0, "campaign-001: 1 sketch, 25 account tokens\n")
        match = (
            *("share", "match", log_b, "--indicators", sent, "--out", out, "--field", "payment_fp"),
            *labs.options(folder, "lab-b"),
        )
        code, table, _ = run(*match)
        assert code == 1
        assert "campaign-001" in table
    text = sent.read_text()
    assert not any(planted in text for planted in (INSTRUCTION[:20], ONE_CUSTOMER[:20], "card-1", "a-op-1"))

    result = json.loads((out / "partners.json").read_text())
    (campaign,) = result["campaigns"]
    assert campaign == {
        "partner": "lab-a",
        "campaign": "campaign-001",
        "by_account": 5,
        "by_template": 25,
        "recognised": True,
    }
    assert {one["account_id"] for one in result["matches"]} == {f"b-op-{at}" for at in range(25)}
    assert all(0 < one["nats"] <= 3 for one in result["matches"])
    assert result["left_out"] == []

    logs = [tmp_path / "evaluators" / f"{name}.db" for name in ("lab-b", "lab-c")]  # lab-a asked one or both
    assert any("lab-a" in run("share", "usage", "--log", log)[1] for log in logs)

    code, _, told = run(*match)  # with all evaluators gone
    assert code == 3
    assert "a quorum" in " ".join(told.split())


def test_keys_are_made_by_commands(run, tmp_path):
    members = []
    for name in ("a", "b"):
        code, roster, _ = run("share", "identity", name, "--out", tmp_path / f"{name}.identity")
        assert code == 0
        members.append(roster)
    code, _, told = run("share", "identity", "a", "--out", tmp_path / "a.identity")
    assert code == 2
    assert "not written over" in " ".join(told.split())
    numbered = [f'{part}number = {at}\nurl = "http://127.0.0.1:9"\n' for at, part in enumerate(members, 1)]
    roster = tmp_path / "roster.toml"
    roster.write_text('group = "pair"\nthreshold = 2\n' + "".join(numbered))
    for name in ("a", "b"):
        code, _, told = run(
            *(
                "share",
                "deal",
                "2026q4",
                "--out",
                tmp_path / f"{name}.dealing",
                "--start",
                "2026-10-01T00:00:00Z",
            ),
            *("--identity", tmp_path / f"{name}.identity", "--roster", roster),
        )
        assert (code, told) == (0, "")
    lines = []
    for name in ("a", "b"):
        code, line, _ = run(
            *("share", "join", tmp_path / "a.dealing", tmp_path / "b.dealing", "--out", tmp_path / name),
            *("--identity", tmp_path / f"{name}.identity", "--roster", roster),
        )
        assert code == 0
        lines.append(line.split())
    assert lines[0][:5] == lines[1][:5]
    assert lines[0][2] == "2026-10-01T00:00:00.000000Z"
    code, _, told = run(
        *("share", "join", tmp_path / "a.dealing", "--out", tmp_path / "a"),
        *("--identity", tmp_path / "a.identity", "--roster", roster),
    )
    assert code == 2
    assert "the dealing of b is missing" in " ".join(told.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["deal", "2026 q4", "--out", "x"], 2, "an epoch's name"),
        (["deal", "2026q4", "--out", "x", "--start", "soon"], 2, "ISO 8601"),
        (["deal", "2026q4", "--out", "x"], 4, "no identity there"),
        (["join", "none.dealing"], 3, "none.dealing"),
        (["identity", "a/b"], 2, "a name has"),
        (["evaluate"], 4, "no key with a share"),
        (["usage"], 2, "no evaluator has written there"),
        (["tokens", "log", "--findings", "f", "--out", "o"], 4, "no identity there"),
    ],
)
def test_what_cannot_be_done_is_said(run, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    found, _, told = run("share", *arguments)
    assert found == code
    assert said in " ".join(told.split())


def test_without_the_extra_other_commands_run(tmp_path):
    code = (
        "import sys; sys.modules['rbcl'] = sys.modules['cryptography'] = None\n"
        "from stillwatch.cli import main; main(['--help'])"
    )
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": path}, cwd=tmp_path
    )
    assert done.returncode == 0
