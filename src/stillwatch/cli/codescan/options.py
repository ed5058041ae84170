"""Options that the commands of the code scanner share, and what they need."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.records import UsageError

NEEDED = ("tree_sitter", "tree_sitter_python", "libcst", "yaml")
KEEP = Path(".stillwatch-codescan")

Code = Annotated[Path, typer.Argument(metavar="PATH", help="a folder of Python code, or one file")]
FailOn = Annotated[
    float, typer.Option(help="confidence from which a finding makes the exit code 1", min=0.0, max=1.0)
]
Python = Annotated[
    Path | None,
    typer.Option(
        help="an interpreter that has what the code imports, such as its virtual environment's",
        show_default="the one that runs this",
    ),
]
Seconds = Annotated[float, typer.Option(help="time for runs", min=1)]
Open = Annotated[
    bool,
    typer.Option(
        "--without-namespaces",
        help="run where the kernel gives no namespaces, behind weaker walls: Python's audit events",
    ),
]
Keep = Annotated[Path, typer.Option(help="folder of the review: review.html, review.json and tests")]
Workers = Annotated[int, typer.Option(help="processes that analyse", min=1)]


def ready(path: Path) -> None:
    """Raise a clear error where the extra is missing, or there is nothing to scan."""
    if any(find_spec(name) is None for name in NEEDED):
        raise UsageError("the code scanner needs an extra: pip install 'stillwatch[codescan]'")
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")


def interpreter(python: Path | None) -> Path:
    if python is None:
        return Path(sys.executable)
    if not python.is_file():
        raise UsageError(f"--python: {python} is not an interpreter")
    return python
