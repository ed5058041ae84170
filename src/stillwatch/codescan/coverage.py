"""What of a code base was analysed, and what was not."""

import msgspec


class Skipped(msgspec.Struct, frozen=True):
    """A file, or a part of one, that was not analysed, and why."""

    path: str
    reason: str
    line: int | None = None


class Consulted(msgspec.Struct, frozen=True, kw_only=True):
    """What a language model was asked.

    `files` and `bytes` are what left the machine, `masked` secrets that were taken out before. Each question was answered
    by the endpoint, from what was `kept` of an earlier scan, or not at all: `failed` says why, and how often. `dropped` says why proposals did not hold against the
    code; `tokens` are those the endpoint said it used, or an estimate where that is more.
    """

    model: str
    endpoint: str
    questions: int = 0
    kept: int = 0
    files: tuple[str, ...] = ()
    bytes: int = 0
    masked: int = 0
    tokens: int = 0
    hypotheses: int = 0
    patches: int = 0
    dropped: dict[str, int] = {}
    failed: dict[str, int] = {}


class Coverage(msgspec.Struct, frozen=True):
    """What of the code base was analysed; every Python file is in `analysed` or has a `Skipped`.

    `frugal` counts functions that cost so much that not all calls in them were followed.
    """

    files: int
    analysed: int
    lines: int
    functions: int
    frugal: int
    partial: tuple[Skipped, ...]
    skipped: tuple[Skipped, ...]
    consulted: Consulted | None = None
