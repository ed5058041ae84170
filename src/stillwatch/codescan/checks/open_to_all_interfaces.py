"""A server that listens on all addresses of the machine, those of foreign networks among them.

Low: in a container it has to.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.values import Tuple


def _hazard(call: SinkCall) -> Hazard | None:
    address = call.given(*call.model.arguments[0])
    hosts = known(address.items[0] if isinstance(address, Tuple) and address.items else address)
    everywhere = any(host in {"0.0.0.0", "::"} for host in hosts)  # noqa: S104 - what is looked for
    return Hazard((), confidence=0.5, note="it listens on all addresses") if everywhere else None


RULE = Rule(
    id="open-to-all-interfaces",
    cwe=1327,
    title="a server open to all networks",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Take the address from the configuration, 127.0.0.1 where none is given.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask

app = Flask(__name__)
app.run(host="0.0.0.0")
""",
    "good": """
from flask import Flask

app = Flask(__name__)
app.run(host="127.0.0.1")
""",
    "fixed": """
import os
from flask import Flask

app = Flask(__name__)
app.run(host=os.environ.get("APP_HOST", "127.0.0.1"))
""",
}
