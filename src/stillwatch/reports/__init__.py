"""What a run leaves behind: each file of this folder makes one file of the result directory."""

from stillwatch.records import rfc3339
from stillwatch.reports._writing.catalogue import catalogue
from stillwatch.reports._writing.document import campaign_fields, load
from stillwatch.reports._writing.interface import Report
from stillwatch.reports._writing.place import write_all
from stillwatch.reports._writing.summary import evidence_tree, summary
from stillwatch.reports._writing.text import clean
from stillwatch.reports._writing.verdict import listed, verdict
from stillwatch.reports._writing.words import many, minute, named, percent

__all__ = [
    "Report",
    "campaign_fields",
    "catalogue",
    "clean",
    "evidence_tree",
    "listed",
    "load",
    "many",
    "minute",
    "named",
    "percent",
    "rfc3339",
    "summary",
    "verdict",
    "write_all",
]
