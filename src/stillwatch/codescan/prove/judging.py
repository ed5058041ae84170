"""What a run says of a finding: whether the payload that arrived still bites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from stillwatch.codescan import models
from stillwatch.codescan.checks import Rule, catalogue
from stillwatch.codescan.commandlines import SHELL_CALLS, SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stillwatch.codescan.finding import Finding

Where = Literal["sink", "body", "location", "cookie", "opened"]
STOPPED = frozenset({"command-injection", "code-injection", "unsafe-deserialization"})
"""Rules whose sinks do their harm at once: they are not run once what arrives has been seen."""
WITHOUT_PAYLOAD = frozenset({"insecure-cookie"})
REMAINING = 0.2  # of the doubt a finding was under, once a run has shown it
ENTITY_FILE, ENTITY_TEXT = "/etc/passwd", "root:"
"""What the payload's entity names, and what is in it."""
MARKUP = ("text/html", "application/xhtml", "image/svg", "text/xml", "application/xml")


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a payload was seen to arrive, and in what text."""

    where: Where
    text: str


@cache
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in catalogue()}


@cache
def selectors(rule: str, sink: str) -> tuple[tuple[int | str, ...], ...] | None:
    """The arguments of a sink that a rule looks at, as the model that names them says."""
    names = {sink, f"{sink.rpartition('.')[0]}.*"}
    for model in models.catalogue():
        for one in model.sinks:
            if one.rule == rule and one.call in names:
                return one.arguments
    return None


def seen(finding: Finding, payload: str, answer: Mapping[str, Any]) -> Seen | None:
    """What shows that the payload bites; None where nothing does."""
    rule = rules()[finding.rule]
    arrived = answer.get("arrived", [])
    response = answer.get("response")
    if not arrived:
        return None
    if finding.rule == "insecure-cookie":
        return None if response is None else _open_cookie(response, arrived)
    if finding.sink == "answer":
        body = _page(response)
        return Seen("body", payload) if body is not None and rule.bites(body, payload) else None
    if finding.rule == "open-redirect" and response is not None:
        target = _header(response, "location")
        return Seen("location", target) if target is not None and rule.bites(target, payload) else None
    found = _at_sink(finding, rule, payload, arrived)
    if found is None and finding.rule == "cross-site-scripting":  # what a template is given is in its page
        body = _page(response)
        return Seen("body", payload) if body is not None and rule.bites(body, payload) else None
    return found


def _at_sink(finding: Finding, rule: Rule, payload: str, arrived: list[dict[str, Any]]) -> Seen | None:
    for one in arrived:
        if finding.rule == "external-entities":
            opened = any(path.endswith(ENTITY_FILE) for path in one.get("opened", ()))
            if opened or ENTITY_TEXT in one.get("held", ""):
                return Seen("opened", ENTITY_FILE)
            continue
        for text in texts(finding, one):
            if rule.bites(text, payload):
                return Seen("sink", text)
    return None


def _page(response: Mapping[str, Any] | None) -> str | None:
    """The body of an answer that a browser would render."""
    if response is None:
        return None
    kind = (_header(response, "content-type") or "text/html").lower()
    return str(response["body"]) if kind.startswith(MARKUP) else None


def _header(response: Mapping[str, Any], wanted: str) -> str | None:
    return next((str(value) for name, value in response["headers"] if str(name).lower() == wanted), None)


def _open_cookie(response: Mapping[str, Any], arrived: list[dict[str, Any]]) -> Seen | None:
    names = {str(one["arguments"][0] if one["arguments"] else one["keywords"].get("key")) for one in arrived}
    for name, value in response["headers"]:
        cookie = str(value).strip().partition("=")[0]
        if str(name).lower() == "set-cookie" and cookie in names:
            flags = {part.strip().lower() for part in str(value).split(";")[1:]}
            if "secure" not in flags:
                return Seen("cookie", cookie)
    return None


def texts(finding: Finding, arrived: Mapping[str, Any]) -> Iterator[str]:
    """The texts at a sink that the rule looks at."""
    wanted = selectors(finding.rule, finding.sink)
    if finding.sink == "answer" or finding.sink.endswith("[]") or not wanted:
        yield from (_flat(value) for value in (*arrived["arguments"], *arrived["keywords"].values()))
        return
    for choices in wanted:
        value = _chosen(choices, arrived)
        if finding.rule == "command-injection" and isinstance(value, list):
            value = _command(finding.sink, value, arrived["keywords"])
        if value is not None:
            yield _flat(value)


def _chosen(choices: tuple[int | str, ...], arrived: Mapping[str, Any]) -> Any:
    for choice in choices:
        if choice == "self":
            return arrived["self"]
        if isinstance(choice, int) and choice < len(arrived["arguments"]):
            return arrived["arguments"][choice]
        if isinstance(choice, str) and choice in arrived["keywords"]:
            return arrived["keywords"][choice]
    return None


def _command(sink: str, items: list[Any], keywords: Mapping[str, Any]) -> Any:
    """What of an argument list decides which program is run: its first word, or all of it where that is a shell."""
    if not items or sink in SHELL_CALLS or keywords.get("shell"):
        return items
    program = str(items[0]).rpartition("/")[2].lower()
    return items if program in SHELLS else items[0]


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_flat(one) for one in value)
    return "" if value is None else str(value)


def raised(confidence: float) -> float:
    return round(1 - (1 - confidence) * REMAINING, 3)
