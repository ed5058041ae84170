"""What each part of a condition is: names, types, closed lists of words; all mistakes are found before a call comes.

A type is `bool`, `int`, `double`, `string`, `timestamp`, `duration`, `null`, or `list of` one of them.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from types import NoneType
from typing import Literal, get_args, get_origin

import msgspec

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
)
from stillwatch.policy.expressions.tokens import WrongExpression
from stillwatch.records import CAPABILITIES, Call, Micros, Standing, Verdict

_TYPES: dict[object, str] = {Micros: "timestamp", str: "string", int: "int", float: "double", bool: "bool"}
NUMBERS = {"int", "double"}
ORDERED = {*NUMBERS, "string", "timestamp", "duration"}
HAS = {"verdict": "has_verdict", "access": "has_access"}  # what an account may have none of
VARIABLES = {**dict.fromkeys(HAS.values(), "bool"), "now": "timestamp"}
Signatures = dict[str, dict[tuple[str, ...], str]]  # name: types of the operands: type of the result

SUMS = {
    ("+", "timestamp", "duration"): "timestamp",
    ("+", "duration", "timestamp"): "timestamp",
    ("+", "duration", "duration"): "duration",
    ("+", "string", "string"): "string",
    ("-", "timestamp", "timestamp"): "duration",
    ("-", "timestamp", "duration"): "timestamp",
    ("-", "duration", "duration"): "duration",
} | {(sign, number, number): number for sign in "+-*/" for number in NUMBERS}
FUNCTIONS: Signatures = {
    "size": {("string",): "int"},
    "timestamp": {("string",): "timestamp"},
    "duration": {("string",): "duration"},
    "int": {("double",): "int", ("int",): "int"},
    "double": {("int",): "double", ("double",): "double"},
    "string": {("int",): "string", ("double",): "string", ("string",): "string"},
}
_OF_TEXT: dict[tuple[str, ...], str] = {("string", "string"): "bool"}
_OF_TIME: dict[tuple[str, ...], str] = {("timestamp",): "int"}
METHODS: Signatures = {
    **dict.fromkeys(("startsWith", "endsWith", "contains", "matches"), _OF_TEXT),
    **dict.fromkeys(
        ("getFullYear", "getMonth", "getDayOfMonth", "getDayOfWeek", "getHours", "getMinutes"), _OF_TIME
    ),
}


def _type_of_field(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return "string"
    kept = next((kind for kind in get_args(annotation) if kind is not NoneType), annotation)
    return _TYPES[kept]


FIELDS = {
    owner: {field.name: _type_of_field(field.type) for field in msgspec.structs.fields(record)}
    for owner, record in (("call", Call), ("verdict", Verdict))
}
FIELDS["access"] = {
    field.name: _type_of_field(field.type)
    for field in msgspec.structs.fields(Standing)
    if field.name not in {"standing_id", "terms"}
} | {"reason": "string", "overdue": "bool"}
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    (owner, field.name): get_args(field.type)
    for owner, record in (("call", Call), ("verdict", Verdict))
    for field in msgspec.structs.fields(record)
    if get_origin(field.type) is Literal
} | {("verdict", "capability"): (*CAPABILITIES, "")}


def did_you_mean(word: str, known: Iterable[str], prefix: str = "") -> str:
    """A suggestion to end a message with, or nothing."""
    near = get_close_matches(word, list(known), n=1)
    return f": did you mean {prefix}{near[0]}?" if near else ""


def check(whole: Expression) -> None:
    """Raises WrongExpression where the condition is not one of the call, the verdict and the time."""
    kind = type_of(whole)
    if kind != "bool":
        raise WrongExpression(f"a condition is true or false, and this is {_a(kind)}", whole.start)


def type_of(part: Expression) -> str:  # noqa: C901, PLR0911 - one for each kind of part
    """The type of a part. Raises WrongExpression."""
    match part:
        case Constant():
            return part.kind
        case Name():
            return _name(part)
        case Member():
            return _member(part)
        case Items():
            return _items(part)
        case Apply():
            return _apply(part)
        case Unary():
            return _unary(part)
        case Binary():
            return _relation(part) if part.sign not in "+-*/%" else _sum(part)
        case Logic():
            for one in part.parts:
                _need(one, "bool", f"{part.sign} joins conditions")
            return "bool"
        case Choice():
            return _choice(part)


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "int" else kind if kind == "null" else f"a {kind}"


def _need(part: Expression, kind: str, why: str) -> None:
    found = type_of(part)
    if found != kind:
        raise WrongExpression(f"{why}, and this is {_a(found)}", part.start)


def _name(part: Name) -> str:
    if part.name in FIELDS:
        raise WrongExpression(f"{part.name} has no value of its own: name a field of it", part.start)
    if part.name not in VARIABLES:
        hint = did_you_mean(part.name, [*VARIABLES, *FIELDS])
        raise WrongExpression(f"{part.name}: no such name{hint}", part.start)
    return VARIABLES[part.name]


def _member(part: Member) -> str:
    if part.owner not in FIELDS:
        if part.owner in VARIABLES:
            raise WrongExpression(
                f"only {' and '.join(FIELDS)} have fields, {part.owner} has none", part.start
            )
        hint = did_you_mean(part.owner, FIELDS)
        raise WrongExpression(f"{part.owner}.{part.name}: no such name{hint}", part.start)
    fields = FIELDS[part.owner]
    if part.name not in fields:
        hint = did_you_mean(part.name, fields, f"{part.owner}.")
        raise WrongExpression(f"{part.owner}.{part.name}{hint or ': no such field'}", part.name_start)
    return fields[part.name]


def _items(part: Items) -> str:
    if not part.items:
        raise WrongExpression("an empty list holds nothing", part.start)
    kinds = [type_of(item) for item in part.items]
    for item, kind in zip(part.items, kinds, strict=True):
        if not _alike(kinds[0], kind) or kind == "null" or kind.startswith("list"):
            raise WrongExpression(f"a list of {kinds[0]} cannot hold {_a(kind)}", item.start)
    return f"list of {kinds[0]}"


def _alike(left: str, right: str) -> bool:
    return left == right or {left, right} <= NUMBERS


def _apply(part: Apply) -> str:
    if part.function == "has" and part.target is None:
        if len(part.arguments) != 1 or not isinstance(part.arguments[0], Member):
            raise WrongExpression(
                "has() asks whether one field is known, as in has(call.country)", part.start
            )
        type_of(part.arguments[0])
        return "bool"
    known = FUNCTIONS if part.target is None else METHODS
    if part.function not in known:
        hint = did_you_mean(part.function, [*known, "has"] if part.target is None else known)
        raise WrongExpression(f"{part.function}(): no such function{hint}", part.name_start)
    operands = part.arguments if part.target is None else (part.target, *part.arguments)
    given = tuple(type_of(operand) for operand in operands)
    if given not in known[part.function]:
        takes = " or ".join(", ".join(kinds) for kinds in known[part.function])
        raise WrongExpression(
            f"{part.function}() takes {takes}, not {', '.join(given) or 'nothing'}", part.name_start
        )
    return known[part.function][given]


def _unary(part: Unary) -> str:
    if part.sign == "!":
        _need(part.operand, "bool", "! turns a condition round")
        return "bool"
    kind = type_of(part.operand)
    if kind not in NUMBERS:
        raise WrongExpression(f"- takes a number, and this is {_a(kind)}", part.operand.start)
    return kind


def _sum(part: Binary) -> str:
    left, right = type_of(part.left), type_of(part.right)
    kind = "int" if (part.sign, left, right) == ("%", "int", "int") else SUMS.get((part.sign, left, right))
    if kind is None:
        hint = ": write double() around the int" if {left, right} == NUMBERS and part.sign != "%" else ""
        raise WrongExpression(f"{left} {part.sign} {right} has no meaning{hint}", part.sign_start)
    return kind


def asks_for(part: Binary) -> str | None:
    """Of `verdict == null`, `access != null` and the like, in either order: what is asked for."""
    if part.sign not in {"==", "!="}:
        return None
    for one, other in ((part.left, part.right), (part.right, part.left)):
        if isinstance(one, Name) and one.name in HAS and isinstance(other, Constant) and other.kind == "null":
            return one.name
    return None


def _relation(part: Binary) -> str:
    if asks_for(part) is not None:
        return "bool"
    left, right = type_of(part.left), type_of(part.right)
    if "null" in {left, right}:
        raise WrongExpression(
            "only verdict and access are compared with null; has(call.country) asks whether a field is known",
            part.sign_start,
        )
    if part.sign == "in":
        fits = right.startswith("list of ") and _alike(left, right.removeprefix("list of "))
    elif part.sign in {"==", "!="}:
        fits = _alike(left, right) and not left.startswith("list")
    else:
        fits = _alike(left, right) and left in ORDERED
    if not fits:
        raise WrongExpression(f"{left} {part.sign} {right} cannot be compared", part.sign_start)
    _words(part.left, part.right)
    _words(part.right, part.left)
    return "bool"


def _words(field: Expression, other: Expression) -> None:
    """A field with a closed list of words, compared with a word that is not of the list, never matches."""
    if not isinstance(field, Member) or (field.owner, field.name) not in WORDS:
        return
    known = WORDS[field.owner, field.name]
    for item in other.items if isinstance(other, Items) else (other,):
        if isinstance(item, Constant) and "\\" not in item.text and item.text.strip("rR")[1:-1] not in known:
            word = item.text.strip("rR")[1:-1]
            hint = did_you_mean(word, known) or f"; it is one of {', '.join(filter(None, known))}"
            raise WrongExpression(f"{field.owner}.{field.name} is never {item.text}{hint}", item.start)


def _choice(part: Choice) -> str:
    _need(part.condition, "bool", "? asks a condition")
    yes, no = type_of(part.yes), type_of(part.no)
    if yes != no:
        raise WrongExpression(f"both sides of : are of one type, not {yes} and {no}", part.no.start)
    return yes
