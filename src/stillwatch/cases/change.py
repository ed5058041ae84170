"""What a person does, to a case or about a decision, as an entry of the audit."""

from collections.abc import Iterable, Mapping

from sqlalchemy.engine import Connection

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.store import Tenant
from stillwatch.records import UsageError


def enter(
    tenant: Tenant,
    connection: Connection,
    case_id: str | None,
    kind: str,
    *,
    by: str,
    text: str | None = None,
    facts: Mapping[str, object] | None = None,
    accounts: Iterable[str] = (),
) -> None:
    """Write who did what, why, and to which accounts. Raises UsageError without a name or a reason."""
    if not by.strip():
        raise UsageError("a change needs the name of the person who makes it")
    if text is not None and not text.strip():
        raise UsageError("say why: a reason or a note cannot be empty")
    draft = Draft(kind=kind, by=by, case_id=case_id, facts=facts or {}, text=text, accounts=sorted(accounts))
    append_many(tenant, connection, [draft])
