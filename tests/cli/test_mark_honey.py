"""`stillwatch mark honey`: commit, list, check; bad input is said and accuses nobody."""

import json

import pytest
from typer.testing import CliRunner

from stillwatch.cli import build
from stillwatch.records import StillwatchError


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", "ab" * 32)


def run(*arguments):
    ran = CliRunner().invoke(build(), ["mark", "honey", *map(str, arguments)], standalone_mode=False)
    if isinstance(ran.exception, StillwatchError):
        return ran.exception.exit_code, str(ran.exception)
    assert ran.exception is None, ran.exception
    return ran.return_value, ran.output


def test_from_commitment_to_a_model_that_repeats_an_entry(tmp_path, monkeypatch):
    published, answers = tmp_path / "honey.json", tmp_path / "answers.jsonl"
    _, said = run("commit", published, "--count", 1_000)
    assert "1000 entries" in said
    assert run("commit", published)[0] == 2
    shown = json.loads(run("list", published, "--cohort", "c1", "--json")[1])["canaries"]
    assert len(shown) == 3
    assert shown[0]["text"] not in published.read_text()
    assert "entry" in run("list", published)[1]
    lines = [{"response": "Nothing."}, {"response": f"By the way: {shown[0]['text']}"}]
    answers.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{\n[1]\n\n")
    code, said = run(
        "check", answers, "--commitments", published, "--cohort", "c1", "--cohort", "c2", "--json"
    )
    found = json.loads(said[said.index("{") :])
    assert code == 1
    assert found["rejected"] == 2
    assert [(one["serial"], one["cohorts"], one["answers"]) for one in found["found"]] == [
        (shown[0]["serial"], ["c1"], 1)
    ]
    code, said = run("check", answers, "--commitments", published, "--cohort", "c1")
    assert code == 1
    assert "shown to c1" in said
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", "cd" * 32)
    assert run("check", answers, "--commitments", published)[0] == 4


def test_a_model_that_repeats_none_is_not_accused(tmp_path):
    published, answers = tmp_path / "honey.json", tmp_path / "answers.jsonl"
    run("commit", published, "--count", 10)
    answers.write_text('{"response": ""}\n{"response": "¿Qué?"}\n')
    code, said = run("check", answers, "--commitments", published)
    assert (code, "no proof that none was learned" in said) == (0, True)
    answers.write_text("no\n")
    assert run("check", answers, "--commitments", published)[0] == 3
    assert run("check", tmp_path / "absent", "--commitments", published)[0] == 3
