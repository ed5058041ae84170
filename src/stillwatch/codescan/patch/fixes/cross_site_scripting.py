"""Pages: what is filled into HTML is escaped.

By MarkupSafe where the file uses it or a framework that brings it, else by the standard library; by the template where it was told
not to. Left to a person: data that
is meant to be HTML, and text inside scripts and styles, where escaping is not enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import flows, templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.names import is_name
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "cross-site-scripting"
GIVES_TEXT = frozenset({
    "get", "getlist", "pop", "str", "strip", "lower", "upper", "title", "replace", "decode", "join", "format", "unquote", "unquote_plus",
})  # fmt: skip
_BRINGS = re.compile(r"^\s*(?:from|import)\s+(?:flask|markupsafe|jinja2|werkzeug)\b", re.MULTILINE)
_SAFE = re.compile(r"(?P<before>\{\{-?\s*(?P<name>\w+)[^{}|]*?)\s*\|\s*safe\b")
WRAPS = frozenset({"str", "Markup", "mark_safe", "make_response", "Response", "HttpResponse", "HTMLResponse"})
"""Calls whose result is the page they are given."""
_SCRIPT = re.compile(r"<(script|style)\b(?!.*</\1)", re.IGNORECASE | re.DOTALL)


def edits(site: Site) -> Iterator[Edit]:
    """Escape where the page is put together; else where the data was last given a name."""
    if site.finding.sink.endswith("render_template_string"):
        yield _without_safe(site)
        return
    found = list(_expressions(site))
    if not found:
        raise NoFix("where the page is put together is not in this file")
    for alone in (False, True):
        for expression in found:
            try:
                edit = _escaped(site, expression, alone=alone)
            except NoFix:
                continue
            if edit is not None:
                yield edit


def _without_safe(site: Site) -> Edit:
    """The template escapes what it was told to leave as it is."""
    given = site.argument(0, "source")
    if given is None or not isinstance(given.value, cst.SimpleString):
        raise NoFix("the template is not written out")
    values = {one.keyword.value for one in site.call.args if one.keyword is not None}

    def escaping(found: re.Match[str]) -> str:
        return found.group("before") if found.group("name") in values else found.group(0)

    text = _SAFE.sub(escaping, given.value.value)
    if text == given.value.value:
        raise NoFix("where the template is told not to escape is not seen")
    return Edit("the template escapes the value", {given.value: cst.SimpleString(text)})


def _expressions(site: Site) -> Iterator[cst.BaseExpression]:
    """What is answered, then what was stored on the way, the last first."""
    node = site.node
    if isinstance(node, cst.Return) and node.value is not None:
        value = (
            node.value.elements[0].value
            if isinstance(node.value, cst.Tuple) and node.value.elements
            else node.value
        )
        yield value
    elif isinstance(node, cst.Call) and node.args:
        yield node.args[0].value
    for step in reversed(site.finding.trace):
        if step.location.path != site.finding.location.path or not flows.STORED.match(step.note):
            continue
        yield from site.stored_at(step.location.line)


def _unwrapped(site: Site, expression: cst.BaseExpression) -> cst.BaseExpression:
    """The page that is handed through such calls."""
    match expression:
        case cst.Call(func=function, args=[cst.Arg(value=inner, keyword=None), *_]) if site.code(
            function
        ).rpartition(".")[2] in WRAPS and not isinstance(inner, cst.Name):
            return _unwrapped(site, inner)
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name(value="encode"))):
            return _unwrapped(site, inner)
    return expression


def _escaped(site: Site, expression: cst.BaseExpression, *, alone: bool) -> Edit | None:
    """The edit of one expression. `alone`: what the flow does not name is escaped too, where nothing else is filled in."""
    expression = _unwrapped(site, expression)
    if isinstance(expression, cst.Name) and any(_is_written(site, one) for one in site.sources(expression)):
        return None  # it holds HTML of the program's own: what is filled into that is what is escaped
    found = templates.pieces(site, expression)
    holes = [one for one in templates.foreign(site, found) if _is_others(site, one.node)]
    if bool(holes) == alone:
        return None
    if alone:
        holes = templates.foreign(site, found)
        if len(holes) != 1 or _is_made(site, holes[0].node):
            return None
    before = "".join(one for one in found[: found.index(holes[0])] if isinstance(one, str))
    if _SCRIPT.search(before):
        raise NoFix("what is filled in stands in a script or a style, where escaping is not enough")
    edit = Edit("what is filled into the page is escaped")
    if _BRINGS.search(site.module.code):
        function = site.using("markupsafe", "escape", edit)
        for hole in holes:
            edit.replaced.update(templates.wrapped(function, [hole], text=not _is_made_text(site, hole.node)))
        return edit
    site.using("html", None, edit)
    edit.replaced.update(_by_html(holes))
    return edit


def _is_made(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the program's own function gives it: that can be a page."""
    return isinstance(node, cst.Await) or (
        isinstance(node, cst.Call)
        and re.search(rf"\bdef {re.escape(site.code(node.func))}\(", site.module.code) is not None
    )


def _is_written(site: Site, expression: cst.BaseExpression) -> bool:
    try:
        found = templates.pieces(site, _unwrapped(site, expression))
    except NoFix:
        return False
    return any(isinstance(piece, str) and piece.strip() for piece in found)


def _by_html(holes: list[templates.Hole]) -> dict[cst.CSTNode, cst.CSTNode]:
    return {hole.node: _call(hole) for hole in holes}


def _call(hole: templates.Hole) -> cst.CSTNode:
    inner = hole.node if _is_str(hole.node) else cst.Call(cst.Name("str"), [cst.Arg(hole.node)])
    return cst.Call(cst.parse_expression("html.escape"), [cst.Arg(inner)])


def _is_str(node: cst.CSTNode | None) -> bool:
    return isinstance(node, cst.Call) and is_name(node.func, "str")


def _is_made_text(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the program makes a text of it where it stands."""
    given = site.parent(node)
    return isinstance(given, cst.Arg) and _is_str(site.parent(given))


def _is_others(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the flow that was found goes through this expression: it names what data was stored in, or takes data in."""
    if isinstance(node, cst.Call) and site.code(node.func).rpartition(".")[2] not in GIVES_TEXT:
        return False
    return flows.through(site, node)


EXAMPLES = [
    (
        """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return render_template_string("<p>{{ name | safe }} {{ page | safe }}</p>", name=request.args["name"])
""",
        """
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return render_template_string("<p>{{ name }} {{ page | safe }}</p>", name=request.args["name"])
""",
    ),
    (
        """
from flask import Flask, request
from markupsafe import Markup

app = Flask(__name__)

@app.route("/hello")
def hello():
    return str(Markup("<b>{}</b>".format(request.args["name"])))
""",
        """
from flask import Flask, request
from markupsafe import Markup
from markupsafe import escape

app = Flask(__name__)

@app.route("/hello")
def hello():
    return str(Markup("<b>{}</b>".format(str(escape(request.args["name"])))))
""",
    ),
]
