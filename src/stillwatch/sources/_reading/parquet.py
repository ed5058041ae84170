"""Parquet columns of any make as columns of the contract."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from stillwatch.records import SCHEMAS, TIME
from stillwatch.sources._reading.columns import Column, column, networks
from stillwatch.sources._reading.rows import ROWS, WireTurn
from stillwatch.sources._reading.times import EARLIEST, LATEST, text_times, times, usable
from stillwatch.sources._reading.turns import derive

DERIVED = ["system", "prompt", "n_turns"]  # images and tool calls are no text, so turns do not show them
TEXTS = (pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary())
UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}  # of a timestamp, in a second


class WrongType(TypeError):
    """A column holds something else than the contract says; no row of it can be read."""


def adapt(field: pa.Field, given: pa.Array) -> Column:
    """A column in the contract's type, and the rows whose value does not fit. Raises WrongType."""
    if kinds.is_dictionary(given.type):
        given = given.dictionary_decode()
    if kinds.is_null(given.type):
        return pa.nulls(len(given), field.type), []
    if field.name in _NESTED:
        return _NESTED[field.name](field, given)
    if field.type == TIME:
        return _times(given)
    if kinds.is_floating(given.type):
        given = pc.if_else(
            pc.is_nan(given), pa.scalar(None, given.type), given
        )  # how pandas writes "missing"
    if not _FITS[field.type](given.type) and not _allowed_beside(field.name, given.type):
        raise WrongType(f"column {field.name} holds {given.type}, not {field.type}")
    if field.name in {"asn", "signup_asn"} and is_text(given.type):
        return networks(given.to_pylist())
    try:
        return given.cast(field.type), []
    except pa.ArrowInvalid:  # 12.5 as a count, 2**63, bytes that are not UTF-8
        return column(field, _decoded(given.to_pylist()))


def is_text(given: pa.DataType) -> bool:
    """Whether values are text, in any of Arrow's layouts, or bytes that may be text."""
    return given in TEXTS


def _is_number(given: pa.DataType) -> bool:
    return bool(kinds.is_integer(given) or kinds.is_floating(given) or kinds.is_decimal(given))


def _is_text_list(given: pa.DataType) -> bool:
    return bool((kinds.is_list(given) or kinds.is_large_list(given)) and is_text(given.value_type))


def _allowed_beside(name: str, given: pa.DataType) -> bool:
    """The types a record may have beside its usual one, as in JSON lines."""
    if name in {"asn", "signup_asn"}:
        return is_text(given)
    if name == "logprobs":
        return bool(kinds.is_boolean(given))
    return name == "reasoning_effort" and _is_number(given)


def _decoded(values: list[Any]) -> list[Any]:
    """Bytes as text where they are; what is not UTF-8 stays bytes and will not fit."""
    return [v.decode("utf-8", "surrogateescape") if isinstance(v, bytes) else v for v in values]


def _times(given: pa.Array) -> Column:
    if is_text(given.type):
        return usable(text_times(given.cast(pa.string())))
    if kinds.is_integer(given.type) and given.type != pa.uint64():
        return usable(given.cast(pa.int64()))
    if kinds.is_date(given.type):
        given = given.cast(pa.timestamp("s"))
    if kinds.is_timestamp(given.type):
        return _timestamps(given)
    if not _is_number(given.type):
        raise WrongType(f"a time column holds {given.type}")
    return times(given.to_pylist())


def _timestamps(given: pa.Array) -> Column:
    """Any unit and zone; one without a zone is taken as UTC, which is what the contract says."""
    unit = UNITS[given.type.unit]
    ticks = given.cast(pa.int64())
    outside = pc.or_(
        pc.less(ticks, EARLIEST * unit // 1_000_000), pc.greater_equal(ticks, LATEST * unit // 1_000_000)
    )
    ticks = pc.if_else(outside, pa.scalar(None, pa.int64()), ticks)
    rows = np.flatnonzero(outside.fill_null(False).to_numpy(zero_copy_only=False)).tolist()
    micros = (
        pc.divide(ticks, unit // 1_000_000) if unit > 1_000_000 else pc.multiply(ticks, 1_000_000 // unit)
    )
    return micros.cast(TIME), rows


def _turns(field: pa.Field, given: pa.Array) -> Column:
    return _nested(field, given, list[WireTurn])


def _shares(field: pa.Field, given: pa.Array) -> Column:
    return _nested(field, given, dict[str, float])


def _nested(field: pa.Field, given: pa.Array, shape: Any) -> Column:
    """Lists, structs, maps, or JSON text of them."""
    values, wrong = [], []
    for row, value in enumerate(_decoded(given.to_pylist())):
        try:
            values.append(None if value is None else _one_nested(value, shape))
        except (msgspec.MsgspecError, RecursionError, TypeError, ValueError):
            values.append(None)
            wrong.append(row)
    built, misfits = column(field, values)
    return built, sorted({*wrong, *misfits})


def _one_nested(value: Any, shape: Any) -> Any:
    if isinstance(value, str):
        return msgspec.json.decode(value, type=shape)
    if shape == list[WireTurn]:
        return msgspec.convert([{"content": None, **turn} for turn in value], shape)
    pairs = value.items() if isinstance(value, dict) else value
    return msgspec.convert({key: share for key, share in pairs if share is not None}, shape)


_NESTED: dict[str, Callable[[pa.Field, pa.Array], Column]] = {"messages": _turns, "owner_countries": _shares}
_FITS: dict[pa.DataType, Callable[[pa.DataType], bool]] = {
    pa.string(): is_text,
    pa.int64(): _is_number,
    pa.float64(): _is_number,
    pa.bool_(): kinds.is_boolean,
    pa.list_(pa.string()): _is_text_list,
}


def derive_columns(columns: dict[str, pa.Array]) -> None:
    """Fill in from `messages` what the other columns of exchanges leave open."""
    messages = columns["messages"]
    if messages.null_count == len(messages):
        return
    blank = {"exchange_id": "", "ts": 0, "account_id": ""}
    rows = []
    for turns in messages.to_pylist():
        row: Any = ROWS["exchanges"](**blank)
        if turns is not None:
            row.messages = [WireTurn(turn["role"], turn["content"]) for turn in turns]
            derive(row)
        rows.append(row)
    for name in DERIVED:
        known = pa.array([getattr(row, name) for row in rows], SCHEMAS["exchanges"].field(name).type)
        columns[name] = pc.coalesce(columns[name], known)
