"""`stillwatch access` and the appeals of `stillwatch cases`, as a person types them."""

import json

import pyarrow as pa
import pytest

from stillwatch.cases import api
from stillwatch.cli import main
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import STANDINGS, Decision, Limit, Micros, Terms

TERMS = Terms("challenge", "asked", Limit("cap_rate", {"per_minute": 10}), Limit("step_up", {"level": 2}))


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("STILLWATCH_STORE", "STILLWATCH_TENANT", "STILLWATCH_AUDIT_KEY", "STILLWATCH_STANDINGS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def standings(tmp_path):
    usual = {"level": 0, "since": 5, "terms": 0, "control": False}
    rows = [
        {"account_id": "short", "id": 1, "asked": 2, "deadline": 9, "challenge_id": "challenge-c"},
        {"account_id": "proved", "id": 2, "asked": 2, "level": 2, "deadline": 9},
        {"account_id": "abroad", "id": 3, "asked": 0, "region_outside": 0.6},
    ]
    table = pa.Table.from_pylist([usual | row for row in rows], STANDINGS)
    publish_standings(tmp_path / "standings", table, [TERMS], 1)
    return tmp_path / "standings"


def test_check_says_what_is_asked_by_when_and_why(run, standings):
    code, said, _ = run("access", "check", "short", "--standings", standings)
    assert code == 1
    for part in (
        "level 2 is overdue",
        "why: asked",
        "step_up (level 2)",
        "asked in challenge-c",
        "1970-01-01",
    ):
        assert part in said
    code, said, _ = run("access", "check", "proved", "--standings", standings)
    assert (code, "level 2 is proved" in said) == (0, True)
    code, said, _ = run("access", "check", "abroad", "--standings", standings)
    assert (code, "nothing is asked" in said, "60" in said) == (0, True, True)
    code, said, _ = run("access", "check", "nobody\x1b[2J", "--standings", standings)
    assert (code, "\x1b" in said) == (0, False)
    assert "is not in these standings: it is unknown to the watch, or nothing is asked of it" in said


def test_check_as_json_is_what_the_service_answers(run, standings):
    _, said, _ = run("access", "check", "short", "--standings", standings, "--format", "json")
    found = json.loads(said)
    assert (found["overdue"], found["limit"]["step"], found["reason"]) == (True, "step_up", "asked")


def test_check_without_standings_says_so(run):
    code, _, said = run("access", "check", "a", "--standings", "none")
    assert code == 3
    assert "none" in said


def test_a_level_policy_is_written_linted_and_shown(run, tmp_path):
    assert run("access", "levels", "init", "levels.yaml")[0] == 0
    assert run("access", "levels", "init", "levels.yaml")[0] == 2
    assert run("access", "levels", "lint", "levels.yaml")[0] == 0
    code, said, _ = run("access", "levels", "show", "levels.yaml")
    assert code == 0
    assert "frontier\theavy\tnone\tinside\theavy-use\t2\t720" in said
    text = (tmp_path / "levels.yaml").read_text()
    (tmp_path / "levels.yaml").write_text(text.replace("region: outside\n", "region: outsde\n"))
    code, _, said = run("access", "levels", "lint", "levels.yaml")
    assert code == 4
    assert "did you mean outside?" in said
    (tmp_path / "levels.yaml").write_text(text.replace("control_share: 0.0001", "control_share: 0"))
    code, said, _ = run("access", "levels", "lint", "levels.yaml")
    assert (code, "measures nothing" in said) == (1, True)


def test_appeals_are_taken_up_decided_and_counted(run, tmp_path):
    store = f"sqlite:///{tmp_path}/cases.db"
    with api.open_store(store) as opened:
        decision = Decision(decision_id="d-1", ts=Micros(5), account_id="a", step="hold", reason="r")
        api.record_decisions(opened.tenant(), [decision])
    use = ("--store", store)
    assert run("cases", "contest", "d-1", "--reason", "a school", "--as", "desk", *use)[0] == 0
    code, said, _ = run("cases", "appeals", "--waiting", *use)
    assert (code, "1 waiting" in said, "d-1" in said) == (0, True, True)
    assert run("cases", "settle", "d-1", "perhaps", "--reason", "x", *use)[0] == 2
    assert run("cases", "settle", "d-1", "reversed", "--reason", "it is", "--as", "judge", *use)[0] == 0
    _, said, _ = run("cases", "appeals", "--format", "json", *use)
    found = json.loads(said)
    assert found["counts"]["reversed"] == 1
    assert found["appeals"][0]["decided_by"] == "judge"


def test_a_watch_with_levels_needs_a_store(run, tmp_path):
    code, _, said = run("watch", tmp_path, "--out", tmp_path / "out", "--levels", "levels.yaml")
    assert code == 2
    assert "--store" in said
