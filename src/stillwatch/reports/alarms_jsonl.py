"""`alarms.jsonl`: the alarms in event-time order, as a live run would have raised them.

Kinds: `opened` (a campaign passed both keys), `grew`, `pivoted` (it moved to a new model), `replaced` (a
successor account after a ban), `quiet`. `exchanges_so_far` and `log_e_value` are what was known at `ts`.
"""

import json
from pathlib import Path

import msgspec

from stillwatch.records import Findings, rfc3339
from stillwatch.reports._writing.interface import Report

FILE = "alarms.jsonl"


def write(findings: Findings, directory: Path) -> None:
    with (directory / FILE).open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as lines:
        for alarm in sorted(findings.alarms, key=lambda alarm: alarm.ts):
            record = msgspec.to_builtins(alarm) | {"ts": rfc3339(alarm.ts)}
            lines.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


REPORT = Report(FILE, write)
