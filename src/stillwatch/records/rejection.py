"""A record that could not be read: where it stood and why, so that nothing is lost in silence."""

import msgspec


class Rejection(msgspec.Struct, frozen=True):
    """One line of `rejected.jsonl`. `line` is 1-based: a line of text, or a row of a Parquet file."""

    file: str
    line: int | None
    reason: str
