"""Alarms of the watch: those there were, and a stream of those to come."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

import msgspec
from starlette.responses import Response, StreamingResponse

from stillwatch.records import Micros, Notice
from stillwatch.service.operation import Asked, Cursor, Id, Limit, Media, Operation
from stillwatch.service.problem import AGAIN, Refused
from stillwatch.sinks import read

EVENTS = Media(
    "text/event-stream", "Alarms as Server-Sent Events; `id` is the alarm's, `data` the alarm as JSON"
)
LOOK = 0.5  # seconds between looks at the file
BEAT = 15.0  # seconds without an event after which a comment shows that the stream lives
MOST_STREAMS = 64
LONGEST = 3600  # seconds; a client connects again, and its token is looked at again


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alarms."""

    campaign_id: Id | None = None
    kind: Id | None = None
    after: Cursor | None = None
    limit: Limit = 50


class Listening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the stream stays open. 0 ends it after what is there."""

    seconds: Annotated[int, msgspec.Meta(ge=0, le=LONGEST)] = LONGEST


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm."""

    alarm_id: str
    ts: Micros
    campaign_id: str
    kind: str
    accounts: int
    exchanges_so_far: int
    log_e_value: float | str
    summary: str
    watch: str
    written_at: Micros
    case_id: str | None


class Alarms(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms, the latest written first, and the cursor of those before them."""

    rows: list[Raised]
    next: str | None


def list_(asked: Asked[Wanted, None]) -> Alarms:
    wanted = asked.parameters
    notices, _ = _read(asked.home.alarms, 0)
    end = len(notices) if wanted.after is None else min(int(wanted.after.partition(":")[0]), len(notices))
    rows: list[Raised] = []
    for number in range(end - 1, -1, -1):
        alarm = notices[number].alarm
        if wanted.campaign_id not in (None, alarm.campaign_id) or wanted.kind not in (None, alarm.kind):
            continue
        if len(rows) == wanted.limit:
            return Alarms(rows=rows, next=str(number + 1))
        rows.append(_raised(notices[number]))
    return Alarms(rows=rows, next=None)


def stream(asked: Asked[Listening, None]) -> Response:
    """From the alarm after `Last-Event-ID` on; without one, of those to come, and with 0 seconds all there are."""
    alarms = asked.home.alarms
    if asked.standing.streams >= MOST_STREAMS:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "too many streams are open", {"retry-after": AGAIN})
    known, end = _read(alarms, 0)
    seen = [notice.alarm_id for notice in known]
    if asked.resumed in seen:
        known = known[seen.index(asked.resumed) + 1 :]
    elif asked.parameters.seconds:
        known = []
    return StreamingResponse(_events(asked, known, end), media_type=EVENTS.content_type)


async def _events(asked: Asked[Listening, None], known: list[Notice], end: int) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.parameters.seconds
    beat = loop.time() + BEAT
    asked.standing.streaming(1)
    try:
        while True:
            for notice in known:
                yield _event(notice)
            if (
                loop.time() >= until
                or asked.standing.ending.is_set()
                or asked.tenant.clock() >= asked.token.expires_at
            ):
                return
            if loop.time() >= beat:
                beat = loop.time() + BEAT
                yield b":\n\n"
            await asyncio.sleep(LOOK)
            known, end = await asyncio.to_thread(_read, asked.home.alarms, end)
    finally:
        asked.standing.streaming(-1)


def _event(notice: Notice) -> bytes:
    return b"id: %s\nevent: alarm\ndata: %s\n\n" % (
        notice.alarm_id.encode("ascii", "replace"),
        msgspec.json.encode(_raised(notice)),
    )


def _read(alarms: Path, start: int) -> tuple[list[Notice], int]:
    """The alarms of whole lines from an offset on, and the offset after them."""
    try:
        with alarms.open("rb") as file:
            file.seek(start)
            data = file.read()
    except FileNotFoundError:  # nothing was alarmed yet
        return [], start
    whole = data[: data.rfind(b"\n") + 1]
    notices = []
    for line in whole.splitlines():
        try:
            notices.append(read(line))
        except ValueError:  # a tail that a killed watch left; it is cut off with the next alarm
            continue
    return notices, start + len(whole)


def _raised(notice: Notice) -> Raised:
    alarm = notice.alarm
    finite = abs(alarm.log_e_value) < float("inf")
    return Raised(
        alarm_id=notice.alarm_id,
        ts=alarm.ts,
        campaign_id=alarm.campaign_id,
        kind=alarm.kind,
        accounts=alarm.accounts,
        exchanges_so_far=alarm.exchanges_so_far,
        log_e_value=alarm.log_e_value if finite else str(alarm.log_e_value),
        summary=alarm.summary,
        watch=notice.watch,
        written_at=notice.written_at,
        case_id=notice.case_id,
    )


OPERATIONS = [
    Operation(
        name="list_alarms",
        method="GET",
        path="/alarms",
        scope="read",
        summary="Alarms, the latest written first",
        run=list_,
        answer=Alarms,
        parameters=Wanted,
    ),
    Operation(
        name="follow_alarms",
        method="GET",
        path="/alarms/stream",
        scope="read",
        summary="Alarms as they are raised; `Last-Event-ID` resumes",
        run=stream,
        answer=EVENTS,
        parameters=Listening,
    ),
]
