"""Gateway decisions in the audit, and the answer to somebody who contests one.

The entry is the record: there is no decision without an entry. The account's id is its personal part.
"""

import json
from collections.abc import Sequence

import msgspec
import sqlalchemy as sql

from stillwatch.cases.audit import append_many, prove, read_entries
from stillwatch.cases.audit_records import Appeal
from stillwatch.cases.entry import Draft, canonical, read, shown
from stillwatch.cases.marked import note_marks
from stillwatch.cases.rows import in_parts
from stillwatch.cases.schema import entries
from stillwatch.cases.store import Tenant
from stillwatch.records import Decision, NotThere, Rejection, TakenDecision

KIND = "decision"
GATEWAY = "gateway"
APART = {"decision_id", "account_id", "case_id"}  # fields that are not among an entry's facts
LONGEST_ID = 600  # characters: with up to four bytes each, what an index of PostgreSQL can hold
CONTEST = (
    "Answer with the decision id. A person who took no part in the decision will look at the case, can undo the step,"
    " and will tell you the result and the reason."
)
AUTOMATIC = "The step was taken by a rule, without a person, on a verdict computed ahead from the traffic of many accounts."
ON_STANDING = "The step was taken by a rule, without a person, on what was asked of the account and had not been proved by then."
REVIEWED = "The step was taken by a rule, in a case that {} confirmed."


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions that were written, those that stood there already, and those that cannot be."""

    written: int
    repeated: int
    rejected: list[Rejection]


def record_decisions(tenant: Tenant, decisions: Sequence[Decision | TakenDecision]) -> Recorded:
    """Write decisions, with what became of them where that is told; one delivered twice is written once."""
    rejected: list[Rejection] = []
    drafts: dict[str, Draft] = {}
    for at, one in enumerate(decisions):
        decision = one.decision if isinstance(one, TakenDecision) else one
        draft = _draft(decision, _became(one) if isinstance(one, TakenDecision) else {})
        if isinstance(draft, str):
            rejected.append(Rejection("decisions", at + 1, draft))
        else:
            drafts.setdefault(decision.decision_id, draft)
    with tenant.writing() as connection:
        for part in in_parts(list(drafts)):
            wanted = sql.select(entries.c.decision_id).where(
                tenant.mine(entries), entries.c.decision_id.in_(part)
            )
            for known in connection.execute(wanted).scalars():
                del drafts[known]
        append_many(tenant, connection, drafts.values())
        note_marks(tenant, connection, (one for one in decisions if _id(one) in drafts))
    repeated = len(decisions) - len(rejected) - len(drafts)
    return Recorded(written=len(drafts), repeated=repeated, rejected=rejected)


def _id(one: Decision | TakenDecision) -> str:
    return one.decision.decision_id if isinstance(one, TakenDecision) else one.decision_id


def _became(taken: TakenDecision) -> dict[str, object]:
    """What a gateway did with a decision, as facts of its entry."""
    told = {
        "route": taken.route,
        "outcome": taken.outcome,
        "http_status": taken.http_status,
        "delay": taken.delay,
    }
    return {name: value for name, value in told.items() if value}


def _draft(decision: Decision, became: dict[str, object]) -> Draft | str:
    """The entry of a decision, or why it cannot be written."""
    if not decision.decision_id:
        return "it has no decision id"
    for name in ("decision_id", "account_id", "case_id"):
        if len(getattr(decision, name) or "") > LONGEST_ID:
            return f"its {name} is longer than {LONGEST_ID:,} characters"
    facts = {
        name: value
        for name, value in msgspec.structs.asdict(decision).items()
        if name not in APART and value not in (None, "", {})
    }
    facts |= became
    if "settings" in facts:
        facts["settings"] = dict(decision.settings)
    try:
        canonical(facts)
    except (ValueError, TypeError) as error:
        return f"decision {decision.decision_id!r} has no JSON: {error}"
    return Draft(
        kind=KIND,
        by=GATEWAY,
        case_id=decision.case_id,
        decision_id=decision.decision_id,
        facts=facts,
        accounts=[decision.account_id],
    )


def appeal(tenant: Tenant, decision_id: str, *, contest: str = CONTEST) -> Appeal:
    """The answer to somebody who contests a decision. Raises NotThere where there is none of this id."""
    with tenant.writing() as connection:
        this = entries.c.decision_id == decision_id
        entry = next(read_entries(tenant, connection, this), None)
        if entry is None:
            raise NotThere(f"the audit holds no decision {decision_id!r}")
        leaf = read(entry)
        confirmed = confirmed_by(tenant, connection, leaf.case_id, entry.number)
        inclusion = prove(tenant, connection, entry.number)
    accounts = shown(entry).get("account_id", [])
    return Appeal(
        decision_id=leaf.decision_id or decision_id,
        account_id=accounts[0] if accounts else None,
        step=str(leaf.facts.get("step", "")),
        reason=_text(leaf.facts.get("reason")),
        message=_text(leaf.facts.get("message")),
        automatic=_automatic(confirmed, on_standing="standing_id" in leaf.facts),
        contest=contest,
        entry=entry,
        inclusion=inclusion,
    )


def _automatic(confirmed: list[str], *, on_standing: bool) -> str:
    if on_standing:
        return ON_STANDING
    return REVIEWED.format(" and ".join(confirmed)) if confirmed else AUTOMATIC


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def confirmed_by(tenant: Tenant, connection: sql.Connection, case_id: str | None, before: int) -> list[str]:
    """Who had confirmed the case by then, and not opened it again."""
    if case_id is None:
        return []
    people: list[str] = []
    wanted = sql.select(entries.c.leaf).where(
        tenant.mine(entries),
        entries.c.case_id == case_id,
        entries.c.decision_id.is_(None),
        entries.c.number < before,
    )
    for text in connection.execute(wanted.order_by(entries.c.number)).scalars():
        said = json.loads(text)
        if said["kind"] == "case_confirmed" and said["by"] not in people:
            people.append(said["by"])
        elif said["kind"] == "case_reopened":
            people.clear()
    return people
