"""What a scan reports: findings with their data flow, proof level and reason."""

from hashlib import sha256
from typing import Literal

import msgspec

Proof = Literal["run", "path", "pattern"]
"""How a finding is known: `run` its proof of concept worked in the sandbox, `path` a payload was followed to the
sink along a feasible path, `pattern` the code has the form of the weakness and no path was shown or ruled out."""

InputKind = Literal[
    "query",
    "form",
    "header",
    "cookie",
    "path",
    "body",
    "file",
    "argument",
    "environment",
    "network",
    "model",
    "error",
]
"""Where data under another's control comes in; `model` is text a language model wrote, `error` what an error
says of the program, which is nobody's choice and not meant for others."""


class Location(msgspec.Struct, frozen=True, order=True):
    """A range in a file: `path` is relative to the scanned root, in POSIX form; lines and columns start at 1."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Step(msgspec.Struct, frozen=True):
    """One hop of data on its way from a source to a sink."""

    location: Location
    note: str


class Input(msgspec.Struct, frozen=True):
    """One place where an attacker's data comes in; `key` is the parameter's name where the code names it."""

    kind: InputKind
    key: str | None
    location: Location


class Entry(msgspec.Struct, frozen=True):
    """How a request reaches the code: the handler's module and name and, for a web framework, its route."""

    framework: str
    module: str
    handler: str
    route: str | None = None
    methods: tuple[str, ...] = ()


class Unreached(msgspec.Struct, frozen=True):
    """A call that would be weak if others' data were in what it is given, and that none was seen to reach.

    `entry` is that of the function the analysis came from.
    """

    rule: str
    location: Location
    function: str
    sink: str
    entry: Entry | None = None


class Proposal(msgspec.Struct, frozen=True):
    """That a language model proposed a finding: which one, and what it said, bounded and without control characters."""

    model: str
    said: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One weakness at one place.

    `sink` is the dotted name of what is called there, `trace` the data flow (source first; empty for a weakness
    of values alone), `payload` an attack that was followed to the sink, as it was sent, `confidence` the probability that a reviewer would call it true, `refuted` the reason why it
    was ruled out, `set_aside` why a person decided that it does not count (both are kept, and not counted),
    `proposal` is there where a language model proposed it and not the analysis.
    """

    rule: str
    cwe: int
    cvss: str
    message: str
    location: Location
    function: str
    sink: str
    code: str
    trace: tuple[Step, ...] = ()
    inputs: tuple[Input, ...] = ()
    entries: tuple[Entry, ...] = ()
    payload: str | None = None
    proof: Proof = "pattern"
    confidence: float = 0.5
    why: tuple[str, ...] = ()
    refuted: str | None = None
    set_aside: str | None = None
    proposal: Proposal | None = None

    @property
    def fingerprint(self) -> str:
        """The finding's name across edits of other lines: rule, file, function, sink and the text of its code."""
        parts = (self.rule, self.location.path, self.function, self.sink, " ".join(self.code.split()))
        return sha256("\0".join(parts).encode()).hexdigest()[:16]
