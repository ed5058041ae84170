"""What a person found out and vouches for: a contract, an entry in a register, owners, who answers for it, an audit.

Shows: that a named person of the operator entered it, when it was checked, and where in the operator's own files the
record lies. The person is the owner of the token, and the audit has the note.
Keeps: the reference, the register's name, and a keyed token of the `identifier` (a registry number, a contract's number, an
accountable person as the operator names them), by which accounts with the same one are linked. No document.
Ends: with `ends_at` where the record ends sooner than its kind.
Cannot show: more than the person looked at.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from stillwatch.access.verification.methods._proving.interface import Answering, Given, Id, Line, Method
from stillwatch.access.verification.proof import SKEW
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

Entered: TypeAlias = Literal[
    "registry_number",
    "beneficial_owners",
    "accountable_person",
    "contract",
    "audit",
    "payment",
    "identity_ial2",
]
Time: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times are microseconds since 1970."""

    account_id: Id
    kind: Entered
    reference: Line  # where the record lies in the operator's own files
    source: Line  # what was looked at: the register, the auditor
    checked_at: Time
    ends_at: Time | None = None
    identifier: Line | None = None
    note: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]  # kept by the audit


def complete(answering: Answering) -> Given:
    record = answering.answer
    if record.checked_at > answering.now + SKEW:
        raise Refused("clock_skewed", "it cannot have been checked later than now")
    known = record.identifier
    subjects = () if known is None else (answering.keyed.subject(record.kind, record.source, known),)
    return Given(
        kind=record.kind,
        provenance={"reference": record.reference, "source": record.source},
        subjects=subjects,
        made_at=Micros(record.checked_at),
        until=None if record.ends_at is None else Micros(record.ends_at),
    )


METHOD = Method(
    gives=(
        "registry_number",
        "beneficial_owners",
        "accountable_person",
        "contract",
        "audit",
        "payment",
        "identity_ial2",
    ),
    completes=Record,
    complete=complete,
)
