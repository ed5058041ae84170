"""The audit: its checkpoint, its entries, proofs, and all of it as a file that verifies offline."""

from base64 import b64encode
from collections.abc import Iterator

import msgspec
from starlette.responses import Response, StreamingResponse

from stillwatch import cases
from stillwatch.cases.api import Appeal, Entry, Inclusion
from stillwatch.service.operation import Asked, Id, Limit, Media, Nothing, Number, Operation

LINES = Media("application/x-ndjson", "The log as `stillwatch verify-audit` reads it")
PIECE = 64 << 10  # bytes sent at once


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries from a number on."""

    start: Number = 0
    limit: Limit = 100


class OfEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entry."""

    number: Number


class Sizes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log when it had `old` entries, and when it had `size`."""

    old: Number
    size: Number


class OfDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decision of a gateway."""

    decision_id: Id


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The log as it is now, signed, and the key to check it with."""

    checkpoint: str
    public_key: str


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """Entries in order, and the number to go on from; null at the end."""

    entries: list[Entry]
    next: int | None


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """Shows that the log of `size` entries begins with that of `old`. Hashes are Base64."""

    old: int
    size: int
    hashes: list[str]


def checkpoint(asked: Asked[Nothing, None]) -> Checkpoint:
    origin = cases.origin_of(asked.tenant.name)
    return Checkpoint(
        checkpoint=cases.signed(asked.tenant),
        public_key=cases.verifier_key(origin, asked.tenant.signer.public),
    )


def entries(asked: Asked[Range, None]) -> Entries:
    start, limit = asked.parameters.start, asked.parameters.limit
    found = cases.list_entries(asked.tenant, start=start, limit=limit + 1)
    return Entries(entries=found[:limit], next=found[limit].number if len(found) > limit else None)


def proof(asked: Asked[OfEntry, None]) -> Inclusion:
    with asked.tenant.writing() as connection:  # a checkpoint is signed where there is none of this size
        return cases.prove(asked.tenant, connection, asked.parameters.number)


def consistency(asked: Asked[Sizes, None]) -> Consistency:
    old, size = asked.parameters.old, asked.parameters.size
    with asked.tenant.reading() as connection:
        hashes = cases.prove_consistency(asked.tenant, connection, old, size)
    return Consistency(old=old, size=size, hashes=[b64encode(one).decode() for one in hashes])


def export(asked: Asked[Nothing, None]) -> Response:
    return StreamingResponse(_pieces(cases.export(asked.tenant)), media_type=LINES.content_type)


def _pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    piece = b""
    for line in lines:
        piece += line
        if len(piece) >= PIECE:
            yield piece
            piece = b""
    yield piece


def appeal(asked: Asked[OfDecision, None]) -> Appeal:
    return cases.appeal(asked.tenant, asked.parameters.decision_id)


OPERATIONS = [
    Operation(
        name="get_checkpoint",
        method="GET",
        path="/audit/checkpoint",
        scope="read",
        summary="The audit as it is now, signed",
        run=checkpoint,
        answer=Checkpoint,
    ),
    Operation(
        name="list_entries",
        method="GET",
        path="/audit/entries",
        scope="read",
        summary="Entries of the audit by number",
        run=entries,
        answer=Entries,
        parameters=Range,
    ),
    Operation(
        name="get_proof",
        method="GET",
        path="/audit/entries/{number}/proof",
        scope="read",
        summary="The inclusion proof of an entry",
        run=proof,
        answer=Inclusion,
        parameters=OfEntry,
    ),
    Operation(
        name="get_consistency",
        method="GET",
        path="/audit/consistency",
        scope="read",
        summary="The proof that the audit only grew",
        run=consistency,
        answer=Consistency,
        parameters=Sizes,
    ),
    Operation(
        name="export_audit",
        method="GET",
        path="/audit/export",
        scope="read",
        summary="The whole audit as JSON lines",
        run=export,
        answer=LINES,
    ),
    Operation(
        name="answer_appeal",
        method="GET",
        path="/decisions/{decision_id}/appeal",
        scope="read",
        summary="The answer to somebody who contests a decision, with its proof",
        run=appeal,
        answer=Appeal,
        parameters=OfDecision,
    ),
]
