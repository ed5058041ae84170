"""Confidence against truth, on cases whose answers are given."""

from pathlib import Path

import pytest

from stillwatch.codescan.finding import Finding, Location
from stillwatch.codescan.measure.calibration import measure
from stillwatch.codescan.measure.suite import Case, Suite


def finding(name: str, confidence: float, cwe: int = 89) -> Finding:
    return Finding(
        rule="sql-injection",
        cwe=cwe,
        cvss="",
        message="",
        location=Location(f"testcode/{name}.py", 1, 1, 1, 2),
        function="f",
        sink="execute",
        code="",
        proof="path",
        confidence=confidence,
    )


def suite(**truth: bool) -> Suite:
    return Suite(Path(), [Case(name, "sqli", vulnerable, 89) for name, vulnerable in truth.items()])


def test_a_case_counts_once_with_its_surest_finding_of_the_right_kind() -> None:
    said = measure(
        suite(a=True, b=False, c=True),
        [finding("a", 0.95), finding("a", 0.4), finding("b", 0.55), finding("c", 0.9, cwe=79)],
    )
    assert said is not None
    assert [(one.low, one.findings, one.true) for one in said.bins] == [(0.5, 1, 0), (0.9, 1, 1)]
    assert said.brier == pytest.approx((0.05**2 + 0.55**2) / 2)
    assert said.error == pytest.approx((0.05 + 0.55) / 2)


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    said = measure(suite(a=True), [finding("a", 1.0)])
    assert said is not None
    assert (said.bins[0].high, said.error) == (1.0, 0.0)


def test_nothing_is_said_of_no_findings() -> None:
    assert measure(suite(a=True), []) is None
