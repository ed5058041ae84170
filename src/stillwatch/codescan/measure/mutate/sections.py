"""Where in a handler a value is carried from one name to another, and what comes of it, as seen when it runs.

A section is a run of statements after which one name (`result`) holds what was made of another (`given`), and of which
nothing else is used later. If every run shows that the two are equal, or that the result never changes, any shape of
propagation with that outcome may take the section's place.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from stillwatch.codescan.measure.mutate.forms import statements
from stillwatch.codescan.measure.mutate.looking import found, names, walk
from stillwatch.codescan.measure.running.observe import Ran

NOTED = "stillwatch_noted"  # what the probe puts among the built-in names
DISTINCT = 4  # values seen of what is given, before an outcome is believed
_LEAVES = (cst.Return, cst.Yield, cst.Break, cst.Continue, cst.Global, cst.Nonlocal)
_BINDING = (cst.Import, cst.ImportFrom, cst.FunctionDef, cst.ClassDef, cst.AsName)


@dataclass(frozen=True)
class Section:
    """Statements `start` to `end` (left out) of a handler."""

    handler: str
    given: str
    result: str
    start: int
    end: int


@dataclass(frozen=True)
class Outcome:
    """What was seen of a section: `constant` is None where the result is what was given."""

    section: Section
    constant: str | None


def sections(handler: cst.FunctionDef) -> list[Section]:
    """Candidates, the earliest first."""
    lines = handler.body.body
    written = [_written(line) for line in lines]
    read = [_read(line) for line in lines]
    last = {name: index for index, those in enumerate(written) for name in those}
    return sorted(_between(handler, last, written, read), key=lambda section: (section.start, section.end))


def _between(
    handler: cst.FunctionDef, last: dict[str, int], written: Sequence[set[str]], read: Sequence[set[str]]
) -> Iterator[Section]:
    leaving = [any(isinstance(part, _LEAVES) for part in walk(line)) for line in handler.body.body]
    for given, before in last.items():
        for result, at in last.items():
            start, end = before + 1, at + 1
            if start >= end or not any(given in those for those in read[start:end]):
                continue
            inside = set().union(*written[start:end]) - {result}
            outside = set().union(*read[end:]) if end < len(read) else set()
            begun = any(result in those for those in written[:start])
            if inside & outside or begun or any(leaving[start:end]):
                continue
            yield Section(handler.name.value, given, result, start, end)


def _written(line: cst.CSTNode) -> set[str]:
    written: set[str] = set()
    for part in walk(line):
        if isinstance(part, cst.AssignTarget | cst.AugAssign | cst.For | cst.NamedExpr):
            if isinstance(part.target, cst.Name):
                written.add(part.target.value)
        elif isinstance(part, _BINDING):
            written.update(names(part))
    return written


def _read(line: cst.CSTNode) -> set[str]:
    """Give all names but those that are only assigned: too many rather than too few."""
    every = Counter(names(line))
    targets = [part.target for part in found(line, cst.AssignTarget)]
    assigned = Counter(target.value for target in targets if isinstance(target, cst.Name))
    return set(every - assigned)


def noting(handler: cst.FunctionDef, candidates: Sequence[Section]) -> cst.FunctionDef:
    """Give the handler with the values of each candidate noted at its ends."""
    wanted: dict[int, set[str]] = {}
    for section in candidates:
        wanted.setdefault(section.start, set()).add(section.given)
        wanted.setdefault(section.end, set()).add(section.result)
    body: list[cst.BaseStatement] = []
    for index, line in enumerate([*handler.body.body, None]):
        for name in sorted(wanted.get(index, ())):
            body += statements(f"{NOTED}('{name}', lambda: {name})\n")
        if isinstance(line, cst.BaseStatement):
            body.append(line)
    return handler.with_changes(body=handler.body.with_changes(body=body))


def outcome(candidates: Sequence[Section], ran: Ran) -> Outcome | None:
    """Give the first candidate whose outcome is plain."""
    for section in candidates:
        pairs = []
        for seen in ran.seen:
            noted = dict(seen.events)
            given, result = noted.get(f"noted {section.given}"), noted.get(f"noted {section.result}")
            if given is not None and result is not None:
                pairs.append((given, result))
        if len({given for given, _ in pairs}) < DISTINCT or any(
            not value.startswith("str ") for pair in pairs for value in pair
        ):
            continue
        if all(given == result for given, result in pairs):
            return Outcome(section, None)
        if len({result for _, result in pairs}) == 1:
            return Outcome(section, pairs[0][1].removeprefix("str "))
    return None
