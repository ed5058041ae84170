"""Others' data turned into objects by a format that can hold code: `pickle`, unsafe YAML loaders and the like."""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_ANYWHERE, Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import Instance, deep_taints
from stillwatch.codescan.engine.values import Outside, Ref, Value, options

SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})


TOLD = frozenset({"torch.load", "numpy.load"})


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.endswith(".recv_pyobj"):
        return Hazard((), confidence=0.7, note="it reads objects by pickle")
    data = call.given(*call.model.arguments[0])
    if data is None or _is_safe(call):
        return None
    theirs = bool(deep_taints(data, call.state))
    if call.path == "torch.load" and call.given("weights_only") is None:  # safe from 2.6 on
        return Hazard((data,), confidence=0.6) if theirs else None
    if call.path in TOLD and not theirs:
        return Hazard((), confidence=0.5, note=f"{call.path} is told to load objects")
    return Hazard((data,))


def _is_safe(call: SinkCall) -> bool:
    """Whether the function is told to take nothing but data."""
    match call.path:
        case "yaml.load" | "yaml.load_all":
            loader = call.given(1, "Loader")
            named = () if loader is None else options(loader)
            names = {one.path.rpartition(".")[2] for one in named if isinstance(one, Outside)}
            return bool(names) and SAFE_LOADERS.issuperset(names)
        case "ruamel.yaml.YAML.load":
            return "unsafe" not in known(_made_with(call).get("typ") or _made_with(call).get(0))
        case "torch.load":
            only = call.given("weights_only")
            return only is not None and False not in known(only)
        case "numpy.load":
            return True not in known(call.given(2, "allow_pickle"))
    return call.path.endswith("load_model") and True in known(call.given("safe_mode"))


def _made_with(call: SinkCall) -> dict[str | int, Value]:
    """The arguments that what is called was made with."""
    thing = call.state.thing(call.receiver.address) if isinstance(call.receiver, Ref) else None
    return dict(thing.arguments) if isinstance(thing, Instance) else {}


RULE = Rule(
    id="unsafe-deserialization",
    cwe=502,
    title="others' data turned into objects by a format that can hold code",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Use a format that holds data only: JSON, or yaml.safe_load.",
    payloads=("!!python/object/apply:os.system ['id']",),
    hazard=_hazard,
    accepts=FROM_ANYWHERE,
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
