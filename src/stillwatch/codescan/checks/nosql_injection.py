"""Others' data as part of a query of a document database: objects such as `{"$ne": null}` where a text was meant, or code.

Seen: documents of others handed to a query whole, or as the value of a field, as they came from JSON, and text of others in
`$where`. Not weak: what is made a text or a number first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.checks import Hazard, Rule, SinkCall
from stillwatch.codescan.engine.heap import DictObject, ListObject, State, deep_taints
from stillwatch.codescan.engine.values import Outside, Ref, Value, is_text, options, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = frozenset({("$where",), ("$function",), ("$accumulator",)})
PLAIN = frozenset({"int", "float", "bool", "str", "bytes"})
DEPTH = 5


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.startswith("neo4j."):
        texts = tuple(value for value in call.dangerous() if deep_taints(value, call.state))
        return Hazard(texts, confidence=0.8) if texts else None
    values = tuple(part for value in call.dangerous() for part in _open(value, call.state, DEPTH))
    return Hazard(values, confidence=0.8) if values else None


def _open(value: Value, state: State, depth: int) -> Iterator[Value]:
    """The parts of a query that can be documents of others, or are code."""
    for option in options(value) if depth else ():
        thing = state.thing(option.address) if isinstance(option, Ref) else None
        if isinstance(thing, DictObject):
            yield from (held for key, held in thing.items.items() if key in CODE)
            inside = [held for key, held in thing.items.items() if key not in CODE]
        elif isinstance(thing, ListObject):
            inside = list(thing.items or ())
        else:
            if _can_be_a_document(option) and deep_taints(option, state):
                yield option
            continue
        for held in (*inside, *((thing.rest,) if thing.rest is not None else ())):
            yield from _open(held, state, depth - 1)


def _can_be_a_document(value: Value) -> bool:
    return isinstance(value, Outside | Ref) and type_name(value) not in PLAIN and not is_text(value)


RULE = Rule(
    id="nosql-injection",
    cwe=943,
    title="others' data as part of a database query",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Make it what it has to be: str(value), int(value), or a checked model; no code in queries.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users

@app.route("/login", methods=["POST"])
def login():
    given = request.get_json()
    return {"found": users.find_one({"name": given["name"], "word": given["word"]}) is not None}
""",
    "good": """
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users

@app.route("/login")
def login():
    return {"found": users.find_one({"name": request.args["name"]}) is not None}
""",
    "fixed": """
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users

@app.route("/login", methods=["POST"])
def login():
    given = request.get_json()
    return {"found": users.find_one({"name": str(given["name"]), "word": str(given["word"])}) is not None}
""",
}
