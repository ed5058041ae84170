"""The command that joins the benches of access."""

from typer.testing import CliRunner

from stillwatch.cli.bench import app
from stillwatch.lab.benches import access
from stillwatch.records import UsageError


def test_parts_are_measured_into_one_report(tmp_path, monkeypatch):
    monkeypatch.setattr("stillwatch.lab.benches.access_owners.QUICK_ENTITIES", 2_000)
    report = access.measure(tmp_path, lambda _line: None, parts=["owners"], seed=3, quick=True)
    assert set(report.figures) == {"owners"}
    assert {floor.name.split(":")[0] for floor in report.floors} == {"owners"}


def test_a_part_that_does_not_exist_is_a_wrong_usage():
    result = CliRunner().invoke(app, ["access", "--part", "moods"])
    assert isinstance(result.exception, UsageError)
    assert "moods" in str(result.exception)
