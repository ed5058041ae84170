"""`stillwatch cases` and `stillwatch verify-audit`, as a person types them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stillwatch.cases import api
from stillwatch.cli import main
from stillwatch.records import Decision

sys.path.append(str(Path(__file__).parent.parent / "cases"))
from composed_campaigns import campaign, members, names, write_result


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a result in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("STILLWATCH_STORE", "STILLWATCH_TENANT", "STILLWATCH_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)
    both = [campaign("campaign-001", accounts=20), campaign("campaign-002", accounts=120)]
    write_result(tmp_path / "out", both, members(campaign_001=names(0, 20), campaign_002=names(20, 140)))
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    def run(*arguments):
        assert folder.is_dir()
        with pytest.raises(SystemExit) as left:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def case_ids(run):
    code, said, _ = run("cases", "import", "out", "--format", "json")
    assert code == 0
    return json.loads(said)["opened"]


def shown(run, case_id):
    return json.loads(run("cases", "show", case_id, "--format", "json")[1])


def test_a_result_becomes_cases_once(run, case_ids):
    code, said, _ = run("cases", "import", "out")
    assert (code, said.split()) == (0, [word for one in case_ids for word in ("refreshed", one)])
    code, said, _ = run("cases", "list")
    assert code == 0
    assert all(one in said for one in case_ids)
    rows = json.loads(run("cases", "list", "--format", "json", "--state", "open")[1])["rows"]
    assert [row["accounts"] for row in rows] == [120, 20]


def test_pages_of_the_list(run, case_ids):
    _, said, told = run("cases", "list", "--limit", "1", "--format", "json")
    page = json.loads(said)
    assert [row["case_id"] for row in page["rows"]] == [case_ids[1]]
    _, said, told = run("cases", "list", "--limit", "1", "--after", page["next"])
    assert case_ids[0] in said
    assert told == ""


def test_two_reviewers(run, case_ids):
    big = case_ids[1]
    for person in ("ana", "ben"):
        code, said, _ = run("cases", "confirm", big, "--reason", "cards", "--reviewer", "--as", person)
        assert (code, said) == (0, f"{big} confirmed 120\n")
    case = shown(run, big)
    assert case["case"]["summary"]["reviewers"] == ["ana", "ben"]
    assert case["case"]["summary"]["may_block"]
    assert len(case["accounts"]) == 120
    assert [one["by"] for one in case["history"]] == ["stillwatch", "ana", "ben"]
    code, said, _ = run("cases", "show", big)
    assert code == 0
    assert "reviewed by ana, ben; a block needs 2 and has them" in " ".join(said.split())


def test_a_life_of_a_case(run, case_ids):
    one, other = case_ids
    said = ["--reason", "why", "--as", "ana"]
    assert run("cases", "note", one, "looked at it", "--as", "ana")[0] == 0
    assert run("cases", "assign", one, "ben", "--as", "ana")[0] == 0
    assert run("cases", "clear", one, "acct-0001", *said)[1] == f"{one} open 19\n"
    assert run("cases", "merge", one, other, *said)[1] == f"{one} open 139\n"
    code, out, _ = run("cases", "split", one, *names(20, 30), *said)
    assert (code, out.split()[1:]) == (0, ["open", "10"])
    new = out.split()[0]
    assert run("cases", "dismiss", new, *said)[1] == f"{new} dismissed 10\n"
    assert run("cases", "reopen", new, *said)[1] == f"{new} open 10\n"
    assert run("cases", "close", new, *said)[1] == f"{new} closed 10\n"
    history = shown(run, one)["history"]
    assert {row["kind"] for row in history} >= {"note", "case_assigned", "accounts_cleared", "case_merged"}
    code, _, told = run("cases", "confirm", new, *said)
    assert code == 2
    assert "is closed; from there it can become open" in " ".join(told.split())


def test_a_reason_is_asked_for(run, case_ids):
    for command in ("confirm", "dismiss", "close"):
        code, _, told = run("cases", command, case_ids[0])
        assert code == 2
        assert "reason" in told
    assert run("cases", "show", "case-0")[0] == 2
    assert run("cases", "list", "--state", "odd")[0] == 2


def test_purge_and_redact(run, case_ids):
    run("cases", "dismiss", case_ids[0], "--reason", "a class", "--as", "ana")
    assert run("cases", "purge", "--older-than", "1d", "--as", "ana")[1].startswith("0 account rows")
    assert run("cases", "purge", "--older-than", "0h", "--as", "ana")[1].startswith("20 account rows")
    assert run("cases", "purge", "--older-than", "soon")[0] == 2
    code, said, _ = run("cases", "redact", "acct-0001", "--reason", "asked for it", "--as", "ana")
    assert (code, said) == (0, "2 personal parts deleted\n")
    assert run("cases", "redact", "acct-0050", "--reason", "asked for it", "--as", "ana")[0] == 2


def test_an_appeal_verifies_offline(run, case_ids, folder):
    with api.open_store(f"sqlite:///{folder}/stillwatch-cases.db") as store:
        decision = Decision(
            decision_id="d-1",
            ts=1,
            account_id="acct-0003",
            step="hold",
            reason="DISTILL",
            case_id=case_ids[0],
        )
        api.record_decisions(store.tenant(), [decision])
    code, said, _ = run("cases", "appeal", "d-1")
    assert code == 0
    (folder / "answer.json").write_text(said)
    run("cases", "export-audit", "--out", "audit.jsonl", "--public-key", "key.pub")
    code, said, _ = run("verify-audit", "answer.json", "--public-key", "key.pub")
    assert code == 0
    (folder / "answer.json").write_text((folder / "answer.json").read_text().replace("DISTILL", "OTHER"))
    code, said, _ = run("verify-audit", "answer.json", "--public-key", "key.pub")
    assert code == 1
    code, said, _ = run("cases", "appeal", "d-1", "--format", "table")
    assert "Reason: DISTILL" in said
    assert run("cases", "appeal", "d-2")[0] == 2


def test_an_export_verifies_and_a_changed_one_does_not(run, case_ids, folder):
    trusted = ["--public-key", "key.pub", "--checkpoint", "older"]
    run("cases", "export-audit", "--out", "audit.jsonl", "--public-key", "key.pub", "--checkpoint", "older")
    run("cases", "note", case_ids[0], "later", "--as", "ana")
    code, out, _ = run("cases", "export-audit")
    assert code == 0
    (folder / "audit.jsonl").write_text(out)
    code, said, _ = run("verify-audit", "audit.jsonl", *trusted)
    assert code == 0
    assert said.startswith("holds: 3 entries")
    assert run("verify-audit", f"sqlite:///{folder}/stillwatch-cases.db", *trusted)[0] == 0
    lines = out.splitlines(keepends=True)
    (folder / "audit.jsonl").write_text(
        "".join([lines[0], lines[1].replace("case_opened", "case_closed"), *lines[2:]])
    )
    code, said, _ = run("verify-audit", "audit.jsonl", *trusted)
    assert code == 1
    assert "first entry that does not hold: 0" in said
    code, said, told = run("verify-audit", "audit.jsonl", "--format", "json")
    assert json.loads(said)["first_bad"] == 0
    assert "no --public-key was given" in told
    assert run("verify-audit", "nothing.jsonl")[0] == 3
    (folder / "key.pub").write_text("no key")
    assert run("verify-audit", "audit.jsonl", "--public-key", "key.pub")[0] == 4


def test_nothing_is_made_by_looking(run, folder):
    code, _, told = run("cases", "list")
    assert code == 3
    assert "there is no store" in told
    assert run("verify-audit", "sqlite:///other.db")[0] == 3
    assert not list(folder.glob("*.db"))
    assert run("cases", "import", "nowhere")[0] == 3


@pytest.mark.usefixtures("folder")
def test_without_the_extra_other_commands_run_and_cases_say_what_is_missing():
    code = "import sys; sys.modules['sqlalchemy'] = None; from stillwatch.cli import main; main(sys.argv[1:])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
        )

    assert run("--help").returncode == 0
    missing = run("cases", "list")
    assert missing.returncode == 4
    assert "pip install 'stillwatch[live]'" in " ".join(missing.stderr.split())
