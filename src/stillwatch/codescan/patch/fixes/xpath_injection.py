"""XPath: the values become variables of the expression, where the library has them (lxml and elementpath).

Left to a person: `find` and `findall` of ElementTree, which know no variables, and names of elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import bound, templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, argument

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "xpath-injection"
SPACED = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
EQUALS = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def edits(site: Site) -> Iterator[Edit]:
    name = site.finding.sink.rpartition(".")[2]
    place = 1 if site.finding.sink.startswith("elementpath.") and name != "Selector" else 0
    if name not in {"xpath", "XPath", "ETXPath", "select", "iter_select"}:
        raise NoFix(f"{name} knows no variables")
    given = site.argument(place, "_path", "path", "query")
    if given is None:
        raise NoFix("the expression is not written out")
    found = templates.pieces(site, site.resolved(given.value))
    made = bound.bind(found, lambda number: f"$value{number}", loose=False)
    if not made.values:
        raise NoFix("the expression is put together elsewhere")
    values = {f"value{number}": _text(one) for number, one in enumerate(made.values, 1)}
    edit = Edit("the value is a variable of the expression")
    args = [
        one.with_changes(value=templates.literal(made.text)) if one is given else one
        for one in site.call.args
    ]
    if name in {"XPath", "ETXPath"}:
        edit.replaced[site.call] = site.call.with_changes(args=args)
        _evaluations(site, values, edit)
    elif name == "xpath":
        edit.replaced[site.call] = site.call.with_changes(args=[*_spaced(args), *_named(values)])
    else:
        if argument(site.call, 9, "variables") is not None:
            raise NoFix("the call has variables already")
        items = ", ".join(f'"{key}": {site.code(value)}' for key, value in values.items())
        more = cst.Arg(cst.parse_expression(f"{{{items}}}"), keyword=cst.Name("variables"), equal=EQUALS)
        edit.replaced[site.call] = site.call.with_changes(args=[*_spaced(args), more])
    yield edit


def _text(value: list[templates.Piece]) -> cst.BaseExpression:
    if len(value) == 1 and isinstance(value[0], templates.Hole):
        return value[0].node
    raise NoFix("the value is put together inside its quotes")


def _spaced(args: list[cst.Arg]) -> list[cst.Arg]:
    return [*args[:-1], args[-1].with_changes(comma=SPACED)]


def _named(values: dict[str, cst.BaseExpression]) -> list[cst.Arg]:
    args = [
        cst.Arg(value, keyword=cst.Name(key), equal=EQUALS, comma=SPACED) for key, value in values.items()
    ]
    return [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _evaluations(site: Site, values: dict[str, cst.BaseExpression], edit: Edit) -> None:
    """A compiled expression is given its variables where it is evaluated."""
    assigned = site.parent(site.call)
    if (
        not isinstance(assigned, cst.Assign)
        or len(assigned.targets) != 1
        or not isinstance(assigned.targets[0].target, cst.Name)
    ):
        raise NoFix("where the compiled expression is evaluated is not seen")
    name = assigned.targets[0].target.value
    calls = _calls(site.function, name)
    if not calls or site.uses(name) != 1 + len(calls):
        raise NoFix("where the compiled expression is evaluated is not seen")
    for call in calls:
        edit.replaced[call] = call.with_changes(args=[*_spaced(list(call.args)), *_named(values)])


def _calls(function: cst.CSTNode, name: str) -> list[cst.Call]:
    found: list[cst.Call] = []

    class Finder(cst.CSTVisitor):
        def visit_Call(self, node: cst.Call) -> None:
            if isinstance(node.func, cst.Name) and node.func.value == name and node.args:
                found.append(node)

    function.visit(Finder())
    return found
