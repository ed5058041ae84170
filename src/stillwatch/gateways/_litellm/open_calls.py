"""Calls between their first hook and their last, by a mark in LiteLLM's own metadata.

A mark is random: a client that writes metadata of its own cannot name another one's call.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import MutableMapping
from typing import Any

from stillwatch.gateways.passage import Passage

MARK = "stillwatch_call"
MOST = 10_000  # calls waited for; the oldest is handed on as it is
LONGEST = 3600.0  # seconds after which nothing is heard of a call any more


class OpenCalls:
    """The passages of calls that are not over."""

    def __init__(self) -> None:
        self._passages: OrderedDict[str, tuple[float, Passage]] = OrderedDict()

    def add(self, data: MutableMapping[str, Any], passage: Passage) -> None:
        mark = secrets.token_hex(8)
        _bucket(data)[MARK] = mark
        now = time.monotonic()
        self._passages[mark] = (now, passage)
        while len(self._passages) > MOST or next(iter(self._passages.values()))[0] < now - LONGEST:
            self._passages.popitem(last=False)[1][1].finish(None)

    def get(self, data: MutableMapping[str, Any]) -> Passage | None:
        """The passage of a call whose request, or what is logged about it, this is."""
        mark = _mark(data)
        found = self._passages.get(mark) if mark is not None else None
        return found[1] if found is not None else None

    def finish(
        self, data: MutableMapping[str, Any], status: int | None, *, error_type: str | None = None
    ) -> None:
        """Hand a call on, if that was not done."""
        found = self._passages.pop(_mark(data) or "", None)
        if found is not None:
            found[1].finish(status, error_type=error_type)


def _bucket(data: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where LiteLLM keeps what is its own: `metadata` may be a field of the customer's request."""
    name = "litellm_metadata" if "litellm_metadata" in data else "metadata"
    if not isinstance(data.get(name), dict):
        data[name] = {}
    bucket: MutableMapping[str, Any] = data[name]
    return bucket


def _mark(data: MutableMapping[str, Any]) -> str | None:
    logged = data.get("litellm_params")
    for place in (data, logged):
        for name in ("litellm_metadata", "metadata"):
            bucket = place.get(name) if isinstance(place, dict) else None
            mark = bucket.get(MARK) if isinstance(bucket, dict) else None
            if isinstance(mark, str):
                return mark
    return None
