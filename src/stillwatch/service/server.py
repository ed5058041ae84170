"""The HTTP server: uvicorn, with an end to all waiting for a client.

A connection must send a whole head in time, and is cut when it takes nothing of its answer for as long. Bodies are
bounded at the edge of the application. More connections than there may be are closed as they come.
"""

import asyncio
import socket
from asyncio import TimerHandle
from http import HTTPStatus
from threading import Event
from typing import ClassVar, Protocol

import h11
import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from stillwatch.records import UsageError
from stillwatch.service.edge import App
from stillwatch.service.problem import CONTENT_TYPE, Problem

HEAD_BYTES = 32 << 10
KEEP_ALIVE = 15  # seconds between two requests of a connection
LEAVE = 20  # seconds that requests have when the service ends


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection may cost."""

    connections: int = 500
    head_seconds: float = 10.0  # until a head has arrived
    take_seconds: float = 30.0  # that a client may take nothing of its answer


class Ends(Protocol):
    """What is told that the server goes down."""

    ending: Event


class Server(uvicorn.Server):
    """Lets streams end before it waits for requests to."""

    def __init__(self, app: App, standing: Ends, waits: Waits | None = None) -> None:
        self._standing = standing
        super().__init__(
            uvicorn.Config(
                app,
                http=type("Bound", (Bounded,), {"waits": waits or Waits()}),
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # whom to believe about addresses is decided at the edge
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=LEAVE,
                h11_max_incomplete_event_size=HEAD_BYTES,
            )
        )

    async def shutdown(self, sockets: "list[socket.socket] | None" = None) -> None:
        self._standing.ending.set()
        await super().shutdown(sockets)


def listening(host: str, port: int) -> socket.socket:
    """A socket for the server. Raises UsageError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off where a socket says that it is TCP; else each answer waits 40 ms for a client.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(512)
    except (OSError, OverflowError) as error:
        found.close()
        raise UsageError(f"{host}:{port} cannot be served: {error}") from error
    return found


class Bounded(H11Protocol):
    """A connection that is cut when its client keeps the service waiting."""

    waits: ClassVar[Waits]
    _waiting: TimerHandle | None = None
    _stalled: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > self.waits.connections:
            transport.abort()
            return
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._head_came()
        elif self._waiting is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.waits.take_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """As uvicorn does it, in the shape of all errors."""
        bad = HTTPStatus.BAD_REQUEST
        problem = Problem(title=bad.phrase, status=bad.value, detail=msg, request_id="")
        headers = [("content-type", CONTENT_TYPE), ("connection", "close")]
        for event in (
            h11.Response(status_code=bad.value, headers=headers, reason=bad.phrase.encode()),
            h11.Data(data=msgspec.json.encode(problem)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._waiting = self.loop.call_later(self.waits.head_seconds, self.transport.abort)

    def _head_came(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
