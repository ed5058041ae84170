"""Which campaigns were switched to a mark of their own, and when: what a released model is traced by.

A cohort is a name of the campaign, so this tells whose key a student carries. The first decision that marks a cohort is an
entry of the audit; the row beside it counts.
"""

from collections.abc import Iterable

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.schema import marked
from stillwatch.cases.store import Tenant
from stillwatch.records import Decision, Micros, TakenDecision, cohort_of

STEPS = frozenset({"mark", "honey"})  # honey marks too
KIND = "case_marked"
GATEWAY = "gateway"


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort, and what is known of whose it is. `case_id` is the first that a decision named."""

    cohort: str
    campaign_id: str | None
    case_id: str | None
    first_at: Micros
    last_at: Micros
    decisions: int


def note_marks(tenant: Tenant, connection: Connection, decisions: Iterable[Decision | TakenDecision]) -> None:
    """Keep the cohorts of decisions that were acted upon; each decision is to be given once."""
    by_cohort: dict[str, list[Decision]] = {}
    for one in decisions:
        if isinstance(one, TakenDecision) and one.outcome != "applied":
            continue
        decision = one.decision if isinstance(one, TakenDecision) else one
        if decision.step in STEPS and (decision.campaign_id or decision.case_id):
            by_cohort.setdefault(cohort_of(decision), []).append(decision)
    for cohort, found in by_cohort.items():
        _note(tenant, connection, cohort, found)


def _note(tenant: Tenant, connection: Connection, cohort: str, found: list[Decision]) -> None:
    first, last = min(one.ts for one in found), max(one.ts for one in found)
    case_id = next((one.case_id for one in found if one.case_id), None)
    here = tenant.mine(marked) & (marked.c.cohort == cohort)
    row = connection.execute(sql.select(marked).where(here)).first()
    if row is not None:
        values = {
            "first_at": min(first, row.first_at),
            "last_at": max(last, row.last_at),
            "decisions": row.decisions + len(found),
            "case_id": row.case_id or case_id,
        }
        connection.execute(marked.update().where(here).values(**values))
        return
    campaign_id = found[0].campaign_id
    connection.execute(
        marked.insert().values(
            tenant=tenant.name,
            cohort=cohort,
            case_id=case_id,
            campaign_id=campaign_id,
            first_at=first,
            last_at=last,
            decisions=len(found),
        )
    )
    facts = {"cohort": cohort, "since": first}
    if campaign_id is not None:
        facts["campaign_id"] = campaign_id
    append_many(tenant, connection, [Draft(kind=KIND, by=GATEWAY, case_id=case_id, facts=facts)])


def list_marked(tenant: Tenant, *, case_id: str | None = None) -> list[Marked]:
    """All cohorts of a tenant, or those of one case, the first switched first."""
    wanted = sql.select(marked).where(tenant.mine(marked))
    if case_id is not None:
        wanted = wanted.where(marked.c.case_id == case_id)
    with tenant.reading() as connection:
        rows = connection.execute(wanted.order_by(marked.c.first_at, marked.c.cohort)).all()
    return [
        Marked(
            cohort=row.cohort,
            campaign_id=row.campaign_id,
            case_id=row.case_id,
            first_at=Micros(row.first_at),
            last_at=Micros(row.last_at),
            decisions=row.decisions,
        )
        for row in rows
    ]
