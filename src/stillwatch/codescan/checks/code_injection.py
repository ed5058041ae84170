"""Others' data run as Python: `eval`, `exec`, `compile`, and template or expression engines that amount to it."""

from stillwatch.codescan.checks import FROM_A_MODEL, FROM_ANYWHERE, Rule, breaks_out

RULE = Rule(
    id="code-injection",
    cwe=94,
    title="others' data run as code",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Read literals with ast.literal_eval, or look the name up in a table of what is allowed.",
    payloads=("__import__('os').system('id')", "'+__import__('os').popen('id').read()+'", "print(7*191)"),
    bites=breaks_out,
    accepts=FROM_ANYWHERE - FROM_A_MODEL,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request

app = Flask(__name__)

@app.route("/sum")
def total():
    return str(eval(request.args["expression"]))
""",
    "good": """
import ast
from flask import Flask, request

app = Flask(__name__)

@app.route("/sum")
def total():
    return str(sum(ast.literal_eval(request.args["numbers"])))
""",
    "fixed": """
import ast
from flask import Flask, request

app = Flask(__name__)

@app.route("/sum")
def total():
    return str(ast.literal_eval(request.args["expression"]))
""",
}
