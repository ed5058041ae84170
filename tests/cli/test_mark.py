"""`stillwatch mark`: answers and students in, whose marks they carry out; bad input is said and accuses nobody."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from stillwatch.cases import api
from stillwatch.cli import build, main
from stillwatch.lab.students import counting, vocabulary
from stillwatch.lab.students.sampling import Mark, sample
from stillwatch.marks.watermark import MarkKeys, Scheme, marker_keys
from stillwatch.records import Decision, StillwatchError, cohort_of

SECRET = "ab" * 32
KEYS = MarkKeys(bytes.fromhex(SECRET))
SIZE = 60


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", SECRET)


@pytest.fixture(scope="module")
def teacher():
    rng = np.random.default_rng(1)
    return counting.train(rng.integers(0, SIZE, 20_000), SIZE, 2)


def run(*arguments):
    ran = CliRunner().invoke(build(), ["mark", *map(str, arguments)], standalone_mode=False)
    if isinstance(ran.exception, StillwatchError):
        return ran.exception.exit_code, str(ran.exception)
    assert ran.exception is None, ran.exception
    return ran.return_value, ran.output


def answers_of(model, cohort, rows=60):
    mark = Mark(marker_keys(KEYS, cohort), Scheme())
    return sample(model, rows, 200, np.random.default_rng(2), mark).answers


def write(path, answers):
    path.write_text("".join(json.dumps({"tokens": one.tolist()}) + "\n" for one in answers))
    return path


def test_a_closed_student_is_traced_to_its_cohort(tmp_path, teacher):
    file = write(tmp_path / "a.jsonl", answers_of(teacher, "c1"))
    code, said = run("test", file, "--cohort", "c0", "--cohort", "c1", "--cohort", "c1", "--decoys", 99)
    assert code == 1
    assert "trained on answers of cohort c1" in said
    assert "sampling could have stopped" in said
    code, said = run("test", file, "--cohort", "c0", "--cohort", "c1", "--decoys", 99, "--json")
    found = json.loads(said)
    assert [one["cohort"] for one in found["tracing"]["cohorts"] if one["named"]] == ["c1"]
    assert found["tokens"] == 12_000
    code, said = run("test", file, "--cohort", "c0", "--tenant", "another", "--decoys", 99)
    assert code == 0
    assert "no mark is proved" in said


def test_an_open_student_is_compared_with_a_reference(tmp_path, teacher):
    whole = vocabulary.stream(answers_of(teacher, "c1", rows=300))
    student = counting.train(whole, SIZE, 2)
    student.save(tmp_path / "student.npz")
    teacher.save(tmp_path / "teacher.npz")
    told = ["--cohort", "c0", "--cohort", "c1", "--decoys", 99]
    code, said = run("test", tmp_path / "student.npz", "--reference", tmp_path / "teacher.npz", *told)
    assert code == 1
    assert "cohort c1" in said
    code, _ = run("test", tmp_path / "teacher.npz", "--reference", tmp_path / "teacher.npz", *told)
    assert code == 0
    assert run("test", tmp_path / "student.npz")[0] == 2
    (tmp_path / "cut.npz").write_bytes((tmp_path / "student.npz").read_bytes()[:-300])
    assert run("test", tmp_path / "cut.npz", "--reference", tmp_path / "teacher.npz")[0] == 3


def test_a_student_that_refuses_or_says_nothing_is_not_accused(tmp_path):
    for answers in ([np.arange(12)] * 400, [np.empty(0, np.int64)] * 9):
        file = write(tmp_path / "a.jsonl", answers)
        code, said = run("test", file, "--cohort", "c0", "--decoys", 9)
        assert code == 0
        assert "too short to decide" in said
        assert "refuses" in said
    (tmp_path / "none.jsonl").write_text("")
    code, said = run("test", tmp_path / "none.jsonl", "--decoys", 9)
    assert code == 0
    assert "there is no answer" in said


def test_text_in_another_language_tells_nothing(tmp_path):
    words = vocabulary.Vocabulary(["<end>", "<unknown>", "the", "answer", "is"])
    vocabulary.write(words, tmp_path / "v.json")
    lines = [json.dumps({"response": "Всё это совсем другой язык " * 30})] * 3
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    code, said = run("test", tmp_path / "a.jsonl", "--vocabulary", tmp_path / "v.json", "--decoys", 9)
    assert code == 0
    assert "not in the vocabulary" in said
    assert "too short" in said


def test_wrong_input_has_its_exit_code(tmp_path, monkeypatch):
    file = tmp_path / "a.jsonl"
    file.write_text('{"tokens": [1, 2, 3]}\n{"tok')
    code, said = run("test", file, "--decoys", 9)
    assert code == 3
    assert "a.jsonl:2" in said
    assert run("test", tmp_path / "absent.jsonl")[0] == 3
    assert run("test", tmp_path)[0] == 3
    (tmp_path / "scheme.json").write_text('{"gamma": 2}')
    assert run("test", file, "--scheme", tmp_path / "scheme.json")[0] == 4
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", "short")
    code, said = run("test", file)
    assert code == 4
    assert "64 hexadecimal digits" in said


def test_a_student_is_traced_to_the_campaign_that_was_marked(tmp_path, teacher):
    url = f"sqlite:///{tmp_path}/cases.db"
    one = Decision(decision_id="d", ts=5, account_id="a", step="mark", campaign_id="camp-1", case_id="k")
    with api.open_store(url) as store:
        api.record_decisions(store.tenant("default"), [one])
    cohort = cohort_of(one)
    (tmp_path / "secret").write_text(SECRET)
    code, said = run("cohorts", "--store", url, "--secret", tmp_path / "secret", "--json")
    assert not code
    (line,) = json.loads(said)
    assert (line["cohort"], line["campaign_id"], line["key_id"]) == (cohort, "camp-1", KEYS.key_id(cohort))
    assert "camp-1" in run("cohorts", "--store", url)[1]
    file = write(tmp_path / "a.jsonl", answers_of(teacher, cohort))
    code, said = run("test", file, "--store", url, "--decoys", 9)
    assert code == 1
    assert cohort in said


def test_a_secret_that_is_not_there_has_a_next_step(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("STILLWATCH_MARK_SECRET", raising=False)
    for given in (["--secret", str(tmp_path / "mark.secret")], []):
        with pytest.raises(SystemExit) as left:
            main(["mark", "test", "answers.jsonl", *given])
        assert left.value.code == (3 if given else 4)
        assert "secrets.token_hex(32))' > mark.secret` makes a new one" in capsys.readouterr().err
