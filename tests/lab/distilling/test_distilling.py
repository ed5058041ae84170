"""The distillation lab: what each counter-measure changes, on a school of few words."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from stillwatch.cli import build
from stillwatch.cli.lab import distill
from stillwatch.lab.distilling import experiment, rivers
from stillwatch.lab.distilling.experiment import Interval, measure
from stillwatch.lab.distilling.page import page
from stillwatch.lab.students import corpus
from stillwatch.lab.students.school import open_school


@pytest.fixture(scope="module")
def school():
    files = [path for path in corpus.modules(()) if path.parent.name in {"json", "logging", "asyncio"}]
    return open_school(files, size=200, order=2)


@pytest.fixture(scope="module")
def rows(school):
    return {row.measure: row for row in measure(school, [1, 2], 20_000, lambda _: None)}


def mean(rows, name, figure):
    return rows[name].figures[figure].mean


def test_probabilities_are_worth_more_than_text(rows):
    assert mean(rows, "none", "student_divergence") < mean(rows, "surface reduced", "student_divergence")


def test_stripped_reasoning_is_missed_until_its_steps_are_asked(rows):
    assert mean(rows, "surface reduced", "student_left_out") > 0.9
    assert mean(rows, "reasoning stripped", "student_left_out") < 0.2
    assert mean(rows, "reasoning stripped", "student_asked") > 0.9
    assert mean(rows, "reasoning stripped, steps asked", "student_left_out") > 0.9


def test_no_measure_changes_the_truth_of_answers(rows):
    right = [mean(rows, name, "customer_correct") for name in rows]
    assert max(right) - min(right) < 0.02
    for name in rows:
        assert (mean(rows, name, "customer_divergence") > 0) == name.startswith("mark")


def test_only_marks_are_proved(rows):
    for name in rows:
        proved = mean(rows, name, "log10_p") < -10
        assert proved == name.startswith("mark")


def test_the_teacher_of_rivers_knows_what_it_was_told():
    world = rivers.made(np.random.default_rng(1))
    people = np.arange(rivers.FIRST_PERSON, rivers.FIRST_TOWN)
    assert rivers.correct(world, people, rivers.reasoned(world.teacher, people, None)[1]) > 0.99


def test_an_interval_is_that_of_student():
    assert Interval.of([2.0]) == Interval(2.0, None, None)
    one = Interval.of([1.0, 2.0, 3.0])
    assert one.mean == 2.0
    assert one.high == pytest.approx(2 + 4.3027 / np.sqrt(3), abs=1e-3)


def test_the_page_needs_nothing_beside_it_and_says_what_it_cannot_show(rows):
    text = page(list(rows.values()), [1, 2], 20_000, "stillwatch lab <distill>")
    assert text.count("<svg") == 6
    assert "&lt;distill&gt;" in text
    assert not any(sign in text for sign in ("http://", "https://", "src=", "<script"))
    assert all(limit.split("'")[0][:40] in text for limit in experiment.LIMITS)


def test_the_command_prints_limits_and_writes_what_it_measured(school, tmp_path, monkeypatch):
    monkeypatch.setattr(distill, "open_school", lambda *_, **__: school)
    monkeypatch.setattr(distill, "quick_files", list)
    monkeypatch.setattr(distill, "QUICK_HAUL", 5_000)
    arguments = [
        "lab",
        "distill",
        "--quick",
        "--first-seed",
        "1",
        "--out",
        tmp_path / "p.html",
        "--json",
        tmp_path / "p.json",
    ]
    ran = CliRunner().invoke(build(), list(map(str, arguments)), standalone_mode=False)
    assert ran.exception is None, ran.exception
    assert experiment.LIMITS[0] in ran.output
    found = json.loads((tmp_path / "p.json").read_text())
    assert found["seeds"] == [1]
    assert len(found["measures"]) == 7
    assert (tmp_path / "p.html").read_text().startswith("<!doctype html>")
