"""The body of an ASGI request: read ahead within bounds, and given to the application as if it had not been."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from stillwatch.gateways.trouble import Trouble

Message = MutableMapping[str, Any]
REQUEST = "http.request"


class Incoming:
    """What a client sends. `close` it when the call is over."""

    def __init__(self, receive: Callable[[], Awaitable[Message]], trouble: Trouble) -> None:
        self._receive = receive
        self._trouble = trouble
        self._waiting: deque[Message] = deque()  # messages that were read ahead
        self._pending: asyncio.Task[Message] | None = None  # a receive that took too long
        self._replacement: bytes | None = None

    async def read(self, headers: Iterable[tuple[bytes, bytes]], most: int, seconds: float) -> bytes | None:
        """The body; None where it is too long, comes too slowly or is compressed."""
        size, more = 0, True
        until = asyncio.get_running_loop().time() + seconds
        while more:
            message = await self._next(until - asyncio.get_running_loop().time())
            if message is None:
                self._trouble.count("bodies_too_slow")
                return None
            self._waiting.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == REQUEST and message.get("more_body", False)
            if size > most:
                self._trouble.count("bodies_too_long")
                return None
        if any(name == b"content-encoding" and value != b"identity" for name, value in headers):
            self._trouble.count("bodies_encoded")
            return None
        return b"".join(message.get("body", b"") for message in self._waiting)

    def replace(self, body: bytes) -> None:
        """Give the application another body in place of the one that was read."""
        self._replacement = body

    async def receive(self) -> Message:
        """The next message, for the application."""
        if self._replacement is not None:
            body, self._replacement = self._replacement, None
            self._waiting = deque(each for each in self._waiting if each["type"] != REQUEST)
            return {"type": REQUEST, "body": body, "more_body": False}
        if self._waiting:
            return self._waiting.popleft()
        if self._pending is not None:
            pending, self._pending = self._pending, None
            return await pending
        return await self._receive()

    def close(self) -> None:
        if self._pending is not None:
            self._pending.cancel()

    async def _next(self, seconds: float) -> Message | None:
        """The next message if it comes in time. A receive is never broken off: not every server can bear it."""
        receiving = asyncio.ensure_future(self._receive())
        done, _ = await asyncio.wait({receiving}, timeout=max(seconds, 0.0))
        if done:
            return receiving.result()
        self._pending = receiving
        return None
