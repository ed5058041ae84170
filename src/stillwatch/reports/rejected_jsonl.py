"""`rejected.jsonl`: every record that could not be read, with its file, line and reason. Empty if all were."""

import shutil
from pathlib import Path

from stillwatch.records import Findings
from stillwatch.reports._writing.interface import Report

FILE = "rejected.jsonl"


def write(findings: Findings, directory: Path) -> None:
    shutil.copyfile(findings.rejected, directory / FILE)


REPORT = Report(FILE, write)
