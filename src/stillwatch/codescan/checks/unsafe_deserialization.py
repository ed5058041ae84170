"""Others' data turned into objects by a format that can hold code: `pickle`, unsafe YAML loaders and the like."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall
from stillwatch.codescan.engine.values import Constant, Outside, options

SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})


def _hazard(call: SinkCall) -> Hazard | None:
    data = call.given(*call.model.arguments[0])
    if data is None:
        return None
    if call.path in {"yaml.load", "yaml.load_all"}:
        loader = call.given(1, "Loader")
        names = (
            [option.path.rpartition(".")[2] for option in options(loader) if isinstance(option, Outside)]
            if loader
            else []
        )
        if names and SAFE_LOADERS.issuperset(names):
            return None
    if call.path == "torch.load":
        only = call.given("weights_only")
        if only is None or (isinstance(only, Constant) and only.value is True):
            return None
    if call.path == "numpy.load":
        allowed = call.given(2, "allow_pickle")
        if not isinstance(allowed, Constant) or allowed.value is not True:
            return None
    return Hazard((data,))


RULE = Rule(
    id="unsafe-deserialization",
    cwe=502,
    title="others' data turned into objects by a format that can hold code",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Use a format that holds data only: JSON, or yaml.safe_load.",
    payloads=("!!python/object/apply:os.system ['id']",),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import base64
import pickle
from flask import Flask, request

app = Flask(__name__)

@app.route("/restore")
def restore():
    return {"state": str(pickle.loads(base64.b64decode(request.cookies["state"])))}
""",
    "good": """
import yaml
from flask import Flask, request

app = Flask(__name__)

@app.route("/restore")
def restore():
    return {"state": str(yaml.load(request.cookies["state"], Loader=yaml.SafeLoader))}
""",
    "fixed": """
import base64
import json
from flask import Flask, request

app = Flask(__name__)

@app.route("/restore")
def restore():
    return {"state": str(json.loads(base64.b64decode(request.cookies["state"])))}
""",
}
