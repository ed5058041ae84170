"""SQL put together from others' data: they decide what the database is asked.

Seen: text that reaches `execute` and its like of DB-API drivers, SQLAlchemy's `text` and raw queries, Django's `raw`,
`extra` and cursors. Not seen: queries built by code that is not part of the code base. Bound parameters are safe.
"""

from stillwatch.codescan.checks import Rule, breaks_out

RULE = Rule(
    id="sql-injection",
    cwe=89,
    title="SQL built from others' data",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N",
    advice="Pass the value as a bound parameter instead of putting it into the statement.",
    payloads=("x' OR '1'='1' --", '1" OR "1"="1', "1 OR 1=1 --", "x'OR'1'='1"),
    bites=breaks_out,
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
