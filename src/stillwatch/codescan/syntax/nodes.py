"""The tree that is analysed: Python's constructs with what is spelled in several ways brought to one form.

Chained comparisons stay whole, adjacent strings are one, decorators stand with what they decorate. `at` is
(line, column, end line, end column), from 1, columns in bytes of UTF-8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

At = tuple[int, int, int, int]


class Node:
    """Any piece of the tree."""

    __slots__ = ("at",)
    at: At


class Expression(Node):
    __slots__ = ()


class Statement(Node):
    __slots__ = ()


class Pattern(Node):
    __slots__ = ()


@dataclass(slots=True, eq=False)
class Constant(Expression):
    at: At
    value: object


@dataclass(slots=True, eq=False)
class Name(Expression):
    at: At
    name: str


@dataclass(slots=True, eq=False)
class Attribute(Expression):
    at: At
    value: Expression
    name: str


@dataclass(slots=True, eq=False)
class Subscript(Expression):
    at: At
    value: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Slice(Expression):
    at: At
    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@dataclass(slots=True, eq=False)
class Star(Expression):
    """`*value` in a call, a display or a target."""

    at: At
    value: Expression


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`keywords` has None for the name of `**mapping`."""

    at: At
    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str | None, Expression], ...]


@dataclass(slots=True, eq=False)
class Binary(Expression):
    at: At
    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Unary(Expression):
    at: At
    operator: str
    value: Expression


@dataclass(slots=True, eq=False)
class Boolean(Expression):
    at: At
    operator: Literal["and", "or"]
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Compare(Expression):
    at: At
    left: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    at: At
    test: Expression
    body: Expression
    otherwise: Expression


@dataclass(slots=True, eq=False)
class Formatted(Expression):
    """One `{value!conversion:specification}` of an f-string."""

    at: At
    value: Expression
    conversion: str
    specification: Expression | None


@dataclass(slots=True, eq=False)
class Joined(Expression):
    """An f-string, or a template string."""

    at: At
    parts: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Display(Expression):
    """A list, tuple or set written out."""

    at: At
    kind: Literal["list", "tuple", "set"]
    items: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class DictDisplay(Expression):
    """A key of None marks `**mapping`."""

    at: At
    items: tuple[tuple[Expression | None, Expression], ...]


@dataclass(slots=True, eq=False)
class Clause(Node):
    """`for target in iterable if …` of a comprehension."""

    at: At
    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    at: At
    kind: Literal["list", "set", "dict", "generator"]
    key: Expression | None
    element: Expression
    clauses: tuple[Clause, ...]


@dataclass(slots=True, eq=False)
class Parameter(Node):
    at: At
    name: str
    kind: Literal["positional", "plain", "star", "keyword", "double"]
    default: Expression | None
    annotation: Expression | None


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    at: At
    parameters: tuple[Parameter, ...]
    body: Expression


@dataclass(slots=True, eq=False)
class Walrus(Expression):
    at: At
    name: str
    value: Expression


@dataclass(slots=True, eq=False)
class Await(Expression):
    at: At
    value: Expression


@dataclass(slots=True, eq=False)
class Yield(Expression):
    at: At
    value: Expression | None
    whole: bool


@dataclass(slots=True, eq=False)
class Assign(Statement):
    at: At
    targets: tuple[Expression, ...]
    value: Expression


@dataclass(slots=True, eq=False)
class Annotated(Statement):
    at: At
    target: Expression
    annotation: Expression
    value: Expression | None


@dataclass(slots=True, eq=False)
class Augmented(Statement):
    at: At
    operator: str
    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class Evaluate(Statement):
    at: At
    value: Expression


@dataclass(slots=True, eq=False)
class Return(Statement):
    at: At
    value: Expression | None


@dataclass(slots=True, eq=False)
class Raise(Statement):
    at: At
    value: Expression | None


@dataclass(slots=True, eq=False)
class Assert(Statement):
    at: At
    test: Expression


@dataclass(slots=True, eq=False)
class Delete(Statement):
    at: At
    targets: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Jump(Statement):
    at: At
    kind: Literal["break", "continue", "pass"]


@dataclass(slots=True, eq=False)
class Scoped(Statement):
    """`global` and `nonlocal`."""

    at: At
    kind: Literal["global", "nonlocal"]
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Import(Statement):
    """`import a.b as c`: (dotted name, name it is bound to or None)."""

    at: At
    names: tuple[tuple[str, str | None], ...]


@dataclass(slots=True, eq=False)
class ImportFrom(Statement):
    """`from module import name as alias`; `level` counts the leading dots, a name of `*` is all names."""

    at: At
    module: str
    level: int
    names: tuple[tuple[str, str], ...]


Block = tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class If(Statement):
    at: At
    test: Expression
    body: Block
    otherwise: Block


@dataclass(slots=True, eq=False)
class While(Statement):
    at: At
    test: Expression
    body: Block
    otherwise: Block


@dataclass(slots=True, eq=False)
class For(Statement):
    at: At
    target: Expression
    iterable: Expression
    body: Block
    otherwise: Block


@dataclass(slots=True, eq=False)
class Handler(Node):
    at: At
    type: Expression | None
    name: str | None
    body: Block


@dataclass(slots=True, eq=False)
class Try(Statement):
    at: At
    body: Block
    handlers: tuple[Handler, ...]
    otherwise: Block
    last: Block


@dataclass(slots=True, eq=False)
class With(Statement):
    at: At
    items: tuple[tuple[Expression, Expression | None], ...]
    body: Block


@dataclass(slots=True, eq=False)
class Inside:
    """The body of a function, and whether it yields."""

    body: Block
    generator: bool


@dataclass(slots=True, eq=False)
class Function(Statement):
    """A `def`. What is inside is read from the parser's tree when it is first asked for: most functions never are."""

    at: At
    name: str
    parameters: tuple[Parameter, ...]
    decorators: tuple[Expression, ...]
    returns: Expression | None
    inside: Inside | Callable[[], Inside]

    @property
    def body(self) -> Block:
        return self._read().body

    @property
    def generator(self) -> bool:
        return self._read().generator

    def _read(self) -> Inside:
        if not isinstance(self.inside, Inside):
            self.inside = self.inside()
        return self.inside


@dataclass(slots=True, eq=False)
class Class(Statement):
    at: At
    name: str
    bases: tuple[Expression, ...]
    keywords: tuple[tuple[str | None, Expression], ...]
    body: Block
    decorators: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ValuePattern(Pattern):
    at: At
    value: Expression


@dataclass(slots=True, eq=False)
class CapturePattern(Pattern):
    """Binds whatever is there; a name of None is `_`."""

    at: At
    name: str | None
    pattern: Pattern | None


@dataclass(slots=True, eq=False)
class AnyOfPattern(Pattern):
    at: At
    patterns: tuple[Pattern, ...]


@dataclass(slots=True, eq=False)
class StarPattern(Pattern):
    at: At
    name: str | None


@dataclass(slots=True, eq=False)
class SequencePattern(Pattern):
    at: At
    patterns: tuple[Pattern, ...]


@dataclass(slots=True, eq=False)
class MappingPattern(Pattern):
    at: At
    items: tuple[tuple[Expression, Pattern], ...]
    rest: str | None


@dataclass(slots=True, eq=False)
class ClassPattern(Pattern):
    at: At
    type: Expression
    positional: tuple[Pattern, ...]
    keywords: tuple[tuple[str, Pattern], ...]


@dataclass(slots=True, eq=False)
class Case(Node):
    at: At
    pattern: Pattern
    guard: Expression | None
    body: Block


@dataclass(slots=True, eq=False)
class Match(Statement):
    at: At
    subject: Expression
    cases: tuple[Case, ...]


@dataclass(slots=True, eq=False)
class Module(Node):
    at: At
    body: Block
