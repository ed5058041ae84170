"""XML of others read with external entities: they have files of this machine put into the document."""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_ANYWHERE, Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import Instance
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Value

EXTERNAL = "external-general-entities"


def _hazard(call: SinkCall) -> Hazard | None:
    parser = call.receiver if call.path.endswith("XMLReader.parse") else call.given("parser", 1)
    if known(call.given("resolve_entities")) == [True]:
        return Hazard(call.dangerous())
    data = call.given(*call.model.arguments[0])
    if data is None or parser is None:
        return None
    return Hazard((data,)) if _resolves(parser, call) else None


def _resolves(parser: Value, call: SinkCall) -> bool:
    """Whether a parser was told to read external entities."""
    thing = call.state.thing(parser.address) if isinstance(parser, Ref) else None
    given = dict(thing.arguments) if isinstance(thing, Instance) else {}
    if isinstance(parser, Outside):
        given = dict(parser.arguments)
    entities = given.get("resolve_entities")
    if isinstance(entities, Constant) and entities.value is True:
        return True
    return isinstance(thing, Instance) and any(
        name.startswith("[]") and EXTERNAL in name and isinstance(value, Constant) and bool(value.value)
        for name, value in thing.attributes.items()
    )


RULE = Rule(
    id="external-entities",
    cwe=611,
    title="others' XML read with external entities",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:L/SC:L/SI:N/SA:N",
    advice="Leave external entities off, as the parser does unless told otherwise.",
    payloads=('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',),
    hazard=_hazard,
    accepts=FROM_ANYWHERE,
)

EXAMPLES = {
    "bad": """
import xml.dom.minidom
import xml.sax
import xml.sax.handler
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    document = xml.dom.minidom.parseString(request.form["order"], parser)
    return {"name": document.documentElement.nodeName}
""",
    "good": """
import xml.dom.minidom
import xml.sax
import xml.sax.handler
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    document = xml.dom.minidom.parseString(request.form["order"], parser)
    return {"name": document.documentElement.nodeName}
""",
    "fixed": """
import xml.dom.minidom
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    document = xml.dom.minidom.parseString(request.form["order"])
    return {"name": document.documentElement.nodeName}
""",
}
