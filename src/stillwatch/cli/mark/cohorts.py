"""`stillwatch mark cohorts`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stillwatch import cases
from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl, TenantName, opened
from stillwatch.cli.cases.printing import as_json
from stillwatch.marks.watermark import MarkKeys, load_secret
from stillwatch.records import Micros
from stillwatch.reports import clean, minute

Json = Annotated[bool, typer.Option("--json", help="for programs")]
Secret = Annotated[
    Path | None,
    typer.Option(help="file with the secret of marks [default: STILLWATCH_MARK_SECRET]"),
]


class CohortLine(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort of the store; `key_id` where the secret is at hand."""

    cohort: str
    campaign_id: str | None
    case_id: str | None
    first_at: Micros
    last_at: Micros
    decisions: int
    key_id: str | None


def command(
    case: Annotated[str | None, typer.Option(help="only those of this case")] = None,
    secret: Secret = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Which campaigns were switched to a mark of their own, and since when.

    With --secret each line also has the id of the cohort's key, which tells whether two secrets make the same one.
    """
    keys = None if secret is None else MarkKeys(load_secret(secret), tenant)
    with opened(store, tenant, audit_key) as mine:
        found = [
            CohortLine(
                **msgspec.structs.asdict(one), key_id=None if keys is None else keys.key_id(one.cohort)
            )
            for one in cases.list_marked(mine, case_id=case)
        ]
    if json:
        as_json(found)
        return
    table = Table(title="Cohorts", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("cohort", "campaign", "case", "marked since", "until", "calls", "key"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(
            one.cohort,
            Text(clean(one.campaign_id or "-")),
            Text(clean(one.case_id or "-")),
            minute(one.first_at),
            minute(one.last_at),
            f"{one.decisions:,}",
            one.key_id or "-",
        )
    Console().print(table)


def cohorts_named(given: list[str], store: str | None, tenant: str, audit_key: Path | None) -> list[str]:
    """Cohorts that are named, and those that a store knows, once each."""
    found = list(dict.fromkeys(given))
    if store is not None:
        with opened(store, tenant, audit_key) as mine:
            found += [one.cohort for one in cases.list_marked(mine) if one.cohort not in found]
    return found
