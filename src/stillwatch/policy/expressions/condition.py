"""A condition ready to be asked: typed, compiled once, with the names of the facts it reads.

Fields are handed to the CEL library as plain variables (`call.model` as `call_model`), since a call's whole
record costs thirty microseconds to convert and a handful of variables two. A field that is not known is not
there at all, and CEL makes a comparison with what is not there an error, which `&&` and `||` pass over where
their other side decides. So a comparison with an unknown field is never true, turned round or not.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from stillwatch.policy.expressions.outcomes import possible_without
from stillwatch.policy.expressions.syntax import (
    Apply,
    Binary,
    Choice,
    Constant,
    Expression,
    Items,
    Logic,
    Member,
    Name,
    Unary,
    parse,
)
from stillwatch.policy.expressions.tokens import WrongExpression
from stillwatch.policy.expressions.types import HAS, asks_for, check
from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    import cel

MISSING = "policies need the packages of `live`: pip install 'stillwatch[live]'"
CHECKED_BY_RUNNING = {"timestamp", "duration"}


class Condition(msgspec.Struct, frozen=True, eq=False):
    """`reads` are the fields the condition compares, `asks` those of which it asks whether they are known."""

    source: str
    program: "cel.Program"
    reads: frozenset[tuple[str, str]]
    asks: frozenset[tuple[str, str]]
    reads_now: bool
    variables: frozenset[str]  # of the program, but for those that are always there
    needs_verdict: bool  # cannot be true of an account without verdict
    needs_access: bool  # nor of one without standing
    needs_either: bool  # nor of one that has neither
    on_access: bool  # reads a standing, which is the evidence then


def variable(owner: str, name: str) -> str:
    """What a field is called in the program that runs."""
    return f"{owner}_{name}"


def known_variable(owner: str, name: str) -> str:
    """What `has(owner.name)` is called in the program that runs."""
    return f"known_{owner}_{name}"


def compile_condition(source: str) -> Condition:
    """Raises WrongExpression where the condition is not well formed or not well typed."""
    whole = parse(source)
    check(whole)
    parts = list(_parts(whole))
    asks = frozenset(_asked(part) for part in parts if _asks_field(part))
    for part in parts:
        _run_constant(part, source)
    fields = frozenset((part.owner, part.name) for part in parts if isinstance(part, Member))
    reads_now = any(isinstance(part, Name) and part.name == "now" for part in parts)
    return Condition(
        source,
        _program(_flat(source, parts), 0),
        fields,
        asks,
        reads_now,
        frozenset(variable(*field) for field in fields) | ({"now"} if reads_now else frozenset()),
        not possible_without(whole, {"verdict"}),
        not possible_without(whole, {"access"}),
        not possible_without(whole, set(HAS)),
        any(_on_access(part) for part in parts),
    )


def _program(source: str, offset: int) -> "cel.Program":
    try:
        import cel  # noqa: PLC0415 - an optional extra, and a slow import
    except ImportError as error:
        raise InvalidConfiguration(MISSING) from error
    try:
        return cel.compile(source)
    except ValueError as error:
        reason = str(error).partition("ERROR: ")[2].partition("\n")[0].partition(": ")[2] or "cannot be read"
        raise WrongExpression(reason, offset) from error


def _parts(part: Expression) -> Iterator[Expression]:
    """Every part of a condition, but not what stands within a has() or a comparison of a record with null."""
    yield part
    below: tuple[Expression | None, ...] = ()
    match part:
        case Items():
            below = part.items
        case Apply() if not _asks_field(part):
            below = (part.target, *part.arguments)
        case Unary():
            below = (part.operand,)
        case Binary() if asks_for(part) is None:
            below = (part.left, part.right)
        case Logic():
            below = part.parts
        case Choice():
            below = (part.condition, part.yes, part.no)
    for one in below:
        if one is not None:
            yield from _parts(one)


def _on_access(part: Expression) -> bool:
    match part:
        case Member(owner="access") | Name(name="has_access"):
            return True
        case Binary():
            return asks_for(part) == "access"
        case Apply():
            return _asks_field(part) and _asked(part)[0] == "access"
        case _:
            return False


def _asks_field(part: Expression) -> bool:
    return isinstance(part, Apply) and part.function == "has" and part.target is None


def _asked(part: Expression) -> tuple[str, str]:
    assert isinstance(part, Apply)
    field = part.arguments[0]
    assert isinstance(field, Member)
    return field.owner, field.name


def _flat(source: str, parts: list[Expression]) -> str:
    """The condition with each field replaced by its variable."""
    changes: list[tuple[int, int, str]] = []
    for part in parts:
        if isinstance(part, Member):
            changes.append((part.start, part.end, variable(part.owner, part.name)))
        elif _asks_field(part):
            changes.append((part.start, part.end, known_variable(*_asked(part))))
        elif isinstance(part, Binary) and (asked := asks_for(part)) is not None:
            changes.append((part.start, part.end, HAS[asked] if part.sign == "!=" else f"(!{HAS[asked]})"))
    for start, end, text in sorted(changes, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _run_constant(part: Expression, source: str) -> None:
    """Try what can be tried without a call: numbers and text that do not fit, times, patterns."""
    if isinstance(part, Constant):
        _program(part.text, part.start)
    if not isinstance(part, Apply) or not part.arguments or not isinstance(part.arguments[-1], Constant):
        return
    text = part.arguments[-1]
    if part.function in CHECKED_BY_RUNNING:
        trial = source[part.start : part.end]
    elif part.function == "matches":
        trial = f"''.matches({text.text})"
    else:
        return
    try:
        _program(trial, text.start).execute({})
    except (RuntimeError, TypeError, ValueError) as error:
        raise WrongExpression(f"{part.function}() cannot take {text.text}", text.start) from error
