"""What is let into a collection: an object of STIX 2.1 that every partner can read, and that claims nothing impossible.

Objects stay the bytes that were handed in; they are read here to be judged, and never written anew. Whether an object
means something is for others to say: custom types and properties are let in.
"""

import json
import re
from typing import NoReturn

import msgspec

from stillwatch.records import Micros
from stillwatch.sharing.taxii.levels import Level, stated_level
from stillwatch.sharing.taxii.timestamps import instant

OBJECT_BYTES = 256 << 10
DEPTH = 32  # of lists and objects in each other; STIX's own need 6
AHEAD = 3_600_000_000  # microseconds that a partner's clock may be ahead: a version of tomorrow would win over all of today
TYPE = re.compile(r"[a-z0-9][a-z0-9-]{1,248}[a-z0-9]")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHOWN = 120  # characters of an id that is told back


class Refused(Exception):
    """Why an object is not let in."""


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """An object, and what is looked up by. Without a `version` it is one that STIX does not version."""

    object_id: str
    kind: str
    version: Micros | None
    version_text: str
    level: Level | None
    body: bytes


def admit(body: bytes, now: Micros) -> Admitted:
    """Raises Refused."""
    stix = _read(body)
    kind, object_id = _names(stix)
    version, text = _version(stix, now)
    _check_markings(stix)
    return Admitted(
        object_id=object_id,
        kind=kind,
        version=version,
        version_text=text,
        level=stated_level(stix),
        body=body,
    )


def named(body: bytes, position: int) -> str:
    """What to call an object that was refused: its id, where it has one that can be told."""
    try:
        found = json.loads(body)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = None
    told = isinstance(found, str) and found.isprintable() and found.isascii() and found
    return found[:SHOWN] if told else f"object {position} of the request"


def _read(body: bytes) -> dict[str, object]:
    if len(body) > OBJECT_BYTES:
        raise Refused(f"an object may have up to {OBJECT_BYTES:,} bytes")
    try:
        text = body.decode()
        read = DECODER.decode(text)
    except RecursionError as error:
        raise Refused("it is nested too deeply") from error
    except ValueError as error:  # not UTF-8, or a number of thousands of digits
        raise Refused("it is not JSON that every reader reads alike") from error
    if not isinstance(read, dict):
        raise Refused("it is no JSON object")
    if "\\u" in text and not _whole(read):
        raise Refused("it holds half of a surrogate pair")
    if _deeper(read, DEPTH):
        raise Refused(f"it is nested more than {DEPTH} deep")
    return read


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise Refused("a name stands twice in one of its parts: readers would differ")
    return out


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Refused("it holds a number that is too large")
    return number


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite)


def _whole(read: object) -> bool:
    try:
        json.dumps(read, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _deeper(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_deeper(one, left - 1) for one in value.values())
    if isinstance(value, list):
        return left == 0 or any(_deeper(one, left - 1) for one in value)
    return False


def _names(stix: dict[str, object]) -> tuple[str, str]:
    kind, object_id = stix.get("type"), stix.get("id")
    if not isinstance(kind, str) or not TYPE.fullmatch(kind):
        raise Refused("its type is none that STIX allows")
    if kind == "bundle":
        raise Refused("a bundle is a wrapper: hand in the objects in it")
    if not isinstance(object_id, str) or not object_id.startswith(f"{kind}--"):
        raise Refused("its id does not begin with its type")
    if not UUID.fullmatch(object_id, len(kind) + 2):
        raise Refused("its id does not end in a UUID in lower case")
    return kind, object_id


def _version(stix: dict[str, object], now: Micros) -> tuple[Micros | None, str]:
    """The instant and the text of its version, by `modified`, else by `created`."""
    times: dict[str, Micros] = {}
    for name in ("created", "modified"):
        if name in stix:
            found = instant(stix[name])
            if found is None:
                raise Refused(f"its {name} is no timestamp")
            if found > now + AHEAD:
                raise Refused(f"its {name} is in the future")
            times[name] = found
    stated = stix.get("spec_version", None if times else "2.1")  # observables need not say it
    if stated != "2.1":
        raise Refused("it is not of STIX 2.1: spec_version says otherwise, or is missing")
    if not isinstance(stix.get("revoked", False), bool):
        raise Refused("its revoked is neither true nor false")
    if not times:
        return None, ""
    if "created" not in times:
        raise Refused("it was modified and never created")
    name = "modified" if "modified" in times else "created"
    if times[name] < times["created"]:
        raise Refused("it was modified before it was created")
    return times[name], str(stix[name])


def _check_markings(stix: dict[str, object]) -> None:
    refs, granular = stix.get("object_marking_refs", []), stix.get("granular_markings", [])
    if not isinstance(refs, list) or not all(isinstance(one, str) for one in refs):
        _refuse_markings("object_marking_refs")
    if not isinstance(granular, list) or not all(isinstance(one, dict) for one in granular):
        _refuse_markings("granular_markings")
    if not all(isinstance(one.get("marking_ref", ""), str) for one in granular):
        _refuse_markings("granular_markings")


def _refuse_markings(name: str) -> NoReturn:
    raise Refused(f"its {name} cannot be read, so nobody could say who may see it")
