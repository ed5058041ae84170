"""How bad a weakness is, by the base score of its CVSS 4.0 vector."""

from __future__ import annotations

from functools import cache
from typing import Literal

Severity = Literal["none", "low", "medium", "high", "critical"]


@cache
def score(vector: str) -> float:
    """The base score of a CVSS 4.0 vector, 0 to 10 (https://www.first.org/cvss/v4.0/specification-document)."""
    from cvss import CVSS4  # noqa: PLC0415 - the extra `codescan`

    return float(CVSS4(vector).base_score)


def severity(vector: str) -> Severity:
    """The qualitative rating of a score, as section 6 of the specification cuts it."""
    value = score(vector)
    if value == 0:
        return "none"
    if value < 4:
        return "low"
    if value < 7:
        return "medium"
    return "high" if value < 9 else "critical"
