"""Whose data a value was made from, what was done to it, and the way it took."""

from dataclasses import dataclass

from stillwatch.codescan.finding import Input
from stillwatch.codescan.syntax.nodes import At

STEP_LIMIT = 40  # hops kept of one way


@dataclass(frozen=True, slots=True)
class Hop:
    """One place on the way, and what came before it."""

    path: str
    at: At
    note: str
    before: "Hop | None"
    length: int


@dataclass(frozen=True, slots=True)
class Taint:
    """Data of one input: `cleaned` names the rules it is harmless for; `weak` if code we cannot see passed it on."""

    input: Input
    cleaned: frozenset[str]
    weak: bool
    way: Hop


Taints = dict[Input, Taint]
"""By input; never changed once made."""

CLEAN: Taints = {}
EVERYTHING = "*"
"""Cleaned for every rule: the value was taken from a list of allowed ones."""
SIGNED = "signed"
"""Of what a keyed hash gives: where it is compared and equal, who has the key made what it was made of."""


def merged(left: Taints, right: Taints) -> Taints:
    """The taints of a value made from two: what is cleaned in both, weak if every way is weak."""
    if not right or left is right:
        return left
    if not left:
        return right
    made = dict(left)
    for source, taint in right.items():
        own = made.get(source)
        if own is None:
            made[source] = taint
        elif own is not taint and (own.cleaned != taint.cleaned or own.weak != taint.weak):
            shortest = min(own.way, taint.way, key=lambda way: way.length)
            made[source] = Taint(source, own.cleaned & taint.cleaned, own.weak and taint.weak, shortest)
    return made


def moved(taints: Taints, path: str, at: At, note: str) -> Taints:
    """The taints after one more hop."""
    if not taints:
        return taints
    made = {}
    for source, taint in taints.items():
        way = taint.way
        if way.path == path and way.at[0] == at[0]:
            made[source] = taint
        elif way.length < STEP_LIMIT:
            made[source] = Taint(source, taint.cleaned, taint.weak, Hop(path, at, note, way, way.length + 1))
        else:
            made[source] = taint
    return made


def cleaned(taints: Taints, rules: frozenset[str]) -> Taints:
    """The taints of what a sanitiser gives."""
    return {
        source: Taint(source, taint.cleaned | rules, taint.weak, taint.way)
        for source, taint in taints.items()
    }


def weakened(taints: Taints) -> Taints:
    """The taints of what code we cannot see may have passed on."""
    return {
        source: taint if taint.weak else Taint(source, taint.cleaned, True, taint.way)
        for source, taint in taints.items()
    }


def hops(way: Hop) -> list[Hop]:
    """A way from its source on."""
    found: list[Hop] = []
    step: Hop | None = way
    while step is not None:
        found.append(step)
        step = step.before
    return found[::-1]
