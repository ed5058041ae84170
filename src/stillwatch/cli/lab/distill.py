"""`stillwatch lab distill`."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from stillwatch.cli.bench.run import TABLE_WIDTH
from stillwatch.lab.benches import machine
from stillwatch.lab.benches.radioactivity_counting import quick_files
from stillwatch.lab.distilling.experiment import HAUL, LIMITS, QUICK_HAUL, Row, measure
from stillwatch.lab.distilling.page import page, written
from stillwatch.lab.students.school import open_school
from stillwatch.records import UnreadableInput

HEADINGS = {
    "student_divergence": "student: nats off",
    "student_left_out": "student: right, others",
    "student_asked": "student: right, asked",
    "customer_divergence": "customers: nats off",
    "customer_correct": "customers: right",
    "log10_p": "log10 p",
}


def command(
    seeds: Annotated[int, typer.Option(help="students of each measure", min=1)] = 5,
    first_seed: Annotated[int, typer.Option(help="seed of the first; the others follow it")] = 9000,
    out: Annotated[Path | None, typer.Option(help="write the page with drawings to this file")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="write all figures to this file")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="a smaller size of the same, one seed")] = False,  # noqa: FBT002
) -> None:
    """Train students from a teacher's exchanges under each counter-measure, and compare.

    Says what the student learned, what customers are served, and whether the student gives itself away; each with its
    interval over seeds. Students count words: what that cannot show is printed below the table.
    """
    told = Console(stderr=True)
    haul = QUICK_HAUL if quick else HAUL
    numbers = [first_seed + number for number in range(1 if quick else seeds)]
    told.print("reading the corpus, teaching the teacher")
    school = open_school(quick_files() if quick else None, order=2)
    rows = measure(school, numbers, haul, lambda line: told.print(line, markup=False, highlight=False))
    screen = (
        Console(highlight=False) if sys.stdout.isatty() else Console(width=TABLE_WIDTH + 20, highlight=False)
    )
    screen.print(_table(rows))
    for limit in LIMITS:
        screen.print(limit, markup=False, soft_wrap=True)
    line = shlex.join(["stillwatch", *sys.argv[1:]])
    if out is not None:
        _write(out, page(rows, numbers, haul, line).encode())
    if json is not None:
        whole = {
            "command": line,
            "haul": haul,
            "seeds": numbers,
            "quick": quick,
            "machine": machine(),
            "measures": rows,
            "limits": LIMITS,
        }
        _write(json, msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n")


def _table(rows: list[Row]) -> Table:
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, title="Means and their intervals at 95 %", title_justify="left"
    )
    table.add_column("measure")
    for heading in HEADINGS.values():
        table.add_column(heading, justify="right")
    table.add_column("customers lose", overflow="fold")
    for row in rows:
        table.add_row(row.measure, *(written(row.figures[name]) for name in HEADINGS), row.customers_lose)
    return table


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
