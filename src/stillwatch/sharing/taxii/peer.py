"""A TAXII 2.1 server of somebody else, as this client sees it.

What a peer sends is hostile until it is read: answers are bounded, redirects are not followed, and a peer that does not
answer is asked again, later each time, until patience ends.
"""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import httpx
import msgspec

from stillwatch.records import UnreadableInput, UsageError
from stillwatch.sharing.taxii.records import (
    MEDIA_TYPE,
    ApiRoot,
    Collection,
    Collections,
    Discovery,
    Envelope,
    Error,
    Manifest,
    Status,
    Versions,
)

ANSWER_BYTES = 64 << 20  # unpacked
SHOWN = 200  # characters of what a peer says of an error
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
LOOPBACK = ("127.0.0.1", "::1", "localhost")  # a token is readable on every other plain line
LAST_DATE = "x-taxii-date-added-last"
Resource = TypeVar(
    "Resource", Discovery, ApiRoot, Collection, Collections, Envelope, Manifest, Status, Versions
)
Page = TypeVar("Page", Envelope, Manifest)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a peer is waited for."""

    tries: int = 6  # of one request
    first_wait: float = 0.5  # seconds; each further one is twice as long, and all are shortened at random
    longest_wait: float = 60.0  # also of what a peer asks for by Retry-After
    answer: float = 60.0  # seconds
    status: float = 300.0  # until a peer has worked through what was added


class PeerGone(UnreadableInput):
    """A peer does not answer, or not any more."""


class PeerRefused(UnreadableInput):
    """A peer answers, and does not do what was asked."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Peer:
    """Use it as an async context manager. `token` is sent as a bearer, `user` and `password` as Basic."""

    def __init__(
        self,
        *,
        token: str | None = None,
        basic: tuple[str, str] | None = None,
        certificate: str | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.patience = patience or Patience()
        headers = {"accept": MEDIA_TYPE}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        self._client = httpx.AsyncClient(
            headers=headers,
            auth=basic,
            timeout=self.patience.answer,
            transport=transport,
            verify=_context(certificate),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def collections(self, url: str) -> dict[str, Collection]:
        """The collections at a URL, by their own URLs: of a server, of one API root of it, or one collection alone."""
        url = _slashed(url)
        _check_line(url)
        found = await self._any(url)
        if isinstance(found, Collection):
            return {url: found}
        roots = _within(url, found.api_roots) if isinstance(found, Discovery) else [url]
        out: dict[str, Collection] = {}
        for root in roots:
            listed = await self._get(f"{root}collections/", Collections)
            out |= {f"{root}collections/{quote(one.id, safe='')}/": one for one in listed.collections}
        return out

    async def root_of(self, collection_url: str) -> ApiRoot:
        """The API root that a collection is in."""
        return await self._get(collection_url.rpartition("collections/")[0], ApiRoot)

    async def objects(
        self, collection_url: str, parameters: Mapping[str, str], *, limit: int
    ) -> AsyncIterator[tuple[Envelope, str | None]]:
        """Pages of objects, each with the time at which its last one was added, where the peer says so."""
        async for page, headers in self._pages(f"{collection_url}objects/", Envelope, parameters, limit):
            yield page, headers.get(LAST_DATE)

    async def manifest(
        self, collection_url: str, parameters: Mapping[str, str], *, limit: int
    ) -> AsyncIterator[Manifest]:
        async for page, _ in self._pages(f"{collection_url}manifest/", Manifest, parameters, limit):
            yield page

    async def versions(self, collection_url: str, object_id: str) -> list[str]:
        found = await self._get(f"{collection_url}objects/{quote(object_id, safe='')}/versions/", Versions)
        return found.versions

    async def add(self, collection_url: str, bodies: Sequence[bytes]) -> Status:
        """Hand objects in, and wait until the peer has worked through them. Doing it again changes nothing."""
        content = msgspec.json.encode(Envelope(objects=[msgspec.Raw(body) for body in bodies]))
        answer, _ = await self._ask("POST", f"{collection_url}objects/", content=content)
        status = _decoded(answer, Status)
        root, waited, pause = collection_url.rpartition("collections/")[0], 0.0, self.patience.first_wait
        while status.status == "pending":
            if waited > self.patience.status:
                raise PeerGone(f"the peer has not worked through what was added after {waited:.0f} seconds")
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, self.patience.longest_wait)
            status = await self._get(f"{root}status/{quote(status.id, safe='')}/", Status)
        return status

    async def delete(self, collection_url: str, object_id: str) -> bool:
        """Take an object out of a peer's collection; whether it was there."""
        try:
            await self._ask("DELETE", f"{collection_url}objects/{quote(object_id, safe='')}/")
        except PeerRefused as refused:
            if refused.status == httpx.codes.NOT_FOUND:
                return False
            raise
        return True

    async def _any(self, url: str) -> Discovery | ApiRoot | Collection:
        answer, _ = await self._ask("GET", url)
        fields = _decoded_any(answer)
        if "can_read" in fields:
            return _decoded(answer, Collection)
        return _decoded(answer, ApiRoot) if "max_content_length" in fields else _decoded(answer, Discovery)

    async def _get(self, url: str, kind: type[Resource]) -> Resource:
        answer, _ = await self._ask("GET", url)
        return _decoded(answer, kind)

    async def _pages(
        self, url: str, kind: type[Page], parameters: Mapping[str, str], limit: int
    ) -> AsyncIterator[tuple[Page, httpx.Headers]]:
        """Pages until there are no more. A page that leads back to where it was ends it: a peer must not hold us forever."""
        wanted, seen = {**parameters, "limit": str(limit)}, set[str]()
        while True:
            answer, headers = await self._ask("GET", url, parameters=wanted)
            page = _decoded(answer, kind)
            yield page, headers
            if not page.more:
                return
            name, value = ("next", page.next) if page.next else ("added_after", headers.get(LAST_DATE))
            if not value or value in seen:
                raise PeerRefused(200, "the peer says that there is more, and not where")
            seen.add(value)
            wanted[name] = value

    async def _ask(
        self,
        method: str,
        url: str,
        *,
        parameters: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> tuple[bytes, httpx.Headers]:
        """The body of an answer, and its headers. Raises PeerGone and PeerRefused."""
        why = "nothing was tried"
        for trial in range(self.patience.tries):
            wait = self.patience.first_wait * 2**trial
            try:
                status, headers, body = await self._once(method, url, parameters, content)
            except httpx.TransportError as error:
                why = f"{type(error).__name__}: {error}"
            else:
                if status in AGAIN:
                    why, wait = _said(status, body), max(wait, _seconds(headers.get("retry-after")))
                elif status >= httpx.codes.MULTIPLE_CHOICES:
                    raise PeerRefused(status, f"{_place(url)}: {_said(status, body)}")
                else:
                    return body, headers
            if trial + 1 < self.patience.tries:
                await asyncio.sleep(min(wait, self.patience.longest_wait) * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries
        raise PeerGone(f"{_place(url)}: the peer does not answer: {why}")

    async def _once(
        self, method: str, url: str, parameters: Mapping[str, str] | None, content: bytes | None
    ) -> tuple[int, httpx.Headers, bytes]:
        headers = {} if content is None else {"content-type": MEDIA_TYPE}
        request = self._client.stream(method, url, params=parameters, content=content, headers=headers)
        async with request as answer:
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > ANSWER_BYTES:
                    raise PeerRefused(
                        answer.status_code, f"{_place(url)}: the answer has over {ANSWER_BYTES:,} bytes"
                    )
            return answer.status_code, answer.headers, bytes(body)


def _context(certificate: str | None) -> ssl.SSLContext:
    """The authorities that are trusted, with the client certificate and key in one PEM file."""
    context = httpx.create_ssl_context()
    if certificate is not None:
        try:
            context.load_cert_chain(certificate)
        except OSError as error:
            raise UsageError(f"{certificate}: no certificate with its key: {error}") from error
    return context


def _slashed(url: str) -> str:
    """The URL of a resource; of a server that is named by its host alone, where all of them say what they have."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("a peer is named by an http:// or https:// URL")
    if parts.path in ("", "/"):
        return urljoin(url, "/taxii2/")
    return url if url.endswith("/") else f"{url}/"


def _check_line(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UsageError(f"without TLS only this machine is spoken to: use https://{parts.hostname}/")


def _within(url: str, roots: Sequence[str]) -> list[str]:
    """The API roots that are at the same place: a token is not taken elsewhere because a peer says so."""
    found = [_slashed(urljoin(url, root)) for root in roots]
    here = [root for root in found if urlsplit(root)[:2] == urlsplit(url)[:2]]
    if found and not here:
        raise PeerRefused(
            200, f"the peer's API roots are elsewhere, as at {_place(found[0])}: ask there, if you trust it"
        )
    return here


def _decoded(body: bytes, kind: type[Resource]) -> Resource:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerRefused(200, f"the peer sends no {kind.__name__} of TAXII 2.1: {error}"[:SHOWN]) from error


def _decoded_any(body: bytes) -> Mapping[str, object]:
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerRefused(200, f"the peer sends no JSON object: {error}"[:SHOWN]) from error


def _said(status: int, body: bytes) -> str:
    """What a peer says of an error, in letters that can be shown."""
    try:
        error = msgspec.json.decode(body, type=Error)
        told = error.description or error.title
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = ""
    return "".join(c for c in f"{status} {told}" if c.isprintable())[:SHOWN].strip()


def _seconds(told: str | None) -> float:
    return float(told) if told is not None and told.isascii() and told.isdecimal() else 0.0


def _place(url: str) -> str:
    """A URL without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
