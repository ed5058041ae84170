"""XPath expressions put together from others' data: they decide what of a document is read."""

from stillwatch.codescan.checks import Rule, breaks_out

RULE = Rule(
    id="xpath-injection",
    cwe=643,
    title="an XPath expression built from others' data",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Pass it as a variable of the expression: root.xpath('//user[@id=$id]', id=value).",
    payloads=("' or '1'='1", '" or "1"="1', "1 or 1=1", "'or'1'='1"),
    bites=breaks_out,
)

EXAMPLES = {
    "bad": """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/employee")
def employee():
    root = lxml.etree.parse("employees.xml")
    return {"found": len(root.xpath("//employee[@id='" + request.args["id"] + "']"))}
""",
    "good": """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/employee")
def employee():
    root = lxml.etree.parse("employees.xml")
    return {"found": len(root.xpath("//employee[@id='%d']" % int(request.args["id"])))}
""",
    "fixed": """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/employee")
def employee():
    root = lxml.etree.parse("employees.xml")
    return {"found": len(root.xpath("//employee[@id=$id]", id=request.args["id"]))}
""",
}
