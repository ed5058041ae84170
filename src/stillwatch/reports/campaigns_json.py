"""`campaigns.json`: every campaign with its figures, evidence and coverage, for programs.

Schema `stillwatch.campaigns/1`. Beside the contract's fields a campaign may carry `timeline` (attributed
exchanges an interval, by model), `shared_keys` (what its accounts share, and how many others do), `links`
(a sample of account, key, weight) and, only when a run was asked to keep text, redacted `snippets`. Times
are RFC 3339 with microseconds; `log_e_value` and `strength` are natural logarithms of e-values. A measured
value that is infinite or undefined is written as text, since JSON has no number for it.

Without `snippets` the file holds no prompt text.
"""

from pathlib import Path

from stillwatch.records import Findings
from stillwatch.reports._writing.document import FILE, encode
from stillwatch.reports._writing.interface import Report


def write(findings: Findings, directory: Path) -> None:
    (directory / FILE).write_bytes(encode(findings))


REPORT = Report(FILE, write)
