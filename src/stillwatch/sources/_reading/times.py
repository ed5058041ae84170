"""Times of a log, in bulk: RFC 3339 text or integer microseconds become `records.TIME`."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.records import TIME

RFC3339_UTC = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-]00:00)$"
EARLIEST = 946_684_800_000_000  # 2000-01-01T00:00:00Z: no API of this kind is older
LATEST = 4_102_444_800_000_000  # 2100-01-01T00:00:00Z: beyond it a unit was mistaken
NEVER = -1  # stands for a time that cannot be read: outside the range above, so it is rejected
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MICROSECOND = timedelta(microseconds=1)
_SHAPE = re.compile(RFC3339_UTC)


def times(values: Sequence[int | float | str | None]) -> tuple[pa.Array, list[int]]:
    """A column of times (type `records.TIME`) and the rows whose value is no time of 2000-2100."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return usable(
            text_times(pa.array(values, pa.string()) if kinds else pa.nulls(len(values), pa.string()))
        )
    return usable(pa.array([None if v is None else one_time(v) for v in values], pa.int64()))


def usable(micros: pa.Array) -> tuple[pa.Array, list[int]]:
    """Integer microseconds as times; rows outside the years 2000-2100 are named and made null."""
    wrong = pc.or_(pc.less(micros, EARLIEST), pc.greater_equal(micros, LATEST))
    if not pc.any(wrong).as_py():
        return micros.cast(TIME), []
    rows = np.flatnonzero(wrong.fill_null(False).to_numpy(zero_copy_only=False)).tolist()
    return pc.if_else(wrong, pa.scalar(None, pa.int64()), micros).cast(TIME), rows


def text_times(text: pa.Array) -> pa.Array:
    """RFC 3339 text as integer microseconds; `NEVER` where it is not that."""
    if pc.all(pc.match_substring_regex(text, RFC3339_UTC)).as_py() is not False:
        try:
            return pc.cast(text, TIME).cast(pa.int64())
        except pa.ArrowInvalid:  # nanoseconds, lower case, a leap second or a day that does not exist
            pass
    return pa.array([None if v is None else one_time(v) for v in text.to_pylist()], pa.int64())


def one_time(value: float | str) -> int:
    """Microseconds of one time, or `NEVER`."""
    if isinstance(value, str):
        return one_text_time(value)
    if not EARLIEST <= value < LATEST or int(value) != value:
        return NEVER
    return int(value)


def one_text_time(text: str) -> int:
    """Microseconds of one RFC 3339 text in UTC, or `NEVER`; digits past the sixth are cut off."""
    if not _SHAPE.match(text) or text.endswith("\n"):
        return NEVER
    seconds, fraction = text[:19].upper(), "0"
    if text[19] == ".":
        fraction = re.split("[Zz+-]", text[20:])[0]
    leap = seconds.endswith(":60")
    try:
        moment = datetime.fromisoformat(f"{seconds[:17]}59+00:00" if leap else f"{seconds}+00:00")
    except ValueError:
        return NEVER
    return (moment - EPOCH) // MICROSECOND + leap * 1_000_000 + int(fraction[:6].ljust(6, "0"))
