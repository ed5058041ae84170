r"""`ocsf:PATH`: the alarms appended to a file as OCSF Detection Findings, one JSON event a line.

Carries: class 2004 of OCSF 1.8.0. A campaign is the finding (`finding_info.uid`, as `TENANT/WATCH/CAMPAIGN`), an
alarm an event of it (`metadata.uid`): `opened` creates the finding, every other kind updates it. Counts stand under `unmapped`.
Holds: an alarm counts as delivered when its line is on the disk. The file may be rotated.
Fails: on a full disk or a missing directory, and is tried again.
Escapes: ASCII only, everything else as JSON's `\uXXXX`.
"""

from stillwatch.sinks._delivery.address import path_of
from stillwatch.sinks._delivery.detection_finding import ocsf_line
from stillwatch.sinks._delivery.interface import Kind
from stillwatch.sinks._delivery.line_file import LineFile


def open_file(url: str) -> LineFile:
    return LineFile(path_of(url), ocsf_line)


SINK = Kind(("ocsf",), "ocsf:/var/log/stillwatch/findings.jsonl", open_file)
