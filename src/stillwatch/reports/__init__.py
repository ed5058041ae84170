"""What a run leaves behind: each file of this folder makes one file of the result directory."""

from stillwatch.reports._writing.catalogue import catalogue
from stillwatch.reports._writing.document import load
from stillwatch.reports._writing.interface import Report
from stillwatch.reports._writing.place import write_all
from stillwatch.reports._writing.summary import evidence_tree, summary
from stillwatch.reports._writing.verdict import verdict

__all__ = ["Report", "catalogue", "evidence_tree", "load", "summary", "verdict", "write_all"]
