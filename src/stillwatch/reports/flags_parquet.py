"""`flags.parquet`: one row per exchange attributed to a campaign.

`probability` that the exchange belongs to it, and the `capability` it takes. Exchanges of the same accounts
that are not listed were judged to be someone else's work.
"""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import FLAGS, Findings, UnreadableInput
from stillwatch.reports._writing.interface import Report

FILE = "flags.parquet"


def write(findings: Findings, directory: Path) -> None:
    """Copies the run's own file, whose rows grow with the log; raises UnreadableInput if it is not one."""
    try:
        with findings.flags.open("rb") as file:
            schema = pq.read_schema(file)
    except pa.ArrowInvalid as error:
        raise UnreadableInput(f"{findings.flags}: not a Parquet file ({error})") from error
    if not schema.equals(FLAGS):
        raise UnreadableInput(f"{findings.flags}: its columns are {schema.names}, expected {FLAGS.names}")
    shutil.copyfile(findings.flags, directory / FILE)


REPORT = Report(FILE, write)
