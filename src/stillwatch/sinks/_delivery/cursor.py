"""How far one sink has come in `alarms.jsonl`, kept in a file."""

import os
from pathlib import Path

import msgspec

from stillwatch.records import Micros, UnreadableInput


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """The number of the last alarm that is done with, where the next one begins, and when the sink was new."""

    alarms: int
    offset: int
    since: Micros


def load(path: Path, now: Micros) -> Cursor:
    """The cursor kept in `path`, or that of a new sink. Raises UnreadableInput."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Cursor)
    except FileNotFoundError:
        return Cursor(alarms=0, offset=0, since=now)
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableInput(
            f"{path}: not a cursor ({error}); without it, all recent alarms go out again"
        ) from error


def save(path: Path, cursor: Cursor) -> None:
    """Replace the file in one step; raises OSError and leaves the old one."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(msgspec.json.encode(cursor))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
