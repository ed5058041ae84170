"""How grave each kind of alarm is, on the scale of each format.

The scales are those of CEF (0-10), OCSF (`severity_id`) and syslog (RFC 5424, table 2). Only what is new asks
for a person at once; a campaign that grows is already known.
"""

from typing import NamedTuple


class Severity(NamedTuple):
    cef: int
    ocsf: int
    syslog: int


HIGH, MEDIUM, INFORMATIONAL = Severity(8, 4, 2), Severity(5, 3, 4), Severity(3, 1, 6)
SEVERITIES = {
    "opened": HIGH,
    "replaced": HIGH,
    "pivoted": MEDIUM,
    "grew": MEDIUM,
    "quiet": INFORMATIONAL,
}


def severity(kind: str) -> Severity:
    """A kind that is not known is taken as medium."""
    return SEVERITIES.get(kind, MEDIUM)
