"""What leaves the audit: lines of an export, inclusion proofs, answers to appeals. Checking them needs no store."""

import msgspec

from stillwatch.cases.entry import Entry


class Inclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What shows that an entry stands in the log, against a signed checkpoint. Hashes are Base64."""

    number: int
    size: int
    hashes: list[str]
    checkpoint: str
    public_key: str


class Appeal(msgspec.Struct, frozen=True, kw_only=True, tag="appeal", tag_field="type"):
    """An answer that can be checked offline: what was decided, why, and the proof that it is in the audit."""

    decision_id: str
    account_id: str | None  # None where it was deleted
    step: str
    reason: str | None
    message: str | None
    automatic: str
    contest: str
    entry: Entry
    inclusion: Inclusion


class LogLine(msgspec.Struct, frozen=True, tag="log", tag_field="type"):
    """The first line of an export: the log's name, and the public key that signs it."""

    origin: str
    public_key: str


class EntryLine(msgspec.Struct, frozen=True, tag="entry", tag_field="type"):
    """One entry."""

    entry: Entry


class CheckpointLine(msgspec.Struct, frozen=True, tag="checkpoint", tag_field="type"):
    """A signed note over the entries before it."""

    note: str


Line = LogLine | EntryLine | CheckpointLine
