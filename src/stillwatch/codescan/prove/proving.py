"""From findings to findings with the proof they could be given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from stillwatch.codescan.engine.payloads import ENCODINGS
from stillwatch.codescan.prove import judging, requests
from stillwatch.codescan.prove.session import FIND_SECONDS, Died, Session, Spent, place_of
from stillwatch.codescan.prove.walls import Ground

if TYPE_CHECKING:
    from pathlib import Path

    from stillwatch.codescan.finding import Entry, Finding

Tell = Callable[[str], None]
ATTEMPTS_LIMIT = 90  # requests for one finding
CANARY = "swatch7canary"  # letters that no escape touches: it shows that an input reaches the sink at all
TOLD_EVERY = 100  # findings between two lines of progress


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a finding was shown: the question that was asked, what was found to answer it, and what was seen."""

    finding: Finding
    payload: str
    question: dict[str, Any]
    found: dict[str, Any] | None
    path: str | None
    seen: judging.Seen
    encode: Callable[[str], str] = str
    """How a text is coded, so that the program decodes it on the way."""


@dataclass(slots=True)
class Proofs:
    """Findings after the run, in the order they were given; evidence and reasons by the finding's number in it."""

    findings: list[Finding]
    evidence: dict[int, Evidence] = field(default_factory=dict)
    not_run: dict[int, str] = field(default_factory=dict)

    def reasons(self) -> Counter[str]:
        return Counter(self.not_run.values())


def prove(
    root: Path,
    findings: Sequence[Finding],
    *,
    python: Path,
    tell: Tell,
    seconds: float,
    open_ground: bool = False,
) -> Proofs:
    """Run what can be run. Raises CannotRun where nothing can, and then nothing is known that was not before.

    `python` has what the code base imports; `open_ground` allows a run without namespaces where the kernel gives none.
    """
    proofs = Proofs(list(findings))
    places = [place_of(finding, number) for number, finding in enumerate(findings)]
    ground = Ground(root, python, open_ground=open_ground, seconds=max(1, int(seconds)))
    with Session(ground, places, seconds) as session:
        for number, finding in enumerate(findings):
            if number and number % TOLD_EVERY == 0:
                tell(f"ran {number} of {len(findings)} findings; {len(proofs.evidence)} are shown by a run")
            try:
                _one(session, number, finding, proofs)
            except Died:
                proofs.not_run[number] = "the program ended, or gave no answer in time"
            except Spent:
                for late in range(number, len(findings)):
                    proofs.not_run[late] = "the time for runs was over"
                break
    return proofs


def _one(session: Session, number: int, finding: Finding, proofs: Proofs) -> None:
    rule = judging.rules().get(finding.rule)
    if rule is None or not (rule.payloads or finding.rule in judging.WITHOUT_PAYLOAD):
        proofs.not_run[number] = "the weakness has no payload"
        return
    if not requests.carries(finding):
        proofs.not_run[number] = "no request carries its input"
        return
    tried = _Tried()
    ways = _by_request(session, finding, tried) if finding.entries else _by_call(session, finding, tried)
    for question, payload, found in ways:
        if tried.requests >= ATTEMPTS_LIMIT:
            break
        tried.requests += 1
        asked = {
            **question,
            "place": number,
            "stops": finding.rule in judging.STOPPED,
            "confined": finding.rule == "path-traversal",
        }
        answer = session.ask(asked)
        tried.saw(finding, payload, answer)
        seen = None if payload == CANARY else judging.seen(finding, payload, answer)
        if seen is not None:
            proofs.findings[number] = _shown(finding, payload, seen)
            path = answer.get("path")
            proofs.evidence[number] = Evidence(
                finding, payload, question, found, path, seen, _coding(finding, question, payload)
            )
            return
    if tried.refutes(finding):
        why = "in a run, the input reached this place, and every payload was stopped or made harmless on its way"
        proofs.findings[number] = msgspec.structs.replace(finding, refuted=finding.refuted or why)
    elif tried.requests == 0:
        proofs.not_run[number] = tried.failed or "the application or the function was not found"


@dataclass(slots=True)
class _Tried:
    """What the requests for one finding showed so far."""

    requests: int = 0
    failed: str = ""
    canary: bool = False
    reached: set[str] = field(default_factory=set)

    def saw(self, finding: Finding, payload: str, answer: dict[str, Any]) -> None:
        if not answer.get("arrived"):
            return
        if payload == CANARY:
            held = [text for one in answer["arrived"] for text in judging.texts(finding, one)]
            self.canary = self.canary or any(CANARY in text for text in held)
        else:
            self.reached.add(payload)

    def refutes(self, finding: Finding) -> bool:
        """The input was seen at the sink as it was sent, payloads came there too, and none of them bit."""
        return self.canary and bool(self.reached) and finding.sink != "answer"


def _shown(finding: Finding, payload: str, seen: judging.Seen) -> Finding:
    where = {
        "sink": f"arrived at {finding.sink.removeprefix('?.')} as it bites",
        "body": "stood in the page as it was sent",
        "location": f"led the redirect to {seen.text[:120]!r}",
        "opened": f"had {seen.text} read into the document",
        "cookie": f"the cookie {seen.text!r} was sent without the flag",
    }[seen.where]
    what = f"in a run, the payload {payload!r} {where}" if seen.where != "cookie" else f"in a run, {where}"
    return msgspec.structs.replace(
        finding,
        proof="run",
        confidence=judging.raised(finding.confidence),
        why=(*finding.why, what),
        refuted=None,
    )


def _coding(finding: Finding, question: dict[str, Any], payload: str) -> Callable[[str], str]:
    """The coding that was used: what was sent holds the payload in it, with what the code takes off before and after."""
    sent = repr(question.get("request") or question.get("arguments"))
    whole = finding.payload if finding.payload is not None and finding.payload in sent else ""
    encodings: list[Callable[[str], str]] = [str, *(encode for encode, _ in ENCODINGS.values())]
    for encode in encodings:
        coded = encode(payload)
        if payload and coded in (whole or sent):
            before, _, after = whole.partition(coded)
            return partial(_coded, encode, before, after)
    return str


def _coded(encode: Callable[[str], str], before: str, after: str, text: str) -> str:
    return f"{before}{encode(text)}{after}"


def _sent(finding: Finding, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Texts to send, with the payload each is to become."""
    payloads = judging.rules()[finding.rule].payloads or ("",)
    if finding.payload is not None:
        yield from ((finding.payload, payload) for payload in payloads)
    encodings: list[Callable[[str], str]] = [str, *(encode for encode, _ in ENCODINGS.values())]
    for encode in encodings:
        yield from ((encode(payload), payload) for payload in payloads)
    yield CANARY, CANARY
    for word in words:
        yield from (
            (varied, payload) for payload in payloads for varied in (f"{payload}{word}", f"{word}{payload}")
        )


def _by_request(
    session: Session, finding: Finding, tried: _Tried
) -> Iterator[tuple[dict[str, Any], str, dict[str, Any] | None]]:
    """Requests to each handler the finding is reached from."""
    for entry in requests.in_order(finding):
        found = _handler(session, entry)
        if found is None or "found" not in found:
            failed = (found or {}).get("failed") or {}
            tried.failed = "; ".join(f"{name}: {why}" for name, why in list(failed.items())[:2])[:300]
            continue
        found["handler"] = [entry.module, requests.file_of(entry.module, session.folder), entry.handler]
        generation = session.generation
        for text, payload in _sent(finding, found["words"]):
            for shape in requests.shapes(finding, entry, found):
                for request in shape.requests(text):
                    if session.generation != generation:
                        return
                    yield {"do": "request", "found": found["found"], "request": request}, payload, found


def _handler(session: Session, entry: Entry) -> dict[str, Any] | None:
    path = requests.file_of(entry.module, session.folder)
    if path is None:
        return None
    return session.ask(
        {"do": "find", "module": entry.module, "path": path, "handler": entry.handler}, FIND_SECONDS
    )


def _by_call(
    session: Session, finding: Finding, tried: _Tried
) -> Iterator[tuple[dict[str, Any], str, dict[str, Any] | None]]:
    """Calls of a function that no request reaches: with arguments, what a person types, and the environment."""
    module = requests.module_of(finding.location.path)
    if not finding.inputs or not finding.function or session.avoids(module):
        return
    signature = session.ask({"do": "signature", "module": module, "function": finding.function}, FIND_SECONDS)
    parameters = signature.get("parameters")
    keys = {source.key for source in finding.inputs}
    if parameters is None or (parameters and keys.isdisjoint(parameters)):
        tried.failed = signature.get("error", "the function needs arguments that the finding says nothing of")
        return
    names = [source.key for source in finding.inputs if source.kind == "environment" and source.key]
    for text, payload in _sent(finding, ()):
        arguments = [text if name in keys else requests.USUAL for name in parameters]
        yield {
            "do": "call", "module": module, "function": finding.function, "arguments": arguments,
            "argv": [text] * 4, "input": text, "environment": {name: text.replace("\0", "") for name in names},
        }, payload, None  # fmt: skip
