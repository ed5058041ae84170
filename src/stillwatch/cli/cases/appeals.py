"""`stillwatch cases contest`, `settle` and `appeals`."""

from collections.abc import Callable
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stillwatch import cases
from stillwatch.cli.cases.options import (
    DEFAULT,
    AuditKey,
    Person,
    Reason,
    StoreUrl,
    TenantName,
    opened,
    person,
)
from stillwatch.cli.cases.printing import Form, Format, as_json, tell
from stillwatch.records import UsageError
from stillwatch.reports import clean, minute, percent

Decision = Annotated[str, typer.Argument(metavar="DECISION")]


def contest(
    decision_id: Decision,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Take up that somebody contests a decision; `settle` decides it."""
    with opened(store, tenant, audit_key) as mine:
        found = cases.contest(mine, decision_id, by=person(by), reason=reason)
    typer.echo(f"{found.decision_id} contested since {minute(found.opened_at)}")


def settle(
    decision_id: Decision,
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="upheld or reversed")],
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Decide an appeal, as a person who did not confirm the case. `reversed` clears the account and asks no more of it."""
    if outcome not in {"upheld", "reversed"}:
        raise UsageError(f"an appeal is upheld or reversed, not {outcome!r}")
    with opened(store, tenant, audit_key) as mine:
        word: cases.AppealOutcome = "upheld" if outcome == "upheld" else "reversed"
        found = cases.settle_appeal(mine, decision_id, by=person(by), outcome=word, reason=reason)
    typer.echo(f"{found.decision_id} {found.outcome}")


def appeals(
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="only those that nobody decided yet")] = False,
    after: Annotated[str | None, typer.Option(help="where the page before this one ended")] = None,
    limit: Annotated[int, typer.Option(help="appeals to show", min=1, max=1000)] = 50,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """List appeals, the oldest first, and count what became of them."""
    with opened(store, tenant, audit_key) as mine:
        page = cases.list_appeals(mine, waiting=True if waiting else None, after=after, limit=limit)
        counts = cases.count_appeals(mine)
    if form is Form.JSON:
        as_json({"counts": counts, "appeals": page.rows, "next": page.next})
        return
    table = Table(title="Appeals", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("decision", "contested", "outcome", "decided", "by"):
        table.add_column(heading, overflow="fold")
    for one in page.rows:
        decided = "-" if one.decided_at is None else minute(one.decided_at)
        table.add_row(
            Text(clean(one.decision_id, 120)),
            minute(one.opened_at),
            one.outcome or "waiting",
            decided,
            Text(clean(one.decided_by or "-", 120)),
        )
    Console().print(table)
    share = "" if counts.reversed_share is None else f" ({percent(counts.reversed_share)} of the decided)"
    typer.echo(f"{counts.waiting:,} waiting, {counts.upheld:,} upheld, {counts.reversed:,} reversed{share}")
    if page.next is not None:
        tell(f"there are more: --after {page.next}")


COMMANDS: dict[str, Callable[..., int | None]] = {"contest": contest, "settle": settle, "appeals": appeals}
