"""An entry of a list."""

import msgspec

from stillwatch.access.names.spelling import Kind

MOST_NAMES = 500  # of an entry; lists have up to a few dozen


class Entry(msgspec.Struct, frozen=True):
    """`source` is the list; `entry` its own id; `date` that of the entry, or of the list."""

    source: str
    entry: str
    kind: Kind
    name: str
    aliases: list[str] = []
    ids: list[str] = []
    date: str | None = None
