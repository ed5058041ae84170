"""SQL: the values become bound parameters, in the driver's own style of placeholders.

Left to a person: names of tables and columns, `executescript`, statements put together elsewhere, and calls that bind
parameters already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import bound, templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE = "sql-injection"
QUESTION_MARK = ("sqlite3", "pyodbc", "duckdb", "aiosqlite")
PERCENT = (
    "psycopg",
    "psycopg2",
    "MySQLdb",
    "pymysql",
    "mysql",
    "django",
    "asyncmy",
    "aiomysql",
    "pg8000",
    "cx_Oracle",
)


def edits(site: Site) -> Iterator[Edit]:
    name = site.finding.sink.rpartition(".")[2]
    if name not in {"execute", "executemany", "fetch", "fetchone", "fetchall"}:
        raise NoFix(f"{name} takes no parameters")
    statement = site.argument(0, "sql", "operation", "query", "statement")
    if statement is None or len(site.call.args) > 1:
        raise NoFix("the call binds parameters already; only a person can say how the two go together")
    style = _style(site)
    found = templates.pieces(site, site.resolved(statement.value))
    made = bound.bind(found, lambda number: style, loose=True)  # noqa: ARG005 - every placeholder of these styles is the same
    if not made.values:
        raise NoFix("the statement is put together elsewhere")
    text = made.text
    if style == "%s" and "%" in made.text.replace("%s", ""):
        raise NoFix("the statement has percent signs of its own")
    values = cst.Tuple(
        [
            cst.Element(_value(one), comma=_comma(made.values, number))
            for number, one in enumerate(made.values)
        ]
    )
    call = site.call.with_changes(args=[
        cst.Arg(templates.literal(text), comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))),
        cst.Arg(values),
    ])  # fmt: skip
    edit = Edit("the value is bound as a parameter", {site.call: call})
    _drop_assignment(site, statement.value, templates.literal(text), edit, call, values)
    yield edit


def _style(site: Site) -> str:
    driver = site.finding.sink.partition(".")[0]
    text = site.module.code
    if driver.startswith(QUESTION_MARK) or (driver == "?" and "sqlite3" in text):
        return "?"
    if driver.startswith(PERCENT) or any(f"import {one}" in text for one in PERCENT):
        return "%s"
    raise NoFix("which driver runs the statement is not known, and so neither is its style of placeholders")


def _value(value: Sequence[templates.Piece]) -> cst.BaseExpression:
    if len(value) == 1 and isinstance(value[0], templates.Hole):
        return value[0].node
    parts = [
        templates.literal(one) if isinstance(one, str) else cst.Call(cst.Name("str"), [cst.Arg(one.node)])
        for one in value
    ]
    whole: cst.BaseExpression = parts[0]
    for part in parts[1:]:
        whole = cst.BinaryOperation(whole, cst.Add(), part)
    return whole


def _comma(values: Sequence[object], number: int) -> cst.Comma | cst.MaybeSentinel:
    if number + 1 < len(values):
        return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return cst.Comma() if len(values) == 1 else cst.MaybeSentinel.DEFAULT


def _drop_assignment(
    site: Site,
    given: cst.BaseExpression,
    text: cst.SimpleString,
    edit: Edit,
    call: cst.Call,
    values: cst.Tuple,
) -> None:
    """Where the statement has a name that serves nothing else, the text stays there and the call keeps the name."""
    if isinstance(given, cst.Name) and site.uses(given.value) == 2:
        edit.replaced[site.resolved(given)] = text
        edit.replaced[site.call] = call.with_changes(args=[
            cst.Arg(given, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))), cst.Arg(values)
        ])  # fmt: skip
