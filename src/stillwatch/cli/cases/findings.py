"""`stillwatch cases import` and `purge`: what enters a store by itself, and what leaves it with time."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
import typer

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
from stillwatch.records import Micros, UnreadableInput, UsageError
from stillwatch.reports import load

UNITS = {"d": 86_400_000_000, "h": 3_600_000_000}  # microseconds


def import_(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="what `stillwatch detect --out` wrote")],
    watch: Annotated[
        str | None,
        typer.Option(help="name of the watch whose campaign ids these are [default: a run of its own]"),
    ] = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> int:
    """Open a case for each campaign that is new, and refresh the cases of the others.

    Campaign ids are those of one run. With --watch, the same id is the same campaign; else a campaign continues the
    cases with which it shares at least half of the accounts of the smaller of both. The same result can be taken in
    twice.

    Exit code: 0 taken in, 3 where a campaign could not be.
    """
    _, campaigns = load(directory)
    path = directory / "members.parquet"
    try:
        members = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableInput(f"{path}: {error}") from error
    with opened(store, tenant, audit_key, make=True) as mine:
        result = cases.upsert_findings(mine, campaigns, members, watch=watch)
    for rejection in result.rejected:
        tell(f"rejected {directory}: {rejection.reason}")
    if form is Form.JSON:
        as_json(result)
    else:
        for word in ("opened", "refreshed", "reopened"):
            for case_id in getattr(result, word):
                typer.echo(f"{word} {case_id}")
        for campaign_id in result.cleared:
            typer.echo(f"cleared {campaign_id}")
    return UnreadableInput.exit_code if result.rejected else 0


def purge(
    older_than: Annotated[str, typer.Option(help="time without a change: 90d, or hours as in 36h")],
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Delete the account rows of cases that were dismissed long ago.

    The audit keeps its entries, and clearings stay, since they protect the accounts they name.
    """
    with opened(store, tenant, audit_key) as mine:
        before = Micros(mine.clock() - _length(older_than))
        result = cases.purge(mine, before=before, by=person(by))
    if form is Form.JSON:
        as_json(result)
    else:
        typer.echo(f"{result.rows:,} account rows deleted, of {len(result.cases):,} cases")


def redact(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Delete an account's id from the audit and from cases that are done. The audit still verifies.

    Refused while an open or confirmed case holds the account. This cannot be undone.
    """
    with opened(store, tenant, audit_key) as mine:
        gone = cases.redact(mine, account, by=person(by), reason=reason)
    typer.echo(f"{gone:,} personal parts deleted")


def _length(text: str) -> int:
    found = re.fullmatch(r"(\d{1,6})([dh])", text)
    if found is None:
        raise UsageError(f"--older-than: {text!r} is no length of time such as 90d or 36h")
    return int(found[1]) * UNITS[found[2]]


COMMANDS: dict[str, Callable[..., int | None]] = {"import": import_, "purge": purge, "redact": redact}
