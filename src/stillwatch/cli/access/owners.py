"""`stillwatch access owners`: what rules on owners say of entities, in both readings."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stillwatch.access import ownership
from stillwatch.access.ownership.countries import is_code
from stillwatch.access.ownership.decide import MET, NOT_KNOWN
from stillwatch.access.tabular import MissingColumn, Rejected, read, text
from stillwatch.cli.access.rejecting import tell_rejected
from stillwatch.cli.cases.printing import Form, Format, as_json, tell
from stillwatch.records import UnreadableInput, UsageError
from stillwatch.reports import clean, percent

FOUND = 1
NAMED = 3  # entities of each kind of trouble
SHOWN = 80  # characters of a chain in a table
Outcomes = Sequence[ownership.Outcome]


def owners(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="holdings: owner, owned, share, from, until")],
    entities: Annotated[Path | None, typer.Option(help="facts of entities: id, name, country")] = None,
    listed: Annotated[
        Path | None, typer.Option(help="listed owners: one id a line, or a table with the column id")
    ] = None,
    not_served: Annotated[
        str | None,
        typer.Option(help="countries that are not served: codes with commas, or a file with one a line"),
    ] = None,
    rules: Annotated[
        Path, typer.Option(help="rules on owners, in YAML", show_default="those that are shipped")
    ] = ownership.SHIPPED,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="the day that is asked about [default: today, UTC]")
    ] = None,
    ask: Annotated[
        list[str] | None, typer.Option(help="an entity to decide on; repeatable [default: all]")
    ] = None,
    limit: Annotated[int, typer.Option(help="rulings to show where all are asked", min=1)] = 50,
    out: Annotated[
        Path | None, typer.Option(help="write a row for each entity and rule: .csv or .parquet")
    ] = None,
    form: Format = Form.TABLE,
) -> int:
    """Decide on beneficial owners: direct and indirect, through cycles, in both readings of each rule in force.

    The product of shares multiplies along each chain; under control a holding that meets the threshold counts whole.
    Where only shares without a recorded owner would meet a rule, the answer is "not known". Without --ask, entities are
    shown that meet a rule in either reading, the largest shares first. With --format json, all of these.

    Exit code: 0 no entity asked about meets a rule in its own reading, 1 some do, 3 a part of the input was not taken.
    """
    day = _day(on)
    chosen = _chosen(ownership.load(rules), day, listed, not_served)
    holdings = ownership.read_holdings(file, day)
    facts = None if entities is None else ownership.read_facts(entities)
    refused = Rejected()
    ids = [] if listed is None else _ids(listed, refused)
    graph = ownership.build(holdings, facts)
    outcomes = ownership.decide(graph, chosen, day, listed=ids, not_served=_codes(not_served))
    parts = [
        (file, holdings.rejected),
        (listed, refused),
        (entities, None if facts is None else facts.rejected),
    ]
    rejected = [(path, one) for path, one in parts if path is not None and one is not None and one.total]
    for path, one in rejected:
        tell_rejected(path, one)
    for trouble in graph.trouble:
        tell(f"{trouble.what}: {trouble.count:,} ({', '.join(map(clean, trouble.entities[:NAMED]))})")
    if out is not None:
        _write(graph, outcomes, out)
    asked = ownership.of_entities(graph, outcomes, ask) if ask else ownership.met(outcomes)
    rulings = [ownership.ruling(graph, outcomes[which], entity, day) for which, entity in asked]
    if form is Form.JSON:
        as_json(
            {"on": day, "rules": [one.rule for one in outcomes], "trouble": graph.trouble, "rulings": rulings}
        )
    else:
        _print(graph, outcomes, rulings if ask else rulings[:limit], day)
        if not ask and len(rulings) > limit:
            tell(f"{len(rulings) - limit:,} more: --limit, --format json or --out shows them")
    if rejected:
        return UnreadableInput.exit_code
    return FOUND if any(one.answer == "met" and not one.listed for one in rulings) else 0


def _day(on: str | None) -> date:
    if on is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise UsageError(f"--on: {on!r} is no day such as 2026-01-31") from error


def _chosen(
    rules: Sequence[ownership.Rule], day: date, listed: Path | None, not_served: str | None
) -> list[ownership.Rule]:
    """Rules in force whose owners are given; those without are said."""
    if listed is None and not_served is None:
        raise UsageError("say whose shares count: --listed FILE, --not-served CODES, or both")
    given = {"listed": listed is not None, "not_served": not_served is not None}
    options = {"listed": "--listed", "not_served": "--not-served"}
    kept = []
    for rule in rules:
        if not rule.holds(day):
            tell(f"rule {rule.id} does not hold on {day}")
        elif not given[rule.owners]:
            tell(f"rule {rule.id} is left out: it needs {options[rule.owners]}")
        else:
            kept.append(rule)
    return kept


def _ids(path: Path, rejected: Rejected) -> list[str]:
    if path.suffix in {".csv", ".parquet", ".jsonl", ".gz"}:
        try:
            column = read(path, ["id"], [], rejected)["id"]
        except MissingColumn as error:
            raise MissingColumn(
                f"{error}: a table needs a column id; a .txt file has one id a line"
            ) from error
        return [one for one in text(column).to_pylist() if one is not None]
    return _lines(path)


def _codes(given: str | None) -> list[str]:
    if given is None:
        return []
    codes = [
        code.upper() for code in (_lines(Path(given)) if Path(given).is_file() else given.split(",")) if code
    ]
    if wrong := [code for code in codes if not is_code(code.strip())]:
        raise UsageError(f"--not-served: no country has the code {wrong[0]!r}")
    return [code.strip() for code in codes]


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: {error}") from error


def _print(
    graph: ownership.Graph, outcomes: Outcomes, rulings: Sequence[ownership.Ruling], day: date
) -> None:
    table = Table(title=f"Owners on {day}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("entity", "rule", "answer", "product", "control", "because"):
        table.add_column(heading, overflow="fold")
    for one in rulings:
        table.add_row(
            Text(clean(one.entity, SHOWN)),
            one.rule,
            "one itself" if one.listed else one.answer,
            _reading(one.product),
            _reading(one.control),
            Text(clean(_because(one), 2 * SHOWN)),
        )
    Console().print(table)
    for outcome in outcomes:
        answers = outcome.own.answer[~outcome.listed]
        typer.echo(
            f"{outcome.rule.id}: of {graph.size:,} entities {int((answers == MET).sum()):,} meet it by "
            f"{outcome.rule.reading}, {int((answers == NOT_KNOWN).sum()):,} are not known, "
            f"the readings differ on {int(outcome.differ.sum()):,}"
        )


def _reading(one: ownership.Read) -> str:
    return f"{one.answer} {percent(one.share)}" + (
        f" to {percent(one.at_most)}" if one.at_most > one.share else ""
    )


def _because(one: ownership.Ruling) -> str:
    """The chain of the rule's own reading, from the top, and what the records lack."""
    own = one.product if one.reading == "product" else one.control
    other = one.control if one.reading == "product" else one.product
    chain = own.chain or other.chain
    said = (
        [f"{chain[0].owner} " + " ".join(f"{percent(link.share)} > {link.owned}" for link in chain)]
        if chain
        else []
    )
    return "; ".join([*said, *(["the readings differ"] if one.differ else []), *one.notes])


def _write(graph: ownership.Graph, outcomes: Outcomes, out: Path) -> None:
    """All outcomes as rows."""
    answers = pa.array(ownership.ANSWERS)
    tables = [
        pa.table(
            {
                "entity": graph.ids,
                "rule": pa.array([one.rule.id] * graph.size),
                "listed": pa.array(one.listed),
                "answer": answers.take(pa.array(one.own.answer)),
                "product": answers.take(pa.array(one.product.answer)),
                "product_share": one.product.share,
                "product_at_most": one.product.at_most,
                "control": answers.take(pa.array(one.control.answer)),
                "control_share": one.control.share,
                "control_at_most": one.control.at_most,
            }
        )
        for one in outcomes
    ]
    if not tables:
        return
    whole = pa.concat_tables(tables)
    try:
        if out.suffix == ".parquet":
            pq.write_table(whole, out)
        else:
            arrow_csv.write_csv(whole, out)
    except OSError as error:
        raise UsageError(f"--out: {error}") from error


COMMANDS: dict[str, Callable[..., int | None]] = {"owners": owners}
