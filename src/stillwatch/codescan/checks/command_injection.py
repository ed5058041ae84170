"""Others' data in a command line: they run programs of their own.

Seen: text given to a shell (`os.system`, `shell=True`, `sh -c`), and data that decides which program is run. Not weak:
data as one argument of a program that is named in the code, without a shell.
"""

from stillwatch.codescan import commandlines
from stillwatch.codescan.checks import FROM_A_MODEL, FROM_ANYWHERE, Rule

RULE = Rule(
    id="command-injection",
    cwe=78,
    title="others' data in a command line",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Run the program with a list of arguments and without a shell.",
    payloads=commandlines.PAYLOADS,
    bites=commandlines.runs,
    hazard=commandlines.hazard,
    accepts=FROM_ANYWHERE - FROM_A_MODEL,
)

EXAMPLES = {
    "bad": """
import os
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    os.system("ping -c 1 " + request.args["host"])
    return "done"
""",
    "good": """
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=False)
    return "done"
""",
    "fixed": """
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=False)
    return "done"
""",
}
