"""One request over HTTP, bounded in time and size. Redirects are not followed: the key and the code go where they were sent.

For https, the proxy that the environment names is used, as other programs do.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from stillwatch.codescan.model.endpoint import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

ANSWER_BYTES = 1_000_000
CHUNK = 65_536


class Unanswered(Exception):
    """There is no answer; the message says why, in our words."""


class TooLarge(Exception):
    """The answer is larger than any that was asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and the body of an answer, whatever the status."""

    status: int
    wait: float | None
    """Seconds after which the endpoint wants to be asked again."""
    body: bytes


def send(
    method: str, url: SplitResult, headers: Mapping[str, str], body: bytes | None, seconds: float
) -> Reply:
    """Send a request and read the answer whole. Raises Unanswered, or TooLarge."""
    until = time.monotonic() + seconds
    connection = _connection(url, seconds)
    timer = Timer(seconds, _cut, (connection,))  # headers that trickle in would outlast the socket's patience
    timer.daemon = True
    timer.start()
    try:
        connection.request(method, url.path or "/", body, {**headers, "Accept-Encoding": "identity"})
        with connection.getresponse() as response:
            return Reply(response.status, _wait(response), _read(response, until, connection))
    except (OSError, HTTPException, ValueError) as error:
        if time.monotonic() >= until or isinstance(error, TimeoutError):
            raise Unanswered(f"no answer in {seconds:g} seconds") from None
        raise Unanswered(_why(error)) from None
    finally:
        timer.cancel()
        connection.close()


def _connection(url: SplitResult, seconds: float) -> HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "http":
        return HTTPConnection(host, url.port, timeout=seconds)
    proxy = None if is_loopback(host) or proxy_bypass(host) else getproxies().get("https")
    context = ssl.create_default_context()
    if proxy is None:
        return HTTPSConnection(host, url.port, timeout=seconds, context=context)
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    connection = HTTPSConnection(
        through.hostname or "", through.port or 8080, timeout=seconds, context=context
    )
    connection.set_tunnel(host, url.port or 443)
    return connection


def _cut(connection: HTTPConnection) -> None:
    sock: socket.socket | None = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, until: float, connection: HTTPConnection) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        part = response.read1(CHUNK)
        if not part:
            break
        size += len(part)
        if size > ANSWER_BYTES:
            raise TooLarge
        parts.append(part)
    if response.length:
        raise HTTPException
    return b"".join(parts)


def _wait(response: HTTPResponse) -> float | None:
    said = response.getheader("Retry-After", "").strip()
    return float(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def _why(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "the connection was refused"
        case ssl.SSLError():
            return f"no secure connection: {error.reason or type(error).__name__}"
        case socket.gaierror():
            return "the host is not known"
        case HTTPException():
            return "the answer is not HTTP, or was cut short"
        case OSError() if error.strerror:
            return f"no connection: {error.strerror}"
    return f"no connection: {type(error).__name__}"
