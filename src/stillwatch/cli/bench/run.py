"""One bench from its measurement to its exit code."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from rich.console import Console

from stillwatch.lab.benches import Report, Tell

TABLE_WIDTH = 130  # where standard output is no terminal
BELOW_A_FLOOR = 1


def bench(
    measure: Callable[[Path, Tell], Report], keep: Path | None, json: Path | None, *, quick: bool
) -> None:
    told = Console(stderr=True)
    with _room(keep) as root:
        report = measure(root, lambda line: told.print(line, markup=False, highlight=False, soft_wrap=True))
    report.figures["quick"] = quick
    out = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    for table in [*report.tables, report.floor_table()]:
        out.print(table)
    if json is not None:
        report.write(json, shlex.join(["stillwatch", *sys.argv[1:]]))
    if not report.holds:
        raise typer.Exit(BELOW_A_FLOOR)


@contextmanager
def _room(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with TemporaryDirectory(prefix="stillwatch-bench-") as room:
        yield Path(room)
