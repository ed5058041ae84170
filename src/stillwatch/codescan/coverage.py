"""What of a code base was analysed, and what was not."""

import msgspec


class Skipped(msgspec.Struct, frozen=True):
    """A file, or a part of one, that was not analysed, and why."""

    path: str
    reason: str
    line: int | None = None


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
