"""LDAP filters put together from others' data: they decide who is found."""

from stillwatch.codescan.checks import Rule

RULE = Rule(
    id="ldap-injection",
    cwe=90,
    title="an LDAP filter built from others' data",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Escape it with ldap3.utils.conv.escape_filter_chars.",
    payloads=("*)(uid=*))(|(uid=*",),
)

EXAMPLES = {
    "bad": """
import ldap3
from flask import Flask, request

app = Flask(__name__)

@app.route("/person")
def person():
    connection = ldap3.Connection(ldap3.Server("ldap.example.org"))
    connection.search("ou=people", "(uid=%s)" % request.args["uid"])
    return {"found": len(connection.entries)}
""",
    "good": """
import ldap3
from flask import Flask, request

app = Flask(__name__)

@app.route("/person")
def person():
    connection = ldap3.Connection(ldap3.Server("ldap.example.org"))
    connection.search("ou=people", "(uid=%d)" % int(request.args["uid"]))
    return {"found": len(connection.entries)}
""",
    "fixed": """
import ldap3
from flask import Flask, request
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)

@app.route("/person")
def person():
    connection = ldap3.Connection(ldap3.Server("ldap.example.org"))
    connection.search("ou=people", "(uid=%s)" % escape_filter_chars(request.args["uid"]))
    return {"found": len(connection.entries)}
""",
}
