"""What happened in a case, read from its audit: who did what, when and why, over all ids that were merged into it."""

import msgspec
import sqlalchemy as sql

from stillwatch.cases.audit import read_entries
from stillwatch.cases.case_records import Page
from stillwatch.cases.entry import read, shown
from stillwatch.cases.schema import entries
from stillwatch.cases.store import Tenant
from stillwatch.cases.view import get_case
from stillwatch.records import Micros, UsageError


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the audit. `text` and `accounts` are empty where they were deleted."""

    number: int
    ts: Micros
    kind: str
    by: str
    case_id: str
    text: str | None
    facts: dict[str, object]
    accounts: list[str]


def history(
    tenant: Tenant, case_id: str, *, after: str | None = None, limit: int = 50, decisions: bool = False
) -> Page[Happened]:
    """The changes to a case, oldest first; with `decisions` those of gateways as well."""
    return _page(tenant, case_id, None if decisions else entries.c.decision_id.is_(None), after, limit)


def decided(tenant: Tenant, case_id: str, *, after: str | None = None, limit: int = 50) -> Page[Happened]:
    """What gateways decided by a case, oldest first."""
    return _page(tenant, case_id, entries.c.decision_id.is_not(None), after, limit)


def _page(
    tenant: Tenant, case_id: str, kind: sql.ColumnElement[bool] | None, after: str | None, limit: int
) -> Page[Happened]:
    if after is not None and not (after.isascii() and after.isdecimal()):
        raise UsageError(f"no cursor of a page: {after!r}")
    case = get_case(tenant, case_id)
    of_case = entries.c.case_id.in_([case.summary.case_id, *case.merged])
    condition = of_case if kind is None else of_case & kind
    rows: list[Happened] = []
    with tenant.reading() as connection:
        for entry in read_entries(tenant, connection, condition, start=int(after) + 1 if after else 0):
            leaf, said = read(entry), shown(entry)
            if len(rows) == limit:
                return Page(rows, str(rows[-1].number))
            rows.append(
                Happened(
                    number=entry.number,
                    ts=leaf.ts,
                    kind=leaf.kind,
                    by=leaf.by,
                    case_id=leaf.case_id or case_id,
                    text=next(iter(said.get("text", [])), None),
                    facts=leaf.facts,
                    accounts=said.get("account_id", []),
                )
            )
    return Page(rows, None)
