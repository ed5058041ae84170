"""The place of a finding in its file, as LibCST reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from stillwatch.codescan.patch.edit import applied
from stillwatch.codescan.patch.names import Imports, Names, is_name
from stillwatch.codescan.syntax.depth import nested_too_deep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.patch.edit import Edit


class NoFix(Exception):
    """There is no edit that is known to be right; the text says why."""


class Site:
    """A finding's file and what of it the finding is about; `node` is the call, the return or the assignment."""

    def __init__(self, text: str, finding: Finding) -> None:
        if nested_too_deep(text):
            raise NoFix("the file is nested too deep for an edit, or is not Python throughout")
        try:
            wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise NoFix(f"the file cannot be parsed for an edit (line {error.raw_line})") from None
        self.module = wrapper.module
        self.finding = finding
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._positions = wrapper.resolve(PositionProvider)
        self.node = self._found()

    def _found(self) -> cst.CSTNode:
        at = self.finding.location
        wanted = (at.line, at.column - 1), (at.end_line, at.end_column - 1)
        best: cst.CSTNode | None = None
        for node, range_ in self._positions.items():
            start, end = (range_.start.line, range_.start.column), (range_.end.line, range_.end.column)
            if isinstance(node, (cst.Call, cst.Return, cst.Assign)) and start == wanted[0]:
                if end == wanted[1]:
                    return node
                best = best or node
        if best is None:
            raise NoFix("the place is not a call, a return or an assignment")
        return best

    @property
    def call(self) -> cst.Call:
        if not isinstance(self.node, cst.Call):
            raise NoFix("the place is not a call")
        return self.node

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        parent = self.parent(node)
        while parent is not None:
            yield parent
            parent = self.parent(parent)

    def line(self, node: cst.CSTNode) -> int:
        return self._positions[node].start.line

    @property
    def function(self) -> cst.CSTNode:
        """The function around the place, or the module."""
        return next((one for one in self.above(self.node) if isinstance(one, cst.FunctionDef)), self.module)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement a node stands in; one that stands in a block, so that others can be put before it."""
        for one in (node, *self.above(node)):
            is_statement = isinstance(one, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
            if is_statement and isinstance(self.parent(one), (cst.IndentedBlock, cst.Module)):
                return one
        raise NoFix("the statement shares its line with others")

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def argument(self, place: int, *names: str) -> cst.Arg | None:
        """An argument of the call by its place or its names."""
        return argument(self.call, place, *names)

    def switched(self, names: frozenset[str], was: str, wanted: str) -> dict[cst.CSTNode, cst.CSTNode]:
        """Keyword arguments of these names that are written as one thing, each with another in its place."""
        return {
            one.value: cst.Name(wanted)
            for one in self.call.args
            if one.keyword is not None and one.keyword.value in names and self.code(one.value) == was
        }

    def assigned(self, name: str) -> list[cst.Assign | cst.AugAssign | cst.AnnAssign]:
        """What is assigned to a name in the function, before the place, in order."""
        limit = self.line(self.node)
        return [one for one in _assignments(self.function, name) if self.line(one) <= limit]

    def sources(self, expression: cst.BaseExpression) -> list[cst.BaseExpression]:
        """The expression itself; or all that is assigned to the name it is, added to it, or appended to it."""
        if not isinstance(expression, cst.Name):
            return [expression]
        found = [one.value for one in self.assigned(expression.value) if one.value is not None]
        appended = _appended(self.function, expression.value)
        return [*found, *(one for one in appended if self.line(one) <= self.line(self.node))]

    def stored_at(self, line: int) -> list[cst.BaseExpression]:
        """What is assigned on a line of the file."""
        lines = [
            one for one in self._positions if isinstance(one, (cst.Assign, cst.AugAssign, cst.AnnAssign))
        ]
        return [one.value for one in lines if one.value is not None and self.line(one) == line]

    def uses(self, name: str) -> int:
        """How often a name is read or written in the function."""
        counter = Names(name)
        self.function.visit(counter)
        return counter.count

    def annotated(self, name: str) -> str:
        """The type that the function says a parameter of it has; nothing where it says none."""
        if not isinstance(self.function, cst.FunctionDef):
            return ""
        given = self.function.params
        every = (*given.posonly_params, *given.params, *given.kwonly_params)
        said = next((one.annotation for one in every if is_name(one.name, name)), None)
        return "" if said is None else self.code(said.annotation)

    def resolved(self, expression: cst.BaseExpression) -> cst.BaseExpression:
        """The expression itself, or what was assigned last to the name it is, where nothing else can have been."""
        if isinstance(expression, cst.Name):
            found = self.assigned(expression.value)
            last = found[-1] if found else None
            if isinstance(last, (cst.Assign, cst.AnnAssign)) and last.value is not None:
                block = self.parent(self.statement(last))
                if len(found) == 1 or block in list(self.above(self.node)):
                    return last.value
        return expression

    def using(self, module: str, name: str | None, edit: Edit) -> str:
        """The way to say a module, or a name of it, at the place; imported where it is not yet."""
        shown = (name or module).partition(".")[0]
        finder = Imports(shown, module, name)
        self.function.visit(finder)
        if isinstance(self.function, cst.FunctionDef) and finder.same:
            if min(self.line(one) for one in finder.same) < self.line(self.statement(self.node)):
                return name or module
            raise NoFix(f"the function imports {shown} after the place")
        whole = Imports(shown, module, name)
        self.module.visit(whole)
        if whole.other:
            raise NoFix(f"the file has a {shown} of its own")
        edit.imports.append((module, name))
        return name or module

    def defining(self, name: str, text: str, modules: Sequence[str], edit: Edit) -> str:
        """The name of a function or class that the file gets, with the modules it uses; an earlier edit may have put it there."""
        for module in modules:
            shown = module.partition(".")[0]
            finder = Imports(shown, module, None)
            self.module.visit(finder)
            if finder.other:
                raise NoFix(f"the file has a {shown} of its own")
            edit.imports.append((module, None))
        counter = Names(name)
        self.module.visit(counter)
        if text.strip() in self.module.code:
            return name
        if counter.count:
            raise NoFix(f"the file has a {name} of its own")
        edit.definitions.append(text)
        return name

    def named(self, expression: cst.BaseExpression, wish: str, edit: Edit) -> str:
        """A name for what an expression gives; a new one is given its value before the statement."""
        if isinstance(expression, cst.Name):
            return expression.value
        name = next(one for one in (wish, f"{wish}_given", f"the_{wish}") if self.uses(one) == 0)
        edit.before.setdefault(self.statement(expression), []).append(f"{name} = {self.code(expression)}")
        edit.replaced[expression] = cst.Name(name)
        return name

    def apply(self, edit: Edit) -> str:
        """The file's text after an edit."""
        return applied(self.module, edit)


def argument(call: cst.Call, place: int, *names: str) -> cst.Arg | None:
    for number, one in enumerate(call.args):
        if one.star:
            raise NoFix("the arguments are not written out")
        if one.keyword is not None and one.keyword.value in names:
            return one
        if one.keyword is None and number == place:
            return one
    return None


EQUALS = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def with_keyword(call: cst.Call, keyword: str, value: str) -> cst.Call:
    """The call with an argument set: in the place of the one there is, or as the last."""
    given = next((one for one in call.args if one.keyword is not None and one.keyword.value == keyword), None)
    new = cst.parse_expression(value)
    if given is not None:
        args = [one.with_changes(value=new) if one is given else one for one in call.args]
        return call.with_changes(args=args)
    spaced = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    before = [
        one if isinstance(one.comma, cst.Comma) else one.with_changes(comma=spaced) for one in call.args
    ]
    return call.with_changes(args=[*before, cst.Arg(new, keyword=cst.Name(keyword), equal=EQUALS)])


def expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def called(function: str, inner: cst.BaseExpression) -> cst.Call:
    return cst.Call(cst.parse_expression(function), [cst.Arg(inner)])


def _appended(function: cst.CSTNode, name: str) -> list[cst.BaseExpression]:
    found: list[cst.BaseExpression] = []

    class Finder(cst.CSTVisitor):
        def visit_Call(self, node: cst.Call) -> None:
            match node.func:
                case cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value="append")) if (
                    owner == name and node.args
                ):
                    found.append(node.args[0].value)

    function.visit(Finder())
    return found


def _assignments(function: cst.CSTNode, name: str) -> list[cst.Assign | cst.AugAssign | cst.AnnAssign]:
    found: list[cst.Assign | cst.AugAssign | cst.AnnAssign] = []

    class Finder(cst.CSTVisitor):
        def visit_Assign(self, node: cst.Assign) -> None:
            if any(is_name(target.target, name) for target in node.targets):
                found.append(node)

        def visit_AugAssign(self, node: cst.AugAssign) -> None:
            if is_name(node.target, name):
                found.append(node)

        def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
            if is_name(node.target, name):
                found.append(node)

    function.visit(Finder())
    return found
