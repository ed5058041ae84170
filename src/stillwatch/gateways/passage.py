"""One call on its way through a gateway: what is sent on, and what comes back."""

import os
import time
from typing import TYPE_CHECKING, Any

from stillwatch.gateways._wire.body import Json, decoded, encoded
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.capture import Capture
from stillwatch.gateways.exchange import Finished
from stillwatch.gateways.stream import Stream
from stillwatch.records import Decision, Micros, Route
from stillwatch.responses import EventFilter, Refusal, edits_answers, event_filters, treat_answer

UNAUTHORIZED, FORBIDDEN = 401, 403

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stillwatch.gateways.guard import Guard


class Passage:
    """Made by a guard; see there. No method raises."""

    def __init__(self, guard: "Guard", caller: Caller, route: Route, body: bytes | None) -> None:
        self._guard = guard
        self._raw = body
        self._begun = time.perf_counter()
        self._finished = False
        self._capture = Capture(guard.bounds.answer_bytes, guard.trouble)
        self.caller = caller
        self.route = route
        self.ts = Micros(time.time_ns() // 1000)
        self.exchange_id = caller.exchange_id or f"{self.ts:x}-{os.urandom(6).hex()}"
        self.asked: Mapping[str, Any] = {}  # what the request showed
        self.document: Json = None  # the body to send on, decoded; None where it was not read
        self.decision: Decision | None = None
        self.refusal: Refusal | None = None
        self.delay = 0.0
        self.forward: Mapping[str, str] = {}
        self.applied = False  # a step was taken that lets the call pass
        self.changed = False  # the body to send on is not the one that came
        self.answering = False  # an answer has begun to stream
        self.ids = guard.ids  # that answers get

    @property
    def seconds(self) -> float:
        """Since the call came."""
        return time.perf_counter() - self._begun

    @property
    def read(self) -> bool:
        """Whether the body could be read."""
        return isinstance(self.document, dict)

    @property
    def body(self) -> bytes | None:
        """The body to send on, in its own bytes where it was not changed."""
        if not self.changed:
            return self._raw
        try:
            return encoded(self.document)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._guard.trouble.caught("request_body", error)
            return self._raw

    @property
    def edits_answers(self) -> bool:
        """Whether the answer may come to be changed."""
        return self.treats_answers or self._mints

    @property
    def treats_answers(self) -> bool:
        """Whether the step taken may change the answer."""
        return self.applied and self.decision is not None and edits_answers(self.decision)

    @property
    def _mints(self) -> bool:
        return self.ids is not None and self.ids.edits(self)

    def answer(self, body: bytes) -> bytes:
        """What the customer gets for a whole answer."""
        self._capture.add(body)
        if not self.edits_answers:
            return body
        try:
            document = decoded(body)
            changed = self._edited(document)
            return body if changed is document else encoded(changed)
        except Exception as error:  # noqa: BLE001 - as above
            self._guard.trouble.caught("answer", error)
            return body

    def answer_document(self, document: Json) -> Json:
        """As `answer`, for a gateway that has decoded it; the same object where nothing is changed."""
        self._capture.set(document)
        if not self.edits_answers:
            return document
        try:
            return self._edited(document)
        except Exception as error:  # noqa: BLE001 - as above
            self._guard.trouble.caught("answer", error)
            return document

    def seen(self, piece: bytes) -> None:
        """Take note of a part of an answer that the gateway sends on by itself, unchanged."""
        self._capture.add(piece)

    def stream(self) -> Stream:
        """What the pieces of a streamed answer go through."""
        self.answering = True
        filters: list[EventFilter] = []
        if self.edits_answers:
            try:
                filters = self._filters()
            except Exception as error:  # noqa: BLE001 - as above
                self._guard.trouble.caught("stream", error)
        return Stream(filters, self._capture, self._guard.trouble)

    def finish(
        self, status: int | None, *, error_type: str | None = None, seconds: float | None = None
    ) -> None:
        """The call is over: hand its exchange on. A second time does nothing.

        `seconds` is how long the call took, where that is not the time since the passage was made.
        """
        if self._finished:
            return
        self._finished = True
        if self.caller.account_id is None:
            return
        if self.refusal is not None and error_type is None:
            error_type = f"stillwatch_{self._refused_for(self.refusal)}"
        try:
            call = Finished(
                exchange_id=self.exchange_id,
                ts=self.ts,
                caller=self.caller,
                route=self.route,
                asked=self.asked,
                status=status,
                latency_ms=(self.seconds if seconds is None else seconds) * 1000.0,
                error_type=error_type,
                answer=self._capture.answer,
                streamed=self._capture.streamed,
            )
            self._guard.feed.finished(call)
        except Exception as error:  # noqa: BLE001 - as above
            self._guard.trouble.caught("finish", error)

    def _refused_for(self, refusal: Refusal) -> str:
        if self.decision is not None:
            return self.decision.step
        if refusal.status == FORBIDDEN:
            return "reasoning_not_theirs"
        return "key_not_shown" if refusal.status == UNAUTHORIZED else "unavailable"

    def _edited(self, document: Json) -> Json:
        if self.treats_answers and self.decision is not None:
            facilities = self._guard.facilities
            document = treat_answer(
                document, self.decision, self.route, facilities, tools_offered=self._tools_offered
            )
        return self.ids.answer(document, self) if self.ids is not None and self._mints else document

    def _filters(self) -> list[EventFilter]:
        """What a stream goes through: the step first, so that it meets what the model's server wrote."""
        filters: list[EventFilter] = []
        if self.treats_answers and self.decision is not None:
            facilities = self._guard.facilities
            filters = event_filters(self.decision, self.route, facilities, tools_offered=self._tools_offered)
        if self.ids is not None and self._mints:
            filters.append(self.ids.stream(self))
        return filters

    @property
    def _tools_offered(self) -> bool:
        """Whether the request offered tools; a request that was not read may have."""
        return not self.read or bool(self.asked.get("tools"))
