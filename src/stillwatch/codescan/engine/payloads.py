"""Following a payload: the program is run from its entry with an attack in the place of an input.

What arrives at the sink decides: the payload as it bites, the payload made harmless, or nothing at all.
"""

from __future__ import annotations

import base64
import json
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from stillwatch.codescan.checks import Rule
    from stillwatch.codescan.finding import Input, Location

Outcome = Literal["bites", "may bite", "harmless", "does not arrive"]

HINT_LENGTH, HINTS_LIMIT = 60, 6

ENCODINGS: dict[str, tuple[Callable[[str], str], frozenset[str]]] = {
    "percent-encoded": (urllib.parse.quote, frozenset({"unquote", "unquote_plus"})),
    "base64": (
        lambda text: base64.b64encode(text.encode()).decode(),
        frozenset({"b64decode", "standard_b64decode", "a2b_base64", "decodebytes"}),
    ),
    "base64 for URLs": (
        lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        frozenset({"urlsafe_b64decode"}),
    ),
    "base32": (lambda text: base64.b32encode(text.encode()).decode(), frozenset({"b32decode"})),
    "hexadecimal": (
        lambda text: text.encode().hex(),
        frozenset({"fromhex", "unhexlify", "a2b_hex", "b16decode"}),
    ),
    "JSON": (json.dumps, frozenset({"loads"})),
}
"""How an input can be coded, and the functions by which a program decodes it to the payload."""


@dataclass(slots=True)
class Following:
    """One payload on its way to one sink."""

    rule: Rule
    location: Location
    inputs: frozenset[Input]
    payload: str
    sent: str
    coded: bool = False  # `sent` is the payload in a code
    outcomes: list[Outcome] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    cut: bool = False  # a part of the input was taken by its place
    decoders: set[str] = field(default_factory=set)

    def payload_for(self, source: Input) -> str | None:
        """What is sent in an input; one that is read by its name at several places is the same input."""
        if source in self.inputs:
            return self.sent
        named = source.key is not None and any(
            one.key == source.key and one.kind == source.kind for one in self.inputs
        )
        return self.sent if named else None

    def compared(self, value: object) -> None:
        """The program looked for this text in the input: an input that holds it may get further."""
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, str) and 0 < len(value) <= HINT_LENGTH and len(self.hints) < HINTS_LIMIT:
            self.hints.add(value)

    def whole(self, value: object) -> bool:
        """Whether a text is an input as it was sent, not in a code: who sends it can send any code of it."""
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        return not self.coded and text == self.sent

    def missing(self, key: object) -> None:
        """The program looked for a key in a mapping that was made of the input, and it was not there."""
        if isinstance(key, str) and 0 < len(key) <= HINT_LENGTH and len(self.missed) < HINTS_LIMIT:
            self.missed.add(key)

    def arrived(self, texts: list[tuple[str, bool]]) -> None:
        """The sink was reached, with these texts in what the rule looks at."""
        for text, known in texts:
            if self.rule.bites(text, self.payload):
                self.outcomes.append("bites")
            else:
                self.outcomes.append("harmless" if known or self.rule.settled(text) else "may bite")

    @property
    def outcome(self) -> Outcome:
        for outcome in ("bites", "may bite", "harmless"):
            if outcome in self.outcomes:
                return outcome
        return "does not arrive"
