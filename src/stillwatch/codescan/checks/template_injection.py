"""Others' data in the source of a template: they run expressions of the template language, which reach Python.

Not weak: data given to a template as a value.
"""

from stillwatch.codescan.checks import Rule

RULE = Rule(
    id="template-injection",
    cwe=1336,
    title="others' data in the source of a template",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Keep the template in a file, and give the data to it as a value.",
    payloads=("{{7*191}}", "{% import os %}", "${7*191}"),
)

EXAMPLES = {
    "bad": """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return render_template_string("<p>Hello " + request.args["name"] + "</p>")
""",
    "good": """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return render_template_string("<p>Hello " + request.args["name"].replace("{", "").replace("$", "") + "</p>")
""",
    "fixed": """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return render_template_string("<p>Hello {{ name }}</p>", name=request.args["name"])
""",
}
