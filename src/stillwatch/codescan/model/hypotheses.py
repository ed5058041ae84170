"""What a model suspects in one file, held against the file: findings below even odds, or nothing.

A hypothesis about a call of which the scanner itself knows that it would be weak if others' data reached it can be run: it names its
input and the handler. Any other cannot, and stays what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from stillwatch.codescan import checks
from stillwatch.codescan.finding import Entry, Finding, Input, Location, Proposal, Step, Unreached
from stillwatch.codescan.model.outline import Outline, outline, whole_line
from stillwatch.codescan.model.plain import plain
from stillwatch.codescan.model.wording import answered, numbered, weaknesses
from stillwatch.codescan.prove.requests import module_of
from stillwatch.codescan.secrets.masking import without_literals

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from stillwatch.codescan.checks import Rule

SUPPORTED = 0.4  # the scanner knows the call, and did not see others' data reach it
BARE = 0.2  # only the model says so
ANSWERS_LIMIT = 20
SAID_LIMIT, CODE_LIMIT, SINK_LIMIT = 300, 240, 80  # characters
KNOWN = "it is known, from the scan or another hypothesis"
OTHER = "suspected-weakness"
OTHER_CVSS = "CVSS:4.0/AV:N/AC:H/AT:P/PR:L/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N"
_KEY = re.compile(r"[\w.-]{1,60}\Z")

Kind = Literal["query", "form", "header", "cookie", "path", "body", "file"]
"""Inputs that a request brings: whoever else gives something is not known to be a stranger."""


class Hypothesis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One suspicion, as a model has to write it."""

    file: Annotated[str, msgspec.Meta(max_length=1_000)]
    source_line: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    sink_line: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    input: Kind
    why: Annotated[str, msgspec.Meta(max_length=4_000)]
    rule: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    cwe: Annotated[int, msgspec.Meta(ge=1, le=9_999)] | None = None
    key: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All suspicions about a file; each is read on its own, so that one in a wrong form costs no other."""

    hypotheses: list[msgspec.Raw]


class Dropped(Exception):
    """A hypothesis that does not hold against the code; the message says why."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file that is asked about, as it is and as it is shown, and what the scan knows of it."""

    path: str
    text: str
    shown: str
    unreached: tuple[Unreached, ...]
    known: tuple[Finding, ...]
    """All findings in the file, those ruled out or set aside among them."""


def task(subject: Subject) -> str:
    """What is asked; the file itself is the data."""
    calls = "\n".join(
        f"line {one.location.line}: {one.rule}" for one in subject.unreached[: 5 * ANSWERS_LIMIT]
    )
    return f"""\
The data is one file: its name first, then its lines, with numbers that are not part of it. Which weaknesses may it hold that a request of
a stranger can bring about? Name those that need knowledge of what the code means, such as what a function of another library does
with its arguments, or who may do what. At most {ANSWERS_LIMIT}; none is a good answer.
The scanner knows these calls to be weak if others' data reached them, and saw none reach them:
{calls or "(none)"}
Form: {{"hypotheses": [{{"file": "its name", "rule": "one of the rules, or null", "cwe": a number or null, \
"source_line": where the request's data comes in, "sink_line": the call where it does harm, \
"input": "query, form, header, cookie, path, body or file", "key": "the name of the parameter as the code writes it, or null", \
"why": "at most {SAID_LIMIT} characters"}}]}}
Rules:
{weaknesses()}"""


def data(subject: Subject) -> str:
    return f"{subject.path}\n{numbered(subject.shown)}"


def read(text: str) -> list[msgspec.Raw]:
    """The hypotheses of an answer, each still to be read. Raises Unusable."""
    return answered(text, Answer).hypotheses


def findings(
    subject: Subject, said: Sequence[msgspec.Raw], model: str, dropped: Counter[str]
) -> list[Finding]:
    """The hypotheses that hold against the code, in order of their place; of the others the reason is counted."""
    whole = outline(subject.path, subject.text)
    made: dict[tuple[str, Location], Finding] = {}
    taken = {one.fingerprint for one in subject.known}
    for raw in said[:ANSWERS_LIMIT]:
        try:
            finding = _finding(subject, whole, _hypothesis(raw), model)
        except Dropped as error:
            dropped[str(error)] += 1
            continue
        if finding.fingerprint in taken:
            dropped[KNOWN] += 1
            continue
        taken.add(finding.fingerprint)
        made[finding.rule, finding.location] = finding
    if len(said) > ANSWERS_LIMIT:
        dropped[f"beyond {ANSWERS_LIMIT} in one answer"] += len(said) - ANSWERS_LIMIT
    return sorted(made.values(), key=lambda one: (one.location, one.rule))


def _hypothesis(raw: msgspec.Raw) -> Hypothesis:
    try:
        return msgspec.json.decode(raw, type=Hypothesis)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Dropped("not of the form that was asked for") from None


def _finding(subject: Subject, whole: Outline, said: Hypothesis, model: str) -> Finding:
    if said.file != subject.path:
        raise Dropped("it is about another file")
    if said.source_line not in whole.code:
        raise Dropped("there is no code on the line of its input")
    if said.key is not None and not (_KEY.match(said.key) and said.key in subject.text):
        raise Dropped("the file does not hold the name of its input")
    rule = _rule(said)
    name = OTHER if rule is None else rule.id
    if any(one.rule == name and one.location.line == said.sink_line for one in subject.known):
        raise Dropped(KNOWN)
    reached = _unreached(subject, said, rule)
    call = whole.calls.get(said.sink_line)
    if reached is None and call is None:
        raise Dropped("there is no call on the line it names")
    location, function, sink = _place(reached, whole, said.sink_line)
    source = whole_line(subject.path, whole.lines, said.source_line)
    titled = "a weakness no rule is about" if rule is None else rule.title
    named = f" {said.key!r}" if said.key else ""
    code = "\n".join(whole.lines[location.line - 1 : location.end_line]).strip()[:CODE_LIMIT]
    return Finding(
        rule=name,
        cwe=(said.cwe or 0) if rule is None else rule.cwe,
        cvss=OTHER_CVSS if rule is None else rule.cvss,
        message=f"proposed by a model: {titled}: {said.input}{named} may reach {sink.removeprefix('?.')}",
        location=location,
        function=function,
        sink=sink,
        code=without_literals(code) if rule is not None and rule.secret else code,
        trace=(Step(source, f"{said.input} comes in, as a model says"), Step(location, "reaches this, as a model says")),
        inputs=() if reached is None else (Input(said.input, said.key, source),),
        entries=() if reached is None else _entries(subject.path, reached, whole, said.source_line),
        proof="pattern",
        confidence=BARE if reached is None else SUPPORTED,
        why=(
            "a model proposed it, and nothing has shown it",
            "the scanner does not know the call as weak" if reached is None
            else "the call would be weak if others' data reached it, and none was seen to",
        ),
        proposal=Proposal(model, plain(said.why, SAID_LIMIT)),
    )  # fmt: skip


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in checks.catalogue()}


def _rule(said: Hypothesis) -> Rule | None:
    """The rule that is named, or the one of the CWE; None where there is none of it."""
    if said.rule is not None:
        if said.rule not in _rules():
            raise Dropped("there is no such rule")
        return _rules()[said.rule]
    if said.cwe is None:
        raise Dropped("it names no weakness")
    same = [rule for rule in _rules().values() if rule.cwe == said.cwe]
    return same[0] if len(same) == 1 else None


def _unreached(subject: Subject, said: Hypothesis, rule: Rule | None) -> Unreached | None:
    """The call, if the scanner knows it as one that such an input would make weak."""
    if rule is None or said.input not in rule.accepts:
        return None
    return next(
        (one for one in subject.unreached if one.rule == rule.id and one.location.line == said.sink_line),
        None,
    )


def _place(reached: Unreached | None, whole: Outline, line: int) -> tuple[Location, str, str]:
    if reached is not None:
        return reached.location, reached.function, reached.sink
    call = whole.calls[line]
    return call.location, call.function, plain(call.written, SINK_LIMIT)


def _entries(path: str, reached: Unreached, whole: Outline, source: int) -> tuple[Entry, ...]:
    """The handler the call is reached from, and the function the input is read in, which the run may know as one."""
    found = [] if reached.entry is None else [reached.entry]
    around = whole.functions.get(source)
    if around is not None and all(one.handler != around for one in found):
        found.append(Entry("", module_of(path), around))
    return tuple(found)
