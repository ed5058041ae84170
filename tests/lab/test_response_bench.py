"""The bench of responses at a small size, and the words of its command."""

import pytest
from typer.testing import CliRunner

from stillwatch.cli.bench import app
from stillwatch.lab.benches import response
from stillwatch.lab.benches.trials import Traffic
from stillwatch.records import UsageError


def test_hauls_and_innocents_are_counted_with_their_denominators(tmp_path):
    report = response.measure(
        tmp_path,
        [Traffic("demo", 0.0025, 1, (), 1)],
        lambda _line: None,
        reactions=["goes on"],
        review_hours=0,
    )
    automatic = report.figures["reactions"]["goes on"]["automatic"]
    assert set(report.figures["reactions"]["goes on"]) == {"automatic"}
    assert automatic["all"]["without_defence"] == sum(
        one["without_defence"] for one in automatic["by_operator"].values()
    )
    assert 0 < automatic["all"]["cut"] < 1
    assert automatic["legitimate"]["requests"] > 1000
    assert [floor.limit for floor in report.floors] == [response.CUT, response.SLOWED, 0]
    assert len(report.tables) == 2


def test_a_reaction_that_does_not_exist_is_a_wrong_usage():
    result = CliRunner().invoke(app, ["response", "--reaction", "sulks"])
    assert isinstance(result.exception, UsageError)
    assert "sulks" in str(result.exception)


@pytest.mark.parametrize("part", ["pyproject.toml"])
def test_the_policy_is_shipped(part, pytestconfig):
    assert response.POLICY.is_file()
    assert "lab/duel/policy.yaml" in (pytestconfig.rootpath / part).read_text()
