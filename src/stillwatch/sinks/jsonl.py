r"""`jsonl:PATH`: the alarms appended to a file, one JSON record a line.

Carries: the fields of `alarms.jsonl` (`ts`, `campaign_id`, `kind`, `accounts`, `exchanges_so_far`, `log_e_value`,
`summary`), with `alarm_id`, `tenant`, `watch`, `written_at`, and `case_id` and `link` where there are any.
Holds: an alarm counts as delivered when its line is on the disk. The file is opened anew for each, so it may be
rotated. It belongs to Stillwatch: a line cut short at its end is taken away.
Fails: on a full disk or a missing directory, and is tried again.
Escapes: ASCII only, everything else as JSON's `\uXXXX`.
"""

from stillwatch.sinks._delivery.address import path_of
from stillwatch.sinks._delivery.interface import Kind
from stillwatch.sinks._delivery.line_file import LineFile
from stillwatch.sinks._delivery.record import encoded, told


def open_file(url: str) -> LineFile:
    return LineFile(path_of(url), lambda notice: encoded(told(notice)))


SINK = Kind(("jsonl",), "jsonl:/var/log/stillwatch/alarms.jsonl", open_file)
