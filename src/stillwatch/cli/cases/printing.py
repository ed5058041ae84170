"""Cases on a terminal: JSON as it is, or tables in which nothing from a log can command the terminal."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stillwatch.reports import clean, evidence_tree, listed, many, minute, named, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.cases.api import Account, Case, Happened, Page, Summary

SHOWN = 120  # characters of a name in a table


class Form(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"


Format = Annotated[Form, typer.Option("--format", help="for people or for programs")]


def as_json(answer: object) -> None:
    typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())


def tell(message: str) -> None:
    """A message, on standard error."""
    Console(stderr=True).print(message, markup=False, highlight=False, soft_wrap=True)


def case_table(page: "Page[Summary]") -> None:
    table = Table(title="Cases", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("case", "state"):
        table.add_column(heading, no_wrap=True)
    table.add_column("owner", overflow="fold")
    table.add_column("takes", overflow="fold", min_width=10)
    for heading in ("reviews", "accounts", "log e"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in page.rows:
        table.add_row(
            _safe(one.case_id),
            one.state,
            _safe(one.owner or "-"),
            named(one.capabilities[0].name) if one.capabilities else "-",
            f"{len(one.reviewers)}/{one.reviewers_needed}",
            f"{one.accounts:,}",
            f"{one.log_e_value:.1f}",
        )
    Console().print(table)


def case_page(case: "Case", accounts: "Page[Account]", happened: "Page[Happened]", depth: int) -> None:
    out, one = Console(highlight=False), case.summary
    out.print(Text(f"Case {clean(one.case_id)}: {one.state}", style="bold"))
    span = (
        f", {minute(one.first_seen)} to {minute(one.last_seen)}"
        if one.first_seen is not None and one.last_seen is not None
        else ""
    )
    reviewed = clean(", ".join(one.reviewers)) or "nobody"
    for line in (
        f"{many(one.accounts, 'account')}, {many(one.exchanges, 'exchange')}, {one.tokens_out:,} tokens out{span}",
        f"takes {_mix(one)}; log e-value {one.log_e_value:.1f}",
        f"campaigns: {clean(', '.join(one.campaign_ids)) or 'none now'}",
        f"owner: {clean(one.owner or 'nobody')}; can become {' or '.join(case.next_states)}",
        f"reviewed by {reviewed}; a block needs {one.reviewers_needed}"
        + (" and has them" if one.may_block else ""),
    ):
        out.print(Text(f"  {line}"))
    if case.merged or case.split_from:
        ids = ", ".join(case.merged) or "none"
        out.print(Text(f"  merged into it: {ids}; split from: {case.split_from or 'none'}"))
    for claim in case.evidence:
        out.print(evidence_tree(claim, depth=depth))
    out.print(_account_table(accounts))
    out.print(_history_table(happened.rows))
    for rest, what in ((accounts.next, "accounts"), (happened.next, "entries")):
        if rest is not None:
            out.print(Text(f"there are more {what}: --format json shows all"))


def _account_table(page: "Page[Account]") -> Table:
    table = Table(title="Accounts", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("account", "probability", "illicit", "exchanges", "flagged", "now"):
        table.add_column(heading, overflow="fold")
    for row in page.rows:
        now = "cleared" if row.cleared else "in the campaign" if row.current else "has left"
        table.add_row(
            _safe(row.account_id),
            percent(row.probability),
            percent(row.illicit_share),
            f"{row.exchanges:,}",
            minute(row.flagged_at),
            now,
        )
    return table


def _history_table(rows: "Iterable[Happened]") -> Table:
    table = Table(title="History", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("entry", "when", "who", "what", "why"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(str(row.number), minute(row.ts), _safe(row.by), named(row.kind), _safe(row.text or ""))
    return table


def _mix(one: "Summary") -> str:
    return listed((named(share.name), share.share) for share in one.capabilities) or "what is not known"


def _safe(text: str) -> Text:
    return Text(clean(text, SHOWN))
