"""One object of a bundle: taken, or refused for a reason. Reasons are sentences of a fixed list, so that they count."""

import re
from datetime import datetime
from typing import NamedTuple

import msgspec

from stillwatch.records import Micros, micros_of

SKEW = 300_000_000  # microseconds a partner's clock may be ahead
LONGEST_TEXT = 65_536  # characters
MOST_ITEMS = 200_000  # of one list; a report refers to all objects of its bundle
LARGEST = 2**53 - 1

DOMAIN = frozenset(
    [
        "attack-pattern",
        "campaign",
        "course-of-action",
        "grouping",
        "identity",
        "incident",
        "indicator",
        "infrastructure",
        "intrusion-set",
        "location",
        "malware",
        "malware-analysis",
        "note",
        "observed-data",
        "opinion",
        "report",
        "threat-actor",
        "tool",
        "vulnerability",
        "relationship",
        "sighting",
        "extension-definition",
        "language-content",
        "marking-definition",
    ]
)
OBSERVABLE = frozenset(
    [
        "artifact",
        "autonomous-system",
        "directory",
        "domain-name",
        "email-addr",
        "email-message",
        "file",
        "ipv4-addr",
        "ipv6-addr",
        "mac-addr",
        "mutex",
        "network-traffic",
        "process",
        "software",
        "url",
        "user-account",
        "windows-registry-key",
        "x509-certificate",
    ]
)
UNTIMED = ("marking-definition",)  # created, and never modified
RULES = ("pattern",)  # texts in a language of their own, shown to nobody as they are
_ID = re.compile(
    r"[a-z0-9-]{3,250}--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII
)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z", re.ASCII)
_MARKUP = re.compile(r"<\s*[A-Za-z!/?]|&#|javascript:", re.IGNORECASE)
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class _Common(msgspec.Struct):
    type: str
    id: str
    spec_version: str = "2.1"
    created: str | None = None
    modified: str | None = None
    created_by_ref: str | None = None
    revoked: bool = False
    labels: list[str] = []
    confidence: int | None = None
    object_marking_refs: list[str] = []
    extensions: dict[str, dict[str, object]] = {}


class _Indicator(msgspec.Struct):
    pattern: str
    pattern_type: str
    valid_from: str
    valid_until: str | None = None


class _Named(msgspec.Struct):
    name: str


class _Relationship(msgspec.Struct):
    relationship_type: str
    source_ref: str
    target_ref: str


class _Sighting(msgspec.Struct):
    sighting_of_ref: str
    count: int | None = None


class _Opinion(msgspec.Struct):
    opinion: str
    object_refs: list[str]


class _Note(msgspec.Struct):
    content: str
    object_refs: list[str]


class _Account(msgspec.Struct):
    user_id: str | None = None


NEEDED: dict[str, type[msgspec.Struct]] = {
    "indicator": _Indicator,
    "campaign": _Named,
    "identity": _Named,
    "intrusion-set": _Named,
    "threat-actor": _Named,
    "relationship": _Relationship,
    "sighting": _Sighting,
    "opinion": _Opinion,
    "note": _Note,
    "user-account": _Account,
}


class Judged(NamedTuple):
    """An object and what is wrong with it. `key` is its id and time, `canonical` the same bytes for the same content."""

    content: dict[str, object]
    key: tuple[str, str]
    canonical: bytes
    refusal: str | None


class _Wrong(Exception):
    """The object is refused; the message is the reason."""


def judged(raw: bytes, at: Micros) -> Judged:
    """Look at one object as it came."""
    try:
        content = msgspec.json.decode(raw, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Judged({}, ("", ""), b"", "it is no JSON object")
    try:
        common = _common(content)
        _times(common, content, at)
        _texts(content, "")
        if common.type in NEEDED:
            msgspec.convert(content, NEEDED[common.type])
    except msgspec.ValidationError:
        return Judged({}, ("", ""), b"", "a property is missing or of a wrong type")
    except _Wrong as wrong:
        return Judged({}, ("", ""), b"", str(wrong))
    key = (common.id, common.modified or common.created or "")
    return Judged(content, key, msgspec.json.encode(content, order="sorted"), None)


def _common(content: dict[str, object]) -> _Common:
    common = msgspec.convert(content, _Common)
    if common.type not in DOMAIN and common.type not in OBSERVABLE:
        raise _Wrong("its type is unknown")
    if not _ID.fullmatch(common.id) or not common.id.startswith(f"{common.type}--"):
        raise _Wrong("its id is malformed")
    if common.spec_version != "2.1":
        raise _Wrong("it is not of STIX 2.1")
    return common


def _times(common: _Common, content: dict[str, object], at: Micros) -> None:
    """What a partner says was made after now is a lie or a broken clock."""
    if common.type in OBSERVABLE:
        return
    created = _time(common.created)
    modified = created if common.type in UNTIMED else _time(common.modified)
    if max(created, modified) > at + SKEW:
        raise _Wrong("it was made in the future")
    if modified < created:
        raise _Wrong("it was modified before it was created")
    if common.type == "indicator" and "valid_until" in content:
        until, since = content["valid_until"], content.get("valid_from")
        if not isinstance(until, str) or not isinstance(since, str) or _time(until) <= _time(since):
            raise _Wrong("its validity ends before it begins")


def _time(text: str | None) -> int:
    if text is None or not _TIME.fullmatch(text):
        raise _Wrong("a time is missing or malformed")
    try:
        datetime.fromisoformat(text[:19])
        return micros_of(f"{text[:19]}+00:00")
    except (ValueError, OverflowError) as error:
        raise _Wrong("a time is missing or malformed") from error


def _texts(value: object, name: str) -> None:
    """No text commands a page or hides a character, none is endless, and no number is beyond what JSON can say."""
    if isinstance(value, str):
        _text(value, name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _text(key, "")
            _texts(inner, key)
    elif isinstance(value, list):
        if len(value) > MOST_ITEMS:
            raise _Wrong("a list is too long")
        for inner in value:
            _texts(inner, name)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > LARGEST:
        raise _Wrong("a number is too large")


def _text(value: str, name: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise _Wrong("a text is too long")
    if name not in RULES and _MARKUP.search(value):
        raise _Wrong("a text holds markup")
    if _HIDDEN.search(value):
        raise _Wrong("a text holds characters that do not show")
