"""XML of others that grows when it is read: entities made of entities take all of the memory.

Seen where lxml is told to read huge trees. Parsers of the standard library, and lxml as it is, stop such documents (with
libexpat 2.4.1 of 2021 and libxml2 2.7 or newer), and are not reported.
"""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_ANYWHERE, Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import Instance
from stillwatch.codescan.engine.values import Outside, Ref


def _hazard(call: SinkCall) -> Hazard | None:
    data = call.dangerous()
    if call.path.startswith("lxml."):
        return Hazard(data, confidence=0.75) if _huge(call) else None
    return None


def _huge(call: SinkCall) -> bool:
    parser = call.given("parser", 1)
    thing = call.state.thing(parser.address) if isinstance(parser, Ref) else parser
    given = dict(thing.arguments) if isinstance(thing, Instance | Outside) else {}
    return True in known(given.get("huge_tree"))


RULE = Rule(
    id="unsafe-xml",
    cwe=776,
    title="XML of others that can grow without end",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N",
    advice="Use defusedxml, and leave huge_tree off.",
    payloads=('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',),
    hazard=_hazard,
    accepts=FROM_ANYWHERE,
)

EXAMPLES = {
    "bad": """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    root = lxml.etree.fromstring(request.get_data(), lxml.etree.XMLParser(huge_tree=True))
    return {"items": len(root)}
""",
    "good": """
import lxml.etree

def order(path):
    return len(lxml.etree.parse("/srv/orders.xml", lxml.etree.XMLParser(huge_tree=True)).getroot())
""",
    "fixed": """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    root = lxml.etree.fromstring(request.get_data(), lxml.etree.XMLParser())
    return {"items": len(root)}
""",
}
