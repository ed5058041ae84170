"""Templates: what is filled into the source becomes a value that the template is given. In templates of pages it is escaped then.

Known are Flask's `render_template_string`, and Jinja2 where a template is rendered as soon as it is made. Left to a person: other engines,
templates that are kept, and data that is a whole template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, with_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "template-injection"
AT_ONCE = "flask.render_template_string"
MADE = frozenset({"jinja2.Template", "jinja2.Environment.from_string"})


def edits(site: Site) -> Iterator[Edit]:
    """Give the values to the template."""
    given = site.argument(0, "source")
    if given is None:
        raise NoFix("the template is not written out")
    rendered = _rendered(site)
    found = templates.pieces(site, site.resolved(given.value))
    holes = templates.foreign(site, found)
    if not holes or len(found) == 1:
        raise NoFix("all of the template is others' data, or it is put together elsewhere")
    taken = {one.keyword.value for one in rendered.args if one.keyword is not None}
    text = ""
    values: list[tuple[str, cst.BaseExpression]] = []
    for piece in found:
        if isinstance(piece, str):
            text += piece
        elif piece not in holes:
            raise NoFix("the template is put together elsewhere")
        elif text.count("{{") > text.count("}}") or text.count("{%") > text.count("%}"):
            raise NoFix("what is filled in stands in an expression of the template")
        else:
            name = next(one for one in _names(piece, len(values)) if one not in taken)
            taken.add(name)
            values.append((name, piece.node))
            text += f"{{{{ {name} }}}}"
    edit = Edit("the value is given to the template, and is no part of its source")
    call = site.call.with_changes(
        args=[
            one.with_changes(value=templates.literal(text)) if one is given else one for one in site.call.args
        ]
    )
    if rendered is not site.call:
        assert isinstance(rendered.func, cst.Attribute)
        call = rendered.with_changes(func=rendered.func.with_changes(value=call))
    for name, value in values:
        call = with_keyword(call, name, site.code(value))
    edit.replaced[rendered] = call
    yield edit


def _names(hole: templates.Hole, number: int) -> list[str]:
    own = [hole.node.value] if isinstance(hole.node, cst.Name) else []
    return [*own, *(f"value{more}" for more in range(number + 1, number + 99))]


def _rendered(site: Site) -> cst.Call:
    """The call that is given the values."""
    if any(one.star for one in site.call.args):
        raise NoFix("the arguments are not written out")
    if site.finding.sink == AT_ONCE:
        return site.call
    if site.finding.sink not in MADE:
        raise NoFix(f"how values are given to templates of {site.finding.sink} is not known here")
    method = site.parent(site.call)
    call = None if method is None else site.parent(method)
    if isinstance(method, cst.Attribute) and method.attr.value == "render" and isinstance(call, cst.Call):
        return call
    raise NoFix("where the template is rendered is not seen")


EXAMPLES = [
    (
        """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    name = request.args["name"]
    return render_template_string(f"<p>Hello {name} of {request.args['place']}</p>", title="a")
""",
        """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    name = request.args["name"]
    return render_template_string("<p>Hello {{ name }} of {{ value2 }}</p>", title="a", name=name, value2=request.args['place'])
""",
    ),
    (
        """
from flask import Flask, request
from jinja2 import Template

app = Flask(__name__)

@app.route("/hello")
def hello():
    return {"text": Template("Hello " + request.args["name"]).render()}
""",
        """
from flask import Flask, request
from jinja2 import Template

app = Flask(__name__)

@app.route("/hello")
def hello():
    return {"text": Template("Hello {{ value1 }}").render(value1=request.args["name"])}
""",
    ),
]
