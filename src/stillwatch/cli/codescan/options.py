"""Options of the commands that run code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.records import UsageError

KEEP = Path(".stillwatch-codescan")

Python = Annotated[
    Path | None,
    typer.Option(
        help="an interpreter that has what the code imports, such as its virtual environment's",
        show_default="the one that runs this",
    ),
]
Seconds = Annotated[float, typer.Option(help="time for all runs", min=1)]
Open = Annotated[
    bool,
    typer.Option(
        "--without-namespaces",
        help="run where the kernel gives no namespaces, behind weaker walls: Python's audit events",
    ),
]
Keep = Annotated[Path, typer.Option(help="folder of the review: review.html, review.json and tests")]


def interpreter(python: Path | None) -> Path:
    """The interpreter that was named, or this one."""
    if python is None:
        return Path(sys.executable)
    if not python.is_file():
        raise UsageError(f"--python: {python} is not an interpreter")
    return python
