"""Code: `eval` of data becomes `ast.literal_eval`, which reads literals and runs nothing.

Where more than literals is meant, or data is put into a larger expression, what is filled in may hold values and operators only: without
names and attributes nothing can be called. A text that stands in quotes of the program's is written as a literal. Left to a person:
data that is a whole program (`exec`), and expressions that are given names to work with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "code-injection"
NAME = "plain_value"
GUARD = r'''def plain_value(text):
    """The text of an expression; refused where it holds more than values and operators, and so could call something."""
    plain = (
        r"[\s\d+\-/%()\[\]{},:.>=!&|^~]|\*(?!\*)|<(?!<)|\b(?:True|False|None|and|or|not|in|is)\b"
        r"|'[^'\\\n]*'(?!['\"])|\"[^\"\\\n]*\"(?!['\"])"
    )
    if re.fullmatch(f"(?:{plain})*", text) is None:
        raise ValueError(f"{text!r} is more than values and operators")
    return text
'''


def edits(site: Site) -> Iterator[Edit]:
    """Read a literal; else look at what is filled in before it is run."""
    if site.finding.sink not in {"eval", "exec"} or not site.call.args or site.call.args[0].star:
        raise NoFix("what is run here is meant to be a program: only a list of what is allowed helps")
    given = site.call.args[0].value
    found = templates.pieces(site, site.resolved(given))
    whole = len(found) == 1
    if site.finding.sink == "exec" and whole:
        raise NoFix("what is run here is meant to be a program: only a list of what is allowed helps")
    if not all(_is_empty(site, one.value) for one in site.call.args[1:]):
        raise NoFix("the expression is given names to work with")
    if whole and len(site.call.args) == 1:
        edit = Edit("only a literal is read")
        function = f"{site.using('ast', None, edit)}.literal_eval"
        edit.replaced[site.call] = site.call.with_changes(func=cst.parse_expression(function))
        yield edit
    holes = [templates.Hole(given)] if whole else templates.foreign(site, found)
    if not holes:
        raise NoFix("the expression is put together elsewhere")
    if any(templates.in_quotes(found)):
        raise NoFix("what is filled in stands in quotes of the expression's own")
    edit = Edit("only values and operators are evaluated")
    edit.replaced.update(templates.wrapped(site.defining(NAME, GUARD, ("re",), edit), holes))
    yield edit


def _is_empty(site: Site, names: cst.BaseExpression) -> bool:
    """Whether no names are given; what is not seen counts as some."""
    match site.resolved(names):
        case cst.Dict(elements=[]):
            return True
    return False


EXAMPLES = [
    (
        """
from flask import Flask, request

app = Flask(__name__)

@app.route("/sum")
def total():
    return {"value": eval(f"({request.args['value']}) * 2", {})}
""",
        f"""
from flask import Flask, request
import re


{GUARD.rstrip()}


app = Flask(__name__)

@app.route("/sum")
def total():
    return {{"value": eval(f"({{plain_value(request.args['value'])}}) * 2", {{}})}}
""",
    ),
]
