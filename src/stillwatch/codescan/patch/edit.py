"""An edit of one file: what is changed in its tree, and the text that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.names import dotted, is_name

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def applied(module: cst.Module, edit: Edit) -> str:
    """The file's text after an edit."""
    changed = module.visit(_Apply(edit))
    assert isinstance(changed, cst.Module)
    for source, name in edit.imports:
        changed = _imported(changed, source, name)
    return _defined(changed, edit.definitions).code


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
    if any(_brings(one, source, name) for one in module.body[:place]):
        return module
    line = cst.parse_statement(text)
    if place == 0 and module.body:
        return module.with_changes(body=[line, *module.body])
    return module.with_changes(body=[*module.body[:place], line, *module.body[place:]])


def _brings(statement: cst.BaseStatement | cst.BaseSmallStatement, source: str, name: str | None) -> bool:
    """Whether an import, with others or alone, binds what is meant to the name it is meant by."""
    match statement:
        case cst.SimpleStatementLine():
            return any(_brings(one, source, name) for one in statement.body)
        case cst.Import() if name is None:
            found = [dotted(one.name) for one in statement.names if one.asname is None]
            return any(one == source or one.startswith(f"{source}.") for one in found)
        case cst.ImportFrom(module=cst.BaseExpression() as module, relative=[], names=[*names]):
            return dotted(module) == source and any(
                one.asname is None and is_name(one.name, name or "") for one in names
            )
    return False


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
