"""What a condition can come to for an account without verdict: proof that a rule needs one.

Each part comes to true, false or unknown (a field that is not there, an error). The sets below hold all that
could be, so a rule whose set lacks true cannot match, whatever the call.
"""

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
from stillwatch.policy.expressions.types import asks_for_verdict

Outcomes = frozenset[bool | None]

ANY: Outcomes = frozenset({True, False, None})
UNKNOWN: Outcomes = frozenset({None})
TURNED: dict[bool | None, bool | None] = {True: False, False: True, None: None}


def needs_verdict(whole: Expression) -> bool:
    """Whether the condition cannot be true of an account without verdict."""
    return True not in without_verdict(whole)


def without_verdict(part: Expression) -> Outcomes:  # noqa: PLR0911 - one for each kind of part
    """All that a condition, or a part of one, can come to where there is no verdict."""
    match part:
        case Constant(kind="bool"):
            return frozenset({part.text == "true"})
        case Name(name="has_verdict"):
            return frozenset({False})
        case Apply(function="has", target=None) if _on_verdict(part.arguments[0]):
            return frozenset({False})
        case Binary() if asks_for_verdict(part):
            return frozenset({part.sign == "=="})
        case Unary(sign="!"):
            return frozenset(TURNED[one] for one in without_verdict(part.operand))
        case Logic():
            return _logic(part)
        case Choice():
            return _choice(part)
        case _:
            return UNKNOWN if _reads_verdict(part) else ANY


def _on_verdict(part: Expression) -> bool:
    return isinstance(part, Member) and part.owner == "verdict"


def _reads_verdict(part: Expression) -> bool:  # noqa: PLR0911 - one for each kind of part
    """Whether the part is surely unknown: a field of the verdict goes into a value that needs all its parts."""
    match part:
        case Member():
            return _on_verdict(part)
        case Apply(function="has", target=None):
            return False
        case Apply():
            return any(map(_reads_verdict, (part.target, *part.arguments) if part.target else part.arguments))
        case Binary():
            return _reads_verdict(part.left) or _reads_verdict(part.right)
        case Unary():
            return _reads_verdict(part.operand)
        case Items():
            return any(map(_reads_verdict, part.items))
        case _:  # what joins conditions may do without one of them
            return False


def _logic(part: Logic) -> Outcomes:
    """`&&` is true where all parts are, false where any is; `||` the other way round."""
    all_of = part.sign == "&&"
    parts = [without_verdict(one) for one in part.parts]
    out: set[bool | None] = set()
    if all(all_of in one for one in parts):
        out.add(all_of)
    if any((not all_of) in one for one in parts):
        out.add(not all_of)
    if any(None in one for one in parts):
        out.add(None)
    return frozenset(out)


def _choice(part: Choice) -> Outcomes:
    condition = without_verdict(part.condition)
    out: set[bool | None] = set(UNKNOWN & condition)
    if True in condition:
        out |= without_verdict(part.yes)
    if False in condition:
        out |= without_verdict(part.no)
    return frozenset(out)
