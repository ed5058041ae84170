"""Harmless inputs, and what a code base answers to them.

The answers are the same before and after a patch, or the patch changes more than it should.
"""

from __future__ import annotations

import io
import re
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stillwatch.codescan.prove import judging, requests
from stillwatch.codescan.prove.session import FIND_SECONDS, Died, Session, Spent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.finding import Entry, Finding
    from stillwatch.codescan.patch.proposing import Outcome
    from stillwatch.codescan.prove import Evidence


def _archive(name: str, text: str) -> str:
    """A tar archive of one file; it holds nothing but ASCII, so it can be sent as a text."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue().decode("ascii")


TEXTS = (
    "1",
    "42",
    "alice",
    "Bob Smith",
    "report.txt",
    "notes/today.txt",
    "2024-01-31",
    "alice@example.org",
    "/home",
    "blue-green_7",
)
OF_RULE = {
    "code-injection": ("1 + 2", "'text'", "[1, 2, 3]", "{'a': 1}"),
    "unsafe-deserialization": (
        "a: 1\nb: [1, 2]",
        "text: hello",
        "2024-01-31",
        "(lp0\nI1\naI2\na.",
        "(dp0\nVa\np1\nI1\ns.",
        "Vhello\np0\n.",  # lists, mappings and texts as pickle writes them
    ),
    "server-side-request-forgery": (
        "https://www.example.org/items?page=2",
        "http://example.com/",
        "https://8.8.8.8/status",
        "www.example.org/items",
    ),
    "unsafe-archive-extraction": (_archive("notes.txt", "hello"), _archive("sub/folder/a.txt", "more")),
    "regex-injection": ("al.ce", "^[a-z]+$", "t[aeiou]xt", "a+b*", "[0-9]{4}-[0-9]{2}"),
    "open-redirect": ("/start", "start?page=2", "../up"),
    "path-traversal": ("sub/folder/file.txt", "file.tar.gz"),
    "external-entities": ("<a><b>text</b></a>", "<!DOCTYPE a><a/>"),
    "command-injection": ("localhost", "192.0.2.1", "a b"),
    "sql-injection": ("7", "O Brien"),
}
HELD_OUT = (
    "3", "007", "Grace O Hara", "minutes.md", "archive/2023/notes.txt", "2023-12-24T18:00", "bob+list@example.com", "/account/settings",
    "green", "ABC-123", "x_y", "5 + 5", "[4, 5]", "images/logo.png?size=2", "10.0.0.1", "readme", "Straße 7",
)  # fmt: skip
"""For measuring what the checks are worth: no check has seen what a patched code base answers to these."""
HELD_OUT_OF_RULE = {
    "code-injection": ("2 * 3.5", '"some text"', "{'b': [1]}", "7 > 3 and not False"),
    "unsafe-deserialization": ("c: [x, y]", "(lp0\nVone\np1\naI7\na.", "(dp0\nVkey\np1\nVvalue\np2\ns."),
    "server-side-request-forgery": (
        "https://data.example.net/v1/items",
        "http://1.1.1.1:8080/",
        "ftp.example.org",
    ),
    "unsafe-archive-extraction": (_archive("data/table.csv", "a,b"),),
    "regex-injection": ("^b.b", "[A-Z]{2,3}", "gr[ae]y", "colou?r"),
}
REQUESTS_LIMIT = 60
PATH_LIMIT = 200
CHANGING_HEADERS = frozenset({"date", "content-length", "last-modified", "etag", "expires"})
_PLAIN = re.compile(r"[\w @-]+(\.\w+)*")
_CHANGES = re.compile(r"[\w+/=.\-]*\d[\w+/=.\-]*|[A-Za-z+/=]{16,}")


@dataclass
class Answers:
    """What was answered, question by question; `reached` whether any of them came to the finding's place."""

    given: list[Any] = field(default_factory=list)
    reached: bool = False
    paths: list[str] = field(default_factory=list)
    """Files that were asked for at the finding's place."""


def questions(
    session: Session, finding: Finding, evidence: Evidence | None, *, held_out: bool = False
) -> Iterator[dict[str, Any]]:
    """Harmless requests to the handlers of a finding, or calls of its function."""
    encode = str if evidence is None else evidence.encode
    texts = _texts(finding, held_out=held_out)
    if finding.entries:
        for entry in requests.in_order(finding):
            yield from _requests(session, finding, entry, [encode(text) for text in texts])
    else:
        yield from _calls(session, finding, texts)


def _texts(finding: Finding, *, held_out: bool) -> list[str]:
    some, special = (HELD_OUT, HELD_OUT_OF_RULE) if held_out else (TEXTS, OF_RULE)
    texts = [*special.get(finding.rule, ()), *some]
    if finding.rule == "path-traversal":  # a whole path in the place of a name is what the attack sends
        return [text for text in texts if not text.startswith("/")]
    return texts


def _requests(
    session: Session, finding: Finding, entry: Entry, texts: Sequence[str]
) -> Iterator[dict[str, Any]]:
    path = requests.file_of(entry.module, session.folder)
    if path is None:
        return
    question = {"do": "find", "module": entry.module, "path": path, "handler": entry.handler}
    found = session.ask(question, FIND_SECONDS)
    if "found" not in found:
        return
    asked = 0
    for text in [*texts, *(word for word in found["words"] if _PLAIN.fullmatch(word))]:
        for shape in requests.shapes(finding, entry, found):
            for request in shape.requests(text):
                if asked < REQUESTS_LIMIT:
                    asked += 1
                    yield {"do": "request", "found": found["found"], "request": request, "find": question}


def _calls(session: Session, finding: Finding, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    module = requests.module_of(finding.location.path)
    if not finding.function:
        yield {"do": "load", "module": module}
        return
    signature = session.ask({"do": "signature", "module": module, "function": finding.function}, FIND_SECONDS)
    for text in texts if "parameters" in signature else ():
        yield {
            "do": "call", "module": module, "function": finding.function, "argv": [text] * 4, "input": text,
            "arguments": [text for _ in signature["parameters"]],
            "environment": {source.key: text for source in finding.inputs if source.kind == "environment" and source.key},
        }  # fmt: skip


def asked(session: Session, finding: Finding, put: Sequence[dict[str, Any]], place: int) -> Answers:
    """The answers to questions, put in the same order to any state of the code base."""
    answers = Answers()
    known: set[tuple[int, str]] = set()
    for question in put:
        try:
            if "find" in question and (session.generation, question["found"]) not in known:
                session.ask(question["find"], FIND_SECONDS)
                known.add((session.generation, question["found"]))
            answer = session.ask({**question, "place": place})
        except Died:
            answers.given.append("ended the program")
            continue
        except Spent:
            break
        for one in answer.get("arrived", ()):
            answers.paths.extend(
                text
                for text in judging.texts(finding, one)
                if 0 < len(text) < PATH_LIMIT and "\0" not in text
            )
        answers.reached = answers.reached or bool(answer.get("arrived"))
        answers.given.append([answer.get("response"), answer.get("error"), answer.get("returned")])
    return answers


def compared(finding: Finding, before: Answers, again: Answers, after: Answers) -> tuple[Outcome, str]:
    """Outcome and reason of the sixth check, from two runs of the code base as it was and one of it patched."""
    if not before.reached:
        return "could not be run", "no harmless request or call reaches the place"
    if len(before.given) != len(after.given) or len(before.given) != len(again.given):
        return "could not be run", "the time for runs was over"
    masked = 0
    for one, two, new in zip(before.given, again.given, after.given, strict=True):
        outcome, why = _one([_normal(finding, answer) for answer in (one, two, new)])
        if outcome != "passed":
            return outcome, why
        masked += bool(why)
    note = f", {masked} of them but for what differs from run to run" if masked else ""
    return "passed", f"{len(before.given)} answers are the same{note}"


def _one(answers: list[str]) -> tuple[Outcome, str]:
    """One answer: as it was, as it was once more, and of the patched code."""
    first, second, patched = answers
    if first == patched:
        return "passed", ""
    if first == second:
        return "failed", f"an answer differs: {_difference(first, patched)}"
    first, second, patched = map(_mask, answers)
    if first != second:
        return "could not be run", "the answers differ from run to run"
    if first != patched:
        return "failed", f"an answer differs: {_difference(first, patched)}"
    return "passed", "but for what differs from run to run"


def _normal(finding: Finding, answer: Any) -> str:
    """An answer as a text, without what the patch is meant to change."""
    if not isinstance(answer, list):
        return str(answer)
    response, error, returned = answer
    if response is None:
        return f"{error} {returned!r}"
    body = response["body"]
    headers = sorted(
        (name.lower(), _header(finding, name.lower(), value))
        for name, value in response["headers"]
        if name.lower() not in CHANGING_HEADERS
    )
    return f"{response['status']} {headers} {body}"


def _header(finding: Finding, name: str, value: str) -> str:
    if finding.rule == "insecure-cookie" and name == "set-cookie":
        return "; ".join(part for part in value.split("; ") if part.lower() != "secure")
    return value


def _mask(text: str) -> str:
    """Without all that holds a figure, and without long words: numbers, times, tokens."""
    return _CHANGES.sub("#", text)


def _difference(one: str, other: str) -> str:
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, place - 20)
    return f"{one[start : place + 40]!r} became {other[start : place + 40]!r}"
