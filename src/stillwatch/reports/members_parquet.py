"""`members.parquet`: one row per account in a campaign.

`probability` that the operator runs the account, `illicit_share` of the account's exchanges that belong to
the campaign (a proxy's account also carries real customers), `flagged_at` when it was first placed in an
alarmed campaign in event time, `first_seen`, `last_seen` and the number of attributed `exchanges`.
"""

from pathlib import Path

import pyarrow.parquet as pq

from stillwatch.records import MEMBERS, Findings
from stillwatch.reports._writing.interface import Report

FILE = "members.parquet"


def write(findings: Findings, directory: Path) -> None:
    pq.write_table(findings.members.select(MEMBERS.names).cast(MEMBERS), directory / FILE, compression="zstd")


REPORT = Report(FILE, write)
