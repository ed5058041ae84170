"""SQL put together from others' data: they decide what the database is asked.

Seen: text that reaches `execute` and its like of DB-API drivers, SQLAlchemy's `text` and raw queries, Django's `raw`,
`extra` and cursors. Not seen: queries built by code that is not part of the code base. Bound parameters are safe.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, breaks_out
from stillwatch.codescan.engine.sinks import text_of

STATEMENT = re.compile(r"(?i)^\s*(select|insert|update|delete|with|create|drop|alter|replace|merge|call)\b")


def _hazard(call: SinkCall) -> Hazard | None:
    """Weak if others' data is in the statement; of an object that is not known, if what it is given is SQL."""
    found = call.dangerous()
    if not (call.model.call or "").startswith("*.") or ".objects." in call.path:
        return Hazard(found)
    statements = tuple(value for value in found if STATEMENT.search(text_of(value, call.state)[0]))
    return Hazard(statements, confidence=0.75) if statements else None


RULE = Rule(
    id="sql-injection",
    cwe=89,
    title="SQL built from others' data",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N",
    advice="Pass the value as a bound parameter instead of putting it into the statement.",
    payloads=("x' OR '1'='1' --", '1" OR "1"="1', "1 OR 1=1 --", "x'OR'1'='1"),
    bites=breaks_out,
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route("/user")
def user():
    connection = sqlite3.connect("users.db")
    name = request.args.get("name", "")
    rows = connection.execute(f"SELECT id FROM users WHERE name = '{name}'").fetchall()
    return {"rows": rows}
""",
    "good": """
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route("/user")
def user():
    connection = sqlite3.connect("users.db")
    order = {"name": "name", "age": "age"}.get(request.args.get("order"), "id")
    rows = connection.execute(f"SELECT id FROM users ORDER BY {order}").fetchall()
    return {"rows": rows}
""",
    "fixed": """
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route("/user")
def user():
    connection = sqlite3.connect("users.db")
    name = request.args.get("name", "")
    rows = connection.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchall()
    return {"rows": rows}
""",
}
