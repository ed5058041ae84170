"""What a report is: the file it makes, and the function that makes it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from stillwatch.records import Findings


class Report(NamedTuple):
    """`write` puts one file called `file` into the directory it is given, and touches nothing else."""

    file: str
    write: Callable[[Findings, Path], None]
