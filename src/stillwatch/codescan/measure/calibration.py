"""How well confidences agree with how often findings are true, on cases with known answers.

A case counts once, with its surest finding that answers its category; cases without any say nothing of confidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stillwatch.codescan.finding import Finding
from stillwatch.codescan.measure.categories import answers
from stillwatch.codescan.measure.scoring import wilson
from stillwatch.codescan.measure.suite import Suite

EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Bin:
    """Findings of like confidence, and how many of them are true."""

    low: float
    high: float
    findings: int
    true: int
    confidence: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of the share that is true (Wilson)."""
        return wilson(self.true, self.findings)


@dataclass(frozen=True)
class Calibration:
    """The bins that hold findings; the Brier score; and the expected calibration error, by findings (Naeini et al., 2015)."""

    bins: tuple[Bin, ...]
    brier: float
    error: float


def measure(suite: Suite, findings: Iterable[Finding]) -> Calibration | None:
    """None where no finding answers a case."""
    cases = {f"{suite.folder}/{case.name}.py": case for case in suite.cases}
    surest: dict[str, float] = {}
    for finding in findings:
        case = cases.get(finding.location.path)
        if case is not None and finding.cwe in answers(case.category, case.cwe):
            surest[finding.location.path] = max(surest.get(finding.location.path, 0.0), finding.confidence)
    said = [(sure, cases[path].vulnerable) for path, sure in surest.items()]
    if not said:
        return None
    bins = tuple(_bins(said))
    return Calibration(
        bins,
        sum((sure - true) ** 2 for sure, true in said) / len(said),
        sum(abs(one.true - one.confidence * one.findings) for one in bins) / len(said),
    )


def _bins(said: Sequence[tuple[float, bool]]) -> Iterable[Bin]:
    for low, high in pairwise(EDGES):
        held = [(sure, true) for sure, true in said if low <= sure < high or sure == high == EDGES[-1]]
        if held:
            mean = sum(sure for sure, _ in held) / len(held)
            yield Bin(low, high, len(held), sum(true for _, true in held), mean)
