"""TAXII 2.1, clause by clause, against any server over HTTP: what it asks, what it wants, and what came back.

Nothing here knows which server answers. `clauses/` holds a file for each part of the standard, found by walking it.
"""

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, TypeAlias

import httpx
import msgspec

from stillwatch.lab.conformance import clauses as parts
from stillwatch.lab.conformance.clause import Broken, Clause, NotApplicable
from stillwatch.lab.conformance.target import Target
from stillwatch.records import UsageError

Verdict: TypeAlias = Literal["holds", "broken", "not applicable"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a clause."""

    clause: str
    section: str
    says: str
    verdict: Verdict
    why: str = ""


def clauses() -> list[Clause]:
    """All of them, in the order in which they are run: what may spoil a server comes last."""
    found = [
        one
        for module in sorted(iter_modules(parts.__path__), key=lambda module: module.name)
        for one in import_module(f"{parts.__name__}.{module.name}").CLAUSES
    ]
    return sorted(found, key=lambda one: one.spoils)


def run(
    target: Target, tell: Callable[[str], None] = lambda _: None, *, only: Collection[str] | None = None
) -> list[Outcome]:
    """Put the objects that the clauses ask about into the target, and ask. The objects are of a run alone.

    `only` names the clauses, where not all are asked.
    """
    chosen = [one for one in clauses() if only is None or one.id in only]
    if unknown := set(only or ()) - {one.id for one in chosen}:
        raise UsageError(f"there is no clause {min(unknown)!r}")
    with target:
        target.prepare()
        return [_outcome(target, one, tell) for one in chosen]


def scored(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """How many clauses hold, of how many that apply."""
    applicable = [one for one in outcomes if one.verdict != "not applicable"]
    return sum(one.verdict == "holds" for one in applicable), len(applicable)


def _outcome(target: Target, clause: Clause, tell: Callable[[str], None]) -> Outcome:
    verdict, why = _tried(target, clause)
    if verdict == "broken":
        tell(f"{clause.id}: {why}")
    return Outcome(clause=clause.id, section=clause.section, says=clause.says, verdict=verdict, why=why)


def _tried(target: Target, clause: Clause) -> tuple[Verdict, str]:
    try:
        clause.run(target)
    except Broken as broken:
        return "broken", str(broken)
    except NotApplicable as reason:
        return "not applicable", str(reason)
    except httpx.HTTPError as error:
        return "broken", f"no answer: {type(error).__name__}"
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return "broken", f"the answer is not of the shape it should have: {type(error).__name__} {error}"
    return "holds", ""
