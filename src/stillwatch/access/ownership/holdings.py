"""Who holds which share of whom, and facts of entities, as an operator's files state them.

Holdings have the columns owner, owned, share and, where known, from and until: the first day on which the holding
stands and the first on which it no longer does. A share is a fraction, 0.25 for a quarter, or a text such as 25%.
Entities have id and, where known, name and country.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.ownership.countries import is_code
from stillwatch.access.tabular import ROW, Rejected, read, text

NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
HOLDING = ("owner", "owned", "share", "from", "until")
ENTITY = ("id", "name", "country")
ROUNDING = 1e-9  # a share of 1.0000000001 is a whole one


@dataclass(frozen=True)
class Holdings:
    """Holdings in force on a day: `owner`, `owned` (text) and `share` (a fraction above zero)."""

    table: pa.Table
    rejected: Rejected
    not_in_force: int


@dataclass(frozen=True)
class Facts:
    """What is known of entities: `id`, `name`, `country`; a country that is no code is null."""

    table: pa.Table
    rejected: Rejected


def read_holdings(path: Path, on: date) -> Holdings:
    """Read the holdings that are in force on a day. Raises UnreadableInput."""
    rejected = Rejected()
    return holdings_of(read(path, HOLDING[:3], HOLDING[3:], rejected), path, on, rejected)


def holdings_of(raw: pa.Table, path: Path, on: date, rejected: Rejected) -> Holdings:
    """Those of a table with the columns HOLDING and `row`; `path` is what rejections name."""
    table = pa.table({"owner": text(raw["owner"]), "owned": text(raw["owned"]), ROW: raw[ROW]})
    table = table.append_column("share", _shares(raw["share"]))
    table = table.append_column("stated", pc.is_valid(raw["share"]))
    for name in ("from", "until"):
        table = table.append_column(name, _days(raw[name]))
        table = table.append_column(f"{name} stated", _stated(raw[name]))
    nobody = pc.or_(pc.is_null(table["owner"]), pc.is_null(table["owned"]))
    table = rejected.drop(path, table, nobody, "no owner, or nothing owned")
    table = rejected.drop(path, table, pc.invert(table["stated"]), "no share")
    unread = pc.is_null(table["share"], nan_is_null=True)
    table = rejected.drop(path, table, unread, "the share is no number")
    table = rejected.drop(path, table, pc.less_equal(table["share"], 0.0), "the share is not above zero")
    table = rejected.drop(
        path, table, pc.greater(table["share"], 1 + ROUNDING), "the share is above 1, the whole"
    )
    for name in ("from", "until"):
        wrong = pc.and_(table[f"{name} stated"], pc.is_null(table[name]))
        table = rejected.drop(path, table, wrong, f"{name} is no day such as 2026-01-31")
    table = rejected.drop(
        path, table, pc.greater_equal(table["from"], table["until"]), "until is not after from"
    )
    day = pa.scalar(on, pa.date32())
    begun = pc.fill_null(pc.less_equal(table["from"], day), fill_value=True)
    lasts = pc.fill_null(pc.greater(table["until"], day), fill_value=True)
    valid = table.filter(pc.and_(begun, lasts))
    return Holdings(valid.select(["owner", "owned", "share"]), rejected, len(table) - len(valid))


def read_facts(path: Path) -> Facts:
    """Read facts of entities; of an id that stands twice the first counts. Raises UnreadableInput."""
    rejected = Rejected()
    return facts_of(read(path, ENTITY[:1], ENTITY[1:], rejected), path, rejected)


def facts_of(raw: pa.Table, path: Path, rejected: Rejected) -> Facts:
    """Those of a table with the columns ENTITY and `row`; `path` is what rejections name."""
    table = pa.table(
        {
            "id": text(raw["id"]),
            "name": text(raw["name"]),
            "country": pc.utf8_upper(text(raw["country"])),
            ROW: raw[ROW],
        }
    )
    table = rejected.drop(path, table, pc.is_null(table["id"]), "no id")
    table = rejected.drop(path, table, _again(table["id"]), "the id stands above already")
    country, wrong = _known(table["country"])
    rejected.add(path, table.filter(wrong)[ROW].to_pylist(), "no country has this code; taken as not known")
    return Facts(table.select(["id", "name"]).append_column("country", country), rejected)


def _shares(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Fractions; null where it is no number."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column.cast(pa.float64())
    try:
        return column.cast(pa.float64())
    except pa.ArrowInvalid:
        trimmed = text(column)
    percent = pc.fill_null(pc.ends_with(trimmed, "%"), fill_value=False)
    digits = pc.utf8_rtrim(trimmed, "% ")
    number = pc.if_else(pc.match_substring_regex(digits, NUMBER), digits, pa.scalar(None, pa.string()))
    value = number.cast(pa.float64())
    return pc.if_else(percent, pc.divide(value, 100.0), value)


def _stated(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_valid(text(column)) if pa.types.is_string(column.type) else pc.is_valid(column)


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days; null where it is none."""
    if not pa.types.is_string(column.type):
        return column.cast(pa.date32(), safe=False)
    distinct = pc.unique(column)  # few, however many rows there are
    days = pa.array([_day(value) for value in distinct.to_pylist()], pa.date32())
    return days.take(pc.index_in(column, distinct))


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value.strip()) if value else None
    except ValueError:
        return None


def _again(column: pa.ChunkedArray) -> pa.Array:
    """Which values stand in an earlier row already."""
    codes = column.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.zeros(len(codes), bool)
    first[np.unique(codes, return_index=True)[1]] = True
    return pa.array(~first)


def _known(countries: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Countries with what is no code made null, and where that was."""
    distinct = pc.unique(countries)
    good = pa.array([value for value in distinct.to_pylist() if value is not None and is_code(value)])
    known = pc.is_in(countries, good.cast(pa.string()))
    wrong = pc.and_(pc.invert(known), pc.is_valid(countries))
    return pc.if_else(known, countries, pa.scalar(None, pa.string())), wrong
