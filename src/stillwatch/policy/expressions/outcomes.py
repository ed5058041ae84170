"""What a condition can come to for an account without verdict or standing: proof that a rule needs one.

Each part comes to true, false or unknown (a field that is not there, an error). The sets below hold all that
could be, so a rule whose set lacks true cannot match, whatever the call.
"""

from collections.abc import Iterable

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
from stillwatch.policy.expressions.types import HAS, asks_for

Outcomes = frozenset[bool | None]
Lacking = frozenset[str]

ANY: Outcomes = frozenset({True, False, None})
UNKNOWN: Outcomes = frozenset({None})
TURNED: dict[bool | None, bool | None] = {True: False, False: True, None: None}


def possible_without(whole: Expression, lacking: Iterable[str]) -> bool:
    """Whether the condition can be true of an account that lacks these records: `verdict`, `access`, or both."""
    return True in _without(whole, frozenset(lacking))


def _without(part: Expression, lacking: Lacking) -> Outcomes:  # noqa: PLR0911 - one for each kind of part
    """All that a condition, or a part of one, can come to."""
    match part:
        case Constant(kind="bool"):
            return frozenset({part.text == "true"})
        case Name(name=name) if name in {HAS[one] for one in lacking}:
            return frozenset({False})
        case Apply(function="has", target=None) if _lacks(part.arguments[0], lacking):
            return frozenset({False})
        case Binary() if asks_for(part) is not None:
            return frozenset({part.sign == "=="}) if asks_for(part) in lacking else frozenset({True, False})
        case Unary(sign="!"):
            return frozenset(TURNED[one] for one in _without(part.operand, lacking))
        case Logic():
            return _logic(part, lacking)
        case Choice():
            return _choice(part, lacking)
        case _:
            return UNKNOWN if _reads(part, lacking) else ANY


def _lacks(part: Expression, lacking: Lacking) -> bool:
    return isinstance(part, Member) and part.owner in lacking


def _reads(part: Expression, lacking: Lacking) -> bool:  # noqa: PLR0911 - one for each kind of part
    """Whether the part is surely unknown: a field that lacks goes into a value that needs all its parts."""
    match part:
        case Member():
            return _lacks(part, lacking)
        case Apply(function="has", target=None):
            return False
        case Apply():
            operands = (part.target, *part.arguments) if part.target else part.arguments
            return any(_reads(one, lacking) for one in operands)
        case Binary():
            return _reads(part.left, lacking) or _reads(part.right, lacking)
        case Unary():
            return _reads(part.operand, lacking)
        case Items():
            return any(_reads(one, lacking) for one in part.items)
        case _:  # what joins conditions may do without one of them
            return False


def _logic(part: Logic, lacking: Lacking) -> Outcomes:
    """`&&` is true where all parts are, false where any is; `||` the other way round."""
    all_of = part.sign == "&&"
    parts = [_without(one, lacking) for one in part.parts]
    out: set[bool | None] = set()
    if all(all_of in one for one in parts):
        out.add(all_of)
    if any((not all_of) in one for one in parts):
        out.add(not all_of)
    if any(None in one for one in parts):
        out.add(None)
    return frozenset(out)


def _choice(part: Choice, lacking: Lacking) -> Outcomes:
    condition = _without(part.condition, lacking)
    out: set[bool | None] = set(UNKNOWN & condition)
    if True in condition:
        out |= _without(part.yes, lacking)
    if False in condition:
        out |= _without(part.no, lacking)
    return frozenset(out)
