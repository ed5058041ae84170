"""One function put in the place of another, and nothing else of the file touched."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from stillwatch.codescan.syntax.depth import nested_too_deep

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_LIMIT = 20_000  # characters of a function
EVADING = frozenset({
    "__import__", "import_module", "eval", "exec", "compile", "getattr", "setattr", "delattr", "globals", "locals", "vars",
    "__builtins__", "__dict__", "__globals__", "__getattribute__", "attrgetter", "methodcaller", "importlib", "ctypes",
})  # fmt: skip
"""Names by which code hides what it calls: from the scan, and from the watch on what is called."""
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SETTING_ASIDE = re.compile(r"stillwatch\s*:", re.IGNORECASE)


class NotConfined(Exception):
    """A replacement that is not of the one function alone, or brings what must not come; the message says why."""


@dataclass(frozen=True, slots=True)
class Within:
    """A function in its file; `line` is that of its `def`."""

    module: cst.Module
    function: cst.FunctionDef
    line: int


def function_of(text: str, line: int) -> Within | None:
    """The innermost function around a line; None of the module's own code, and of a file that is not read."""
    if nested_too_deep(text):
        return None
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    except cst.ParserSyntaxError:
        return None
    around = [
        (range_.start.line, node)
        for node, range_ in wrapper.resolve(PositionProvider).items()
        if isinstance(node, cst.FunctionDef) and range_.start.line <= line <= range_.end.line
    ]
    if not around or wrapper.module.code != text:
        return None
    start, function = max(around, key=lambda one: one[0])
    return Within(wrapper.module, function, start)


def replaced(within: Within, said: str) -> str:
    """The file with another function in that one's place. Raises NotConfined."""
    module, function = within.module, within.function
    before = module.code_for_node(function)
    if len(said) > SIZE_LIMIT:
        raise NotConfined("it is too long")
    _hides_nothing(said, module.code)
    made = _one_function(said)
    for what, one, other in _outside(module, function, made):
        if one != other:
            raise NotConfined(f"it changes {what} of the function")
    made = made.with_changes(
        leading_lines=function.leading_lines, lines_after_decorators=function.lines_after_decorators
    )
    if isinstance(made.body, cst.IndentedBlock) and isinstance(function.body, cst.IndentedBlock):
        made = made.with_changes(body=made.body.with_changes(footer=function.body.footer))
    _imports_nothing(module, made)
    named, known = _names(made), _names(function)
    new = sorted(name for name in EVADING if named[name] > known[name])
    if new:
        raise NotConfined(f"it uses {new[0]}, which hides what is called")
    changed = module.deep_replace(function, made)
    assert isinstance(changed, cst.Module)
    after = changed.code
    _only_there(module, function, changed, after)
    if changed.code_for_node(made) == before:
        raise NotConfined("it changes nothing")
    return after


def _hides_nothing(said: str, whole: str) -> None:
    for letter in set(said) - set(whole):
        if not letter.isprintable() and letter not in "\n\t":
            raise NotConfined(f"it holds a character that is not shown (U+{ord(letter):04X})")
    if len(_SETTING_ASIDE.findall(said)) > 0:
        raise NotConfined("it speaks to the scanner in a comment")


def _one_function(said: str) -> cst.FunctionDef:
    text = said.strip("\n") + "\n"
    try:
        parsed = None if nested_too_deep(text) else cst.parse_module(text)
    except (cst.ParserSyntaxError, UnicodeError, RecursionError):
        parsed = None
    if parsed is None:
        raise NotConfined("it is not Python, or nested too deep")
    match parsed.body:
        case [cst.FunctionDef() as only]:
            return only
    raise NotConfined("it is not one function alone")


def _outside(
    module: cst.Module, function: cst.FunctionDef, made: cst.FunctionDef
) -> Iterator[tuple[str, object, object]]:
    """What others see of a function, as it was and as it is said to be."""

    def code(node: cst.CSTNode | None) -> str:
        return "" if node is None else module.code_for_node(node).strip()

    yield "the name", function.name.value, made.name.value
    yield "the kind", function.asynchronous is None, made.asynchronous is None
    yield "the parameters", code(function.params), code(made.params)
    annotations = [one.returns and one.returns.annotation for one in (function, made)]
    yield "the annotation", code(annotations[0]), code(annotations[1])
    yield (
        "the decorators",
        [code(one.decorator) for one in function.decorators],
        [code(one.decorator) for one in made.decorators],
    )


def _imports_nothing(module: cst.Module, made: cst.FunctionDef) -> None:
    """What is imported anew is of the standard library, or of a package that the file imports already."""
    known = {root for root, _ in _imports(module)} | sys.stdlib_module_names
    exactly = {code for _, code in _imports(module)}
    for root, code in _imports(made):
        if code not in exactly and (root not in known or root == "" or "*" in code):
            raise NotConfined(f"it imports {root or 'a module of the code base'}, which the file does not")


def _imports(node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """The first word of each module that is imported ("" of one beside it), and the import as it is written."""
    finder = _Imports()
    node.visit(finder)
    empty = cst.Module([])
    for one in finder.found:
        code = empty.code_for_node(one)
        if isinstance(one, cst.Import):
            for alias in one.names:
                yield empty.code_for_node(alias.name).partition(".")[0], code
        elif one.relative or one.module is None:
            yield "", code
        else:
            yield empty.code_for_node(one.module).partition(".")[0], code


class _Imports(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[cst.Import | cst.ImportFrom] = []

    def visit_Import(self, node: cst.Import) -> None:
        self.found.append(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self.found.append(node)


class _Words(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: Counter[str] = Counter()

    def visit_Name(self, node: cst.Name) -> None:
        self.found[node.value] += 1


def _names(node: cst.CSTNode) -> Counter[str]:
    words = _Words()
    node.visit(words)
    return words.found


def _only_there(module: cst.Module, function: cst.FunctionDef, changed: cst.Module, after: str) -> None:
    """Around the function the text is as it was, and it is read as the tree it was made from."""
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    place = wrapper.resolve(PositionProvider)[function]
    lines = _LINES.findall(module.code)
    start, end = "".join(lines[: place.start.line - 1]), "".join(lines[place.end.line :])
    if not (after.startswith(start) and after.endswith(end) and len(after) >= len(start) + len(end)):
        raise NotConfined("it changes the file beyond the function")
    try:
        same = cst.parse_module(after).deep_equals(changed)
    except (cst.ParserSyntaxError, RecursionError):
        same = False
    if not same:
        raise NotConfined("it would be read in another way where it stands")
