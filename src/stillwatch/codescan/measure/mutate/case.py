"""One case in other words: its handlers found, rewritten, and its propagation replaced by another shape."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import libcst as cst
import libcst.matchers as m

from stillwatch.codescan.measure import shapes
from stillwatch.codescan.measure.mutate.forms import Rewriting, catalogue, statements
from stillwatch.codescan.measure.mutate.looking import found, names
from stillwatch.codescan.measure.mutate.names import Renaming, locals_renamed
from stillwatch.codescan.measure.mutate.sections import Outcome, Section, noting, sections
from stillwatch.codescan.measure.words import Words

REPLACED = 0.5  # of the sections with a plain outcome; the others are rewritten where they stand

_FORMS: list[Rewriting] = catalogue()
_SHAPES = shapes.catalogue()


@dataclass(frozen=True)
class Mutant:
    """The code of one mutated case, and modules that its shape brought, by dotted name."""

    code: str
    modules: Mapping[str, str]


def with_notes(code: str) -> tuple[list[Section], str]:
    """Give the sections of a case, and the case with the values at their ends noted."""
    every: list[Section] = []

    def noted(handler: cst.FunctionDef) -> cst.FunctionDef:
        here = sections(handler)
        every.extend(here)
        return noting(handler, here)

    return every, _each_handler(cst.parse_module(code), noted).code


def mutate(code: str, outcome: Outcome | None, chance: Random, words: Words, package: str) -> Mutant:
    """Rewrite one case."""
    module = cst.parse_module(code)
    brought: list[shapes.Written] = []

    def changed(handler: cst.FunctionDef) -> cst.FunctionDef:
        if (
            outcome is not None
            and outcome.section.handler == handler.name.value
            and chance.random() < REPLACED
        ):
            handler = _replaced(handler, outcome, chance, words, package, brought)
        for rewrite in _FORMS:
            handler = rewrite(handler, chance, words)
        return locals_renamed(handler, words)

    module = _each_handler(module, changed)
    module = module.visit(Renaming({handler.name.value: words.snake() for handler in _handlers(module)}))
    definitions = [line for shape in brought for line in statements(shape.definitions)]
    module = module.with_changes(body=_after_imports(module.body, definitions))
    return Mutant(
        module.code,
        {shape.helper_module: shape.helper for shape in brought if shape.helper_module is not None},
    )


def _replaced(
    handler: cst.FunctionDef,
    outcome: Outcome,
    chance: Random,
    words: Words,
    package: str,
    brought: list[shapes.Written],
) -> cst.FunctionDef:
    section = outcome.section
    other = words.snake()
    shape = chance.choice(_SHAPES)
    text = outcome.constant if outcome.constant is not None else " ".join(other.split("_"))
    kept, dropped = (section.given, other) if outcome.constant is None else (other, section.given)
    written = shapes.write(shape, kept, dropped, section.result, words, package)
    brought.append(written)
    lines = handler.body.body
    instead = statements(f"{other} = {text!r}\n{written.body}")
    body = [*lines[: section.start], *instead, *lines[section.end :]]
    return handler.with_changes(body=handler.body.with_changes(body=body))


def _after_imports(
    body: Sequence[cst.BaseStatement], definitions: Sequence[cst.BaseStatement]
) -> list[cst.BaseStatement]:
    imports = m.SimpleStatementLine([m.OneOf(m.Import(), m.ImportFrom())])
    begin = 0
    for index, line in enumerate(body):
        if m.matches(line, imports):
            begin = index + 1
    return [*body[:begin], *definitions, *body[begin:]]


class _Handlers(cst.CSTTransformer):
    """Changes each handler, and not the functions within it."""

    def __init__(self, change: Callable[[cst.FunctionDef], cst.FunctionDef]) -> None:
        self._change = change
        self._inside = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._inside += _is_handler(node)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        if not _is_handler(original_node):
            return updated_node
        self._inside -= 1
        return updated_node if self._inside else self._change(updated_node)


def _is_handler(function: cst.FunctionDef) -> bool:
    """Whether a function takes nothing and reads the request."""
    return not function.params.params and "request" in names(function.body)


def _handlers(module: cst.Module) -> list[cst.FunctionDef]:
    return [function for function in found(module, cst.FunctionDef) if _is_handler(function)]


def _each_handler(module: cst.Module, change: Callable[[cst.FunctionDef], cst.FunctionDef]) -> cst.Module:
    return module.visit(_Handlers(change))
