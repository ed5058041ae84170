"""The place of a finding in its file, as LibCST reads it, and the edit that a fix makes there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.finding import Finding


class NoFix(Exception):
    """There is no edit that is known to be right; the text says why."""


@dataclass
class Edit:
    """What is changed: nodes replaced, statements put before others, names imported and defined; `note` says what it does."""

    note: str
    replaced: dict[cst.CSTNode, cst.CSTNode] = field(default_factory=dict)
    before: dict[cst.CSTNode, list[str]] = field(default_factory=dict)
    imports: list[tuple[str, str | None]] = field(default_factory=list)
    """(module, name) for `from module import name`, (module, None) for `import module`."""
    definitions: list[str] = field(default_factory=list)
    """Functions and classes of the module, put after its imports."""


class Site:
    """A finding's file and what of it the finding is about; `node` is the call, the return or the assignment."""

    def __init__(self, text: str, finding: Finding) -> None:
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
        counter = _Names(name)
        self.function.visit(counter)
        return counter.count

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
        finder = _Imports(shown, module, name)
        self.function.visit(finder)
        if isinstance(self.function, cst.FunctionDef) and finder.same:
            if min(self.line(one) for one in finder.same) < self.line(self.statement(self.node)):
                return name or module
            raise NoFix(f"the function imports {shown} after the place")
        whole = _Imports(shown, module, name)
        self.module.visit(whole)
        if whole.other:
            raise NoFix(f"the file has a {shown} of its own")
        edit.imports.append((module, name))
        return name or module

    def defining(self, name: str, text: str, modules: Sequence[str], edit: Edit) -> str:
        """The name of a function or class that the file gets, with the modules it uses; an earlier edit may have put it there."""
        for module in modules:
            shown = module.partition(".")[0]
            finder = _Imports(shown, module, None)
            self.module.visit(finder)
            if finder.other:
                raise NoFix(f"the file has a {shown} of its own")
            edit.imports.append((module, None))
        counter = _Names(name)
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
        changed = self.module.visit(_Apply(edit))
        assert isinstance(changed, cst.Module)
        for module, name in edit.imports:
            changed = _imported(changed, module, name)
        return _defined(changed, edit.definitions).code


def argument(call: cst.Call, place: int, *names: str) -> cst.Arg | None:
    for number, one in enumerate(call.args):
        if one.star:
            raise NoFix("the arguments are not written out")
        if one.keyword is not None and one.keyword.value in names:
            return one
        if one.keyword is None and number == place:
            return one
    return None


def expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def called(function: str, inner: cst.BaseExpression) -> cst.Call:
    return cst.Call(cst.parse_expression(function), [cst.Arg(inner)])


class _Names(cst.CSTVisitor):
    def __init__(self, name: str) -> None:
        self._name, self.count = name, 0

    def visit_Name(self, node: cst.Name) -> None:
        self.count += node.value == self._name


class _Imports(cst.CSTVisitor):
    """Imports that bind a name to what is meant, and all else that binds it."""

    def __init__(self, shown: str, module: str, name: str | None) -> None:
        self._shown, self._module, self._name = shown, module, name
        self.same: list[cst.CSTNode] = []
        self.other = False

    def visit_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            if self._name is None and alias.asname is None and _dotted(alias.name) == self._module:
                self.same.append(node)
            elif alias.asname is not None and _is(alias.asname.name, self._shown):
                self.other = True

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        source = "" if node.module is None else _dotted(node.module)
        for alias in [] if isinstance(node.names, cst.ImportStar) else node.names:
            bound = alias.asname.name if alias.asname is not None else alias.name
            if not _is(bound, self._shown):
                continue
            if self._name is not None and source == self._module and alias.asname is None:
                self.same.append(node)
            else:
                self.other = True

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self.other = self.other or _is(node.target, self._shown)

    def visit_Param(self, node: cst.Param) -> None:
        self.other = self.other or _is(node.name, self._shown)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.other = self.other or _is(node.name, self._shown)


def _dotted(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


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


def _is(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _assignments(function: cst.CSTNode, name: str) -> list[cst.Assign | cst.AugAssign | cst.AnnAssign]:
    found: list[cst.Assign | cst.AugAssign | cst.AnnAssign] = []

    class Finder(cst.CSTVisitor):
        def visit_Assign(self, node: cst.Assign) -> None:
            if any(_is(target.target, name) for target in node.targets):
                found.append(node)

        def visit_AugAssign(self, node: cst.AugAssign) -> None:
            if _is(node.target, name):
                found.append(node)

        def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
            if _is(node.target, name):
                found.append(node)

    function.visit(Finder())
    return found


class _Apply(cst.CSTTransformer):
    def __init__(self, edit: Edit) -> None:
        self._edit = edit

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]  # a node stays one
        new = self._edit.replaced.get(original_node)
        node = updated_node if new is None else new
        return super().on_leave(original_node, node)  # type: ignore[return-value]  # as above

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(body=self._body(original_node.body, updated_node.body))

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(body=self._body(original_node.body, updated_node.body))

    def _body(self, before: object, after: object) -> list[cst.BaseStatement]:
        made: list[cst.BaseStatement] = []
        for old, new in zip(before, after, strict=True):  # type: ignore[call-overload]  # both are sequences of statements
            made.extend(cst.parse_statement(text) for text in self._edit.before.get(old, ()))
            made.append(new)
        return made


def _imported(module: cst.Module, source: str, name: str | None) -> cst.Module:
    """Put an import after those at the top, unless it is there."""
    text = f"import {source}" if name is None else f"from {source} import {name}"
    place = _top(module)
    if any(module.code_for_node(one).strip() == text for one in module.body[:place]):
        return module
    line = cst.parse_statement(text)
    if place == 0 and module.body:
        return module.with_changes(body=[line, *module.body])
    return module.with_changes(body=[*module.body[:place], line, *module.body[place:]])


def _top(module: cst.Module) -> int:
    """How many statements the documentation and the imports at the top of a module are."""
    place = 0
    for number, statement in enumerate(module.body):
        if not isinstance(statement, cst.SimpleStatementLine):
            break
        first = statement.body[0]
        text = cst.SimpleString, cst.ConcatenatedString
        documentation = number == 0 and isinstance(first, cst.Expr) and isinstance(first.value, text)
        if not documentation and not isinstance(first, (cst.Import, cst.ImportFrom)):
            break
        place = number + 1
    return place


def _defined(module: cst.Module, definitions: Sequence[str]) -> cst.Module:
    """Put definitions after the imports at the top, two empty lines around each."""
    if not definitions:
        return module
    place = _top(module)
    apart = [cst.EmptyLine(indent=False)] * 2
    made = [
        statement.with_changes(leading_lines=apart)
        for text in definitions
        for statement in cst.parse_module(text).body
    ]
    after = list(module.body[place:])
    if after:
        lines = list(after[0].leading_lines)
        empty = next((n for n, line in enumerate(lines) if line.comment is not None), len(lines))
        after[0] = after[0].with_changes(leading_lines=[*apart[empty:], *lines])
    return module.with_changes(body=[*module.body[:place], *made, *after])
