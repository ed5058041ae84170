"""Rows to Arrow columns; a value that does not fit its column is named by row, not raised."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.records import TIME
from stillwatch.sources._reading.rows import WireTurn
from stillwatch.sources._reading.times import times
from stillwatch.sources._reading.turns import text_of

Column = tuple[pa.Array, list[int]]  # the values, and the rows whose value does not fit
_NUMBER_OF_NETWORK = re.compile(r"(?:[Aa][Ss])?([0-9]{1,10})")


def column(field: pa.Field, values: Sequence[Any]) -> Column:
    """A column of the contract from Python values as `_rows` allows them."""
    if values.count(None) == len(values):
        return pa.nulls(len(values), field.type), []
    special = _BY_NAME.get(field.name)
    if special is not None:
        return special(values)
    if field.type == TIME:
        return times(values)
    if field.type == pa.int64():
        return integers(values)
    try:
        return pa.array(values, field.type), []
    except (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError, ValueError):
        return _value_by_value(values, lambda value: pa.array([value], field.type), field.type)


def integers(values: Sequence[Any]) -> Column:
    """Whole numbers, 12.0 among them; 12.5 and what needs more than 64 bits do not fit."""
    try:
        return pa.array(values).cast(pa.int64()), []
    except (pa.ArrowException, OverflowError):
        return _value_by_value(values, lambda value: pa.array([value]).cast(pa.int64()), pa.int64())


def _value_by_value(values: Sequence[Any], fits: Callable[[Any], pa.Array], kind: pa.DataType) -> Column:
    kept: list[pa.Array] = []
    wrong = []
    for row, value in enumerate(values):
        try:
            kept.append(fits(value).cast(kind))
        except (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError, ValueError):
            kept.append(pa.nulls(1, kind))
            wrong.append(row)
    return pa.concat_arrays(kept), wrong


def networks(values: Sequence[int | float | str | None]) -> Column:
    """Autonomous system numbers, written 64500 or AS64500."""
    if str in set(map(type, values)):
        found = (_NUMBER_OF_NETWORK.fullmatch(v) if isinstance(v, str) else None for v in values)
        values = [
            v if not isinstance(v, str) else int(match[1]) if match else 2**64
            for v, match in zip(values, found, strict=True)
        ]
    return integers(values)


def log_probabilities(values: Sequence[bool | int | float | None]) -> Column:
    """How many were asked for; `true` asks for one."""
    return integers([int(v) if isinstance(v, bool) else v for v in values])


def efforts(values: Sequence[str | float | None]) -> Column:
    """Effort as text, numbers written out."""
    return column(_PLAIN_TEXT, [v if v is None or isinstance(v, str) else f"{v:g}" for v in values])


def conversations(values: Sequence[Sequence[WireTurn] | None]) -> Column:
    """Turns as lists of (role, text)."""
    present = [turns or () for turns in values]
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum([len(turns) for turns in present], out=offsets[1:])
    roles, wrong_roles = column(_PLAIN_TEXT, [turn.role for turns in present for turn in turns])
    texts, wrong_texts = column(_PLAIN_TEXT, [text_of(turn.content) for turns in present for turn in turns])
    turns_array = pa.StructArray.from_arrays([roles, texts], names=["role", "content"])
    empty = pa.array([turns is None for turns in values], pa.bool_())
    lists = pa.ListArray.from_arrays(pa.array(offsets), turns_array, mask=empty)
    wrong = np.searchsorted(offsets, sorted({*wrong_roles, *wrong_texts}), side="right") - 1
    return lists, wrong.tolist()


def shares(values: Sequence[dict[str, float] | None]) -> Column:
    """Owners as a map from country to share."""
    pairs = [None if v is None else list(v.items()) for v in values]
    return pa.array(pairs, pa.map_(pa.string(), pa.float64())), []


_PLAIN_TEXT = pa.field("text", pa.string())
_BY_NAME: dict[str, Callable[[Sequence[Any]], Column]] = {
    "asn": networks,
    "signup_asn": networks,
    "logprobs": log_probabilities,
    "reasoning_effort": efforts,
    "messages": conversations,
    "owner_countries": shares,
}
