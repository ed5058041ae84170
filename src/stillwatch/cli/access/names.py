"""`stillwatch access names`: customers whose names may be those of a list."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pyarrow as pa
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stillwatch.access.tabular import ROW, Rejected, read, text
from stillwatch.cli.cases.printing import Form, Format, as_json, tell
from stillwatch.records import UnreadableInput, UsageError
from stillwatch.reports import clean, many

if TYPE_CHECKING:
    from stillwatch.access.names import Customers, Match

FOUND = 1
SHOWN = 60  # characters of a name in a table
HEADING = ("customer", "name", "source", "entry", "listed", "kind", "probability", "words")


def names(
    lists: Annotated[
        list[Path],
        typer.Argument(
            metavar="LIST... CUSTOMERS", help="lists (SDN XML, CSL JSON, tables); last, the customers"
        ),
    ],
    likely: Annotated[
        float | None,
        typer.Option(
            help="least probability to tell [default: where precision was measured]", min=0.01, max=1
        ),
    ] = None,
    prior: Annotated[
        float | None,
        typer.Option(
            help="share of compared pairs expected to be one [default: that of the sample]", min=1e-9, max=0.5
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="matches to show", min=1)] = 50,
    out: Annotated[Path | None, typer.Option(help="write all matches as CSV")] = None,
    form: Format = Form.TABLE,
) -> int:
    """Screen customers' names against lists, across scripts and spellings.

    Customers are a table with the columns id, name and, where known, kind (person or organisation). A match says how
    probably both are one name and which words agree. It is a question for a person, not a finding: many people share
    a name.

    Exit code: 0 no match, 1 matches, 3 a part of the input was not taken.
    """
    from stillwatch.access.names import LIKELY, match, read_list  # noqa: PLC0415 - needs an extra

    *given, customers_path = lists
    if not given:
        raise UsageError("give one list or more, then the customers")
    rejected: list[tuple[Path, Rejected]] = [(path, Rejected()) for path in lists]
    listed = pa.concat_tables([read_list(path, one) for path, one in rejected[:-1]])
    customers = _customers(customers_path, rejected[-1][1])
    tell(f"entries of lists: {len(listed):,}; {many(len(customers.ids), 'customer')}")
    matches = match(listed, customers, likely=LIKELY if likely is None else likely, prior=prior)
    for path, one in rejected:
        for reason, count in one.counts.most_common():
            tell(f"{path}: {count:,} rejected: {reason}")
    if out is not None:
        _write(matches, out)
    if form is Form.JSON:
        as_json(matches)
    else:
        _print(matches[:limit])
        if len(matches) > limit:
            tell(f"{len(matches) - limit:,} more: --limit, --format json or --out shows them")
    if any(one.total for _, one in rejected):
        return UnreadableInput.exit_code
    return FOUND if matches else 0


def _customers(path: Path, rejected: Rejected) -> "Customers":
    from stillwatch.access.names import Customers  # noqa: PLC0415 - an extra

    table = read(path, ["id", "name"], ["kind"], rejected)
    ids, names_, kinds = (text(table[column]) for column in ("id", "name", "kind"))
    kept = [
        at
        for at, (one, name) in enumerate(
            zip(ids.is_valid().to_pylist(), names_.is_valid().to_pylist(), strict=True)
        )
        if one and name
    ]
    left_out = sorted(set(range(len(table))) - set(kept)) if len(kept) < len(table) else []
    rejected.add(path, [table[ROW][at].as_py() for at in left_out], "no id, or no name")
    known = {"person", "organisation"}
    return Customers(
        ids.take(kept).to_pylist(),
        names_.take(kept).to_pylist(),
        [kind if kind in known else "unknown" for kind in kinds.take(kept).to_pylist()],
    )


def _print(matches: Sequence["Match"]) -> None:
    table = Table(title="Names that may be one", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("customer", "name", "entry", "listed name"):
        table.add_column(heading, overflow="fold")
    table.add_column("probability", justify="right")
    table.add_column("words", overflow="fold")
    for one in matches:
        table.add_row(
            *(
                Text(clean(part, SHOWN))
                for part in (one.customer, one.name, f"{one.source} {one.entry}", one.listed)
            ),
            f"{one.probability:.2f}",
            Text(clean(_words(one), 2 * SHOWN)),
        )
    Console().print(table)


def _words(one: "Match") -> str:
    return "; ".join(
        f"{word.listed} not there" if word.asked is None else
        word.listed if word.alike >= 1 and word.listed == word.asked else f"{word.listed} as {word.asked} {word.alike:.2f}"
        for word in one.words
    )  # fmt: skip


def _write(matches: Sequence["Match"], out: Path) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(HEADING)
            for one in matches:
                rows.writerow(
                    [_plain(part) for part in (one.customer, one.name, one.source, one.entry, one.listed)]
                    + [one.kind, one.probability, _plain(_words(one))]
                )
    except OSError as error:
        raise UsageError(f"--out: {error}") from error


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


COMMANDS: dict[str, Callable[..., int | None]] = {"names": names}
