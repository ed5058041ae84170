"""Questions to a model, within a budget; whatever goes wrong is counted and leaves the scan as it was.

What concerns one answer (it is refused, malformed, too large) costs that question. What concerns the endpoint (it is not there,
takes no key, has no time) ends the asking.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from stillwatch.codescan.coverage import Consulted
from stillwatch.codescan.model import protocols
from stillwatch.codescan.model.keeping import Kept
from stillwatch.codescan.model.plain import plain
from stillwatch.codescan.model.protocols import Heard, Question, Unusable, beneath
from stillwatch.codescan.model.transport import Reply, TooLarge, Unanswered, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stillwatch.codescan.model.endpoint import Endpoint, Protocol

T = TypeVar("T")
ANSWER_TOKENS = 8_000
TRIES = 3  # of one question
LATER = frozenset({408, 429, 500, 502, 503, 504, 529})
NO_KEY, NOT_THERE = frozenset({401, 403}), frozenset({404, 405})
WAIT_LIMIT = 20.0  # seconds that an endpoint may ask us to wait
BYTES_PER_TOKEN = 4  # of an estimate, where an endpoint says less or nothing


@dataclass(frozen=True, slots=True)
class Budget:
    """Questions that may be asked and tokens they may take; `seconds` is the time for one answer, `pause` the first between two tries."""

    calls: int = 8
    tokens: int = 200_000
    seconds: float = 180.0
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Matter:
    """What a question is about: the file whose code is sent, how much of it, and how many secrets were masked."""

    path: str
    size: int
    masked: int
    digest: str
    """Of all that the answer depends on but the endpoint."""


class _Models(msgspec.Struct):
    """A list of models, as far as it says which protocol gives it."""

    object: str = ""
    has_more: bool | None = None
    data: list[msgspec.Raw] | None = None


class Stopped(Exception):
    """The endpoint cannot be asked any more; the message says why, in our words."""


class Asker:
    """Asks one endpoint, and keeps account of it."""

    def __init__(
        self, endpoint: Endpoint, budget: Budget, cache: Path | None, tell: Callable[[str], None]
    ) -> None:
        self.endpoint, self.budget, self.tell = endpoint, budget, tell
        self.dropped: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.hypotheses = self.patches = 0
        self._kept = Kept(cache)
        self._files: dict[str, None] = {}
        self._questions = self._from_before = self._bytes = self._masked = self._tokens = 0
        self._stopped = ""

    @property
    def left(self) -> int:
        """Questions that may still be asked."""
        return 0 if self._stopped else self.budget.calls - self._questions

    def account(self) -> Consulted:
        return Consulted(
            model=self.endpoint.model, endpoint=self.endpoint.place, questions=self._questions,
            kept=self._from_before, files=tuple(self._files), bytes=self._bytes, masked=self._masked,
            tokens=self._tokens, hypotheses=self.hypotheses, patches=self.patches,
            dropped=dict(sorted(self.dropped.items())), failed=dict(sorted(self.failed.items())),
        )  # fmt: skip

    def ask(self, question: Question, matter: Matter, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the answer; None where there is none that it can read. `read` raises Unusable."""
        if self.left <= 0:
            self._stopped = self._stopped or "the budget of calls is used up"
            self._fail(self._stopped, matter)
            return None
        self._questions += 1
        known = self._kept.get(matter.digest)
        if known is not None:
            try:
                answer = read(known)
            except Unusable:
                pass  # it was changed where it is kept: asked again
            else:
                self._from_before += 1
                self.tell(f"model: the answer about {matter.path} is kept from before; nothing is sent")
                return answer
        try:
            heard = self._heard(question, matter)
            answer = read(heard.text)
        except Unusable as error:
            self._fail(str(error), matter)
            return None
        except Stopped as error:
            self._stopped = str(error)
            self._fail(self._stopped, matter)
            self.tell("model: it is not asked again; the scan goes on as without it")
            return None
        self._kept.put(matter.digest, heard.text)
        return answer

    def _fail(self, why: str, matter: Matter) -> None:
        if why != self._stopped or why not in self.failed:
            self.tell(f"model: no answer about {matter.path}: {why}")
        self.failed[why] += 1

    def _heard(self, question: Question, matter: Matter) -> Heard:
        size = len(question.rules.encode()) + len(question.task.encode())
        if self._tokens + size // BYTES_PER_TOKEN + ANSWER_TOKENS > self.budget.tokens:
            raise Stopped("the budget of tokens is used up")
        if self.endpoint.protocol is None:
            self.endpoint = replace(self.endpoint, protocol=self._protocol())
        masked = f", {matter.masked} secrets masked" if matter.masked else ""
        self.tell(f"model: sending {matter.path} ({matter.size:,} bytes of code{masked})")
        self._files[matter.path] = None
        self._bytes += matter.size
        self._masked += matter.masked
        heard = self._answered(question)
        self._tokens += max(heard.tokens, (size + len(heard.text)) // BYTES_PER_TOKEN)
        return heard

    def _answered(self, question: Question) -> Heard:
        """The answer to a question, asked again where the endpoint has no time now."""
        protocol = protocols.catalogue()[self.endpoint.protocol or ""]
        body: msgspec.Struct = protocol.body(self.endpoint.model, question, ANSWER_TOKENS)
        for number in range(1, TRIES + 1):
            reply = self._sent(
                "POST", protocol.path(self.endpoint.base.path), protocol.headers(self.endpoint.key), body
            )
            if reply.status == 200:
                heard: Heard = protocol.heard(reply.body)
                return heard
            other = protocol.otherwise(body, reply.body) if reply.status == 400 else None
            if other is not None:
                body = other
                continue
            if reply.status not in LATER:
                raise self._refused(reply)
            wait = self.budget.pause * 4 ** (number - 1) if reply.wait is None else reply.wait
            if number == TRIES or wait > WAIT_LIMIT:
                break
            self.tell(f"model: asked to come back later (HTTP {reply.status}); waiting {wait:g} seconds")
            time.sleep(wait)
        raise Stopped(f"it has no time for us (HTTP {reply.status})")

    def _sent(self, method: str, path: str, headers: dict[str, str], body: msgspec.Struct | None) -> Reply:
        written = None if body is None else msgspec.json.encode(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        url = self.endpoint.base._replace(path=path)
        try:
            return send(method, url, {**headers, **kind}, written, self.budget.seconds)
        except Unanswered as error:
            raise Stopped(str(error)) from None
        except TooLarge:
            raise Unusable("the answer is too large") from None

    def _refused(self, reply: Reply) -> Exception:
        """What an answer of another status means; the endpoint's own words are shown to the user alone."""
        if reply.status in NO_KEY:
            return Stopped(f"the key is not accepted (HTTP {reply.status})")
        if reply.status in NOT_THERE:
            return Stopped(f"there is no such model or address (HTTP {reply.status})")
        if 300 <= reply.status < 400:
            return Stopped("it sends us elsewhere, and that is not followed")
        said = reply.body.decode("utf-8", "replace")
        if self.endpoint.key:
            said = said.replace(self.endpoint.key, "(the key)")
        self.tell(f"model: HTTP {reply.status}, with the words {plain(said, 200)!r}")
        return Unusable(f"the question was not accepted (HTTP {reply.status})")

    def _protocol(self) -> Protocol:
        """How the endpoint is spoken to, by the list of models it gives; no code is sent for that."""
        both = {
            **protocols.catalogue()["openai"].headers(self.endpoint.key),
            **protocols.catalogue()["anthropic"].headers(self.endpoint.key),
        }
        reply = self._sent("GET", beneath(self.endpoint.base.path, "/models"), both, None)
        if reply.status in NO_KEY:
            raise self._refused(reply)
        try:
            listed = msgspec.json.decode(reply.body, type=_Models) if reply.status == 200 else _Models()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            listed = _Models()
        if listed.object == "list":
            return "openai"
        if listed.has_more is not None and listed.data is not None:
            return "anthropic"
        raise Stopped("how it is spoken to cannot be told; --model-protocol says it")
