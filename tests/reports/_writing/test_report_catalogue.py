"""What every report must do; the catalogue is walked, so a new report is held to it unasked."""

import pytest

from stillwatch.records import Findings
from stillwatch.reports import catalogue


@pytest.fixture(params=sorted(catalogue()))
def report(request):
    return catalogue()[request.param]


@pytest.mark.parametrize("kind", ["findings", "nothing"])
def test_a_report_makes_its_one_file(report, kind, request, tmp_path):
    findings: Findings = request.getfixturevalue(kind)
    place = tmp_path / "place"
    place.mkdir()
    report.write(findings, place)
    assert [path.name for path in place.iterdir()] == [report.file]


def test_the_same_findings_make_the_same_file(report, findings: Findings, tmp_path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        report.write(findings, tmp_path / name)
        made.append((tmp_path / name / report.file).read_bytes())
    assert made[0] == made[1]


def test_no_two_reports_make_one_file():
    files = [report.file for report in catalogue().values()]
    assert len(files) == len(set(files))
