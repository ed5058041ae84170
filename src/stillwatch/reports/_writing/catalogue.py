"""All reports there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

import stillwatch.reports
from stillwatch.reports._writing.interface import Report


@cache
def catalogue() -> dict[str, Report]:
    """Every report by module name; `_machinery` modules and packages are passed over."""
    names = [
        found.name
        for found in iter_modules(stillwatch.reports.__path__)
        if found.name[0] != "_" and not found.ispkg
    ]
    reports: dict[str, Report] = {name: import_module(f"stillwatch.reports.{name}").REPORT for name in names}
    return reports | {entry.name: entry.load() for entry in entry_points(group="stillwatch.reports")}
