"""What gateways and exporters elsewhere hand in: exchanges for the watch, decisions for the audit.

Both are JSON lines, which may be packed with gzip. A line that cannot be read is told with its number and does not
keep the others back. Both may be handed in again: the watch counts an exchange once, the audit holds a decision once.
"""

from http import HTTPStatus

import msgspec

from stillwatch import cases
from stillwatch.cases.api import Recorded
from stillwatch.records import Rejection
from stillwatch.runtime.decided import read_decisions
from stillwatch.service.operation import Asked, Media, Nothing, Operation
from stillwatch.service.problem import Refused
from stillwatch.sources import Block, decode

LINES = Media("application/x-ndjson", "One record a line")
BODY = "body"  # what rejections name as the file
SHOWN = 100  # rejections told of one body
MOST_DECISIONS = 10_000


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """Exchanges that are on disk. `rejected` counts lines that are none; the first of them are told."""

    accepted: int
    rejected: int
    rejections: list[Rejection]


def exchanges(asked: Asked[Nothing, bytes]) -> Spooled:
    spooler = asked.home.spooler
    found = decode(Block("canonical_jsonl", "exchanges", BODY, 1, asked.body))
    accepted, rejections = len(found.batch), found.rejections
    if not accepted:
        why = f"line {rejections[0].line}: {rejections[0].reason}" if rejections else "it is empty"
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"no line of the body is an exchange: {why}")
    spooler.put(asked.body)
    asked.standing.series.spooled(accepted)
    return Spooled(accepted=accepted, rejected=len(rejections), rejections=rejections[:SHOWN])


def decisions(asked: Asked[Nothing, bytes]) -> Recorded:
    found, rejected = read_decisions(asked.body.splitlines(), BODY)
    if len(found) > MOST_DECISIONS:
        raise Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"hand in up to {MOST_DECISIONS:,} decisions at once"
        )
    if not found:
        why = f"line {rejected[0].line}: {rejected[0].reason}" if rejected else "it is empty"
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"no line of the body is a decision: {why}")
    done = cases.record_decisions(asked.tenant, found)
    asked.standing.series.recorded(done.written)
    return msgspec.structs.replace(done, rejected=[*rejected, *done.rejected][:SHOWN])


OPERATIONS = [
    Operation(
        name="hand_in_exchanges",
        method="POST",
        path="/exchanges",
        scope="ingest",
        summary="Hand exchanges to the watch; answered once they are on disk",
        run=exchanges,
        answer=Spooled,
        body=LINES,
        body_bytes=32 << 20,
    ),
    Operation(
        name="hand_in_decisions",
        method="POST",
        path="/decisions",
        scope="ingest",
        summary="Write decisions of a gateway to the audit",
        run=decisions,
        answer=Recorded,
        body=LINES,
        body_bytes=16 << 20,
    ),
]
