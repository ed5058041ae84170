"""`stillwatch share recompute`: make a figure of a shared finding again, from the findings it was made of."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl, TenantName
from stillwatch.cli.share.options import CaseOption, Log, Request, decisions, folder_of
from stillwatch.records import UsageError
from stillwatch.sharing import finding as sharing

PARTS = 3  # of a query id: name, campaign, run


def recompute(
    query_id: Annotated[str, typer.Argument(metavar="QUERY", help="as it stands beside a figure")],
    directory: Annotated[Path, typer.Option("--out", help="directory that `detect` wrote")],
    log: Log = None,
    case_id: CaseOption = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Run the query of a figure again and print its rows, its hash and what it counts, as JSON.

    Refused where the findings, or the accounts that people cleared, are no longer those the figure was made of.
    """
    from stillwatch.sharing.brief import interval  # noqa: PLC0415 - needs the packages of `share`

    name, campaign_id, run = _parts(query_id)
    request = Request(directory=directory, campaign_id=campaign_id, log=log, case_id=case_id)
    with decisions(store, tenant, audit_key, case_id) as mine:
        folder = folder_of(request, mine, made=run)
        if name == interval.QUERY:
            _print_interval(query_id, interval.MEANS, interval.compute_interval(folder, campaign_id))
            return
        found = folder.run(name, campaign_id)
    query = sharing.QUERIES[name]
    answer = {
        "query": found.query,
        "means": query.means,
        "rows": found.rows,
        "sha256": found.sha256,
        "sql": " ".join(query.sql.split()),
    }
    typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())


def _print_interval(query_id: str, means: str, found: "sharing.ComputeInterval | None") -> None:
    answer = {"query": query_id, "means": means, "interval": msgspec.to_builtins(found)}
    typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())


def _parts(query_id: str) -> tuple[str, str, str]:
    parts = query_id.split("/")
    if len(parts) != PARTS:
        raise UsageError(f"a query id is NAME/CAMPAIGN/RUN, not {query_id!r}")
    return parts[0], parts[1], parts[2]


COMMANDS: dict[str, Callable[..., int | None]] = {"recompute": recompute}
