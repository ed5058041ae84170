"""The parameters of a request: which objects, after which, and how many."""

import re
from collections.abc import Collection, Iterable

import msgspec

from stillwatch.records import Micros
from stillwatch.sharing.taxii.records import STIX
from stillwatch.sharing.taxii.refusal import misunderstood
from stillwatch.sharing.taxii.timestamps import instant

PAGE = 1_000  # objects at the most
VALUES = 100  # of one match
MATCH = re.compile(r"match\[(.*)\]", re.DOTALL)
COUNT = re.compile(r"[0-9]{1,9}")
POSITION = re.compile(r"[0-9a-f]{1,16}")
ALL, FIRST, LAST = "all", "first", "last"
SPEC_VERSION = STIX.rpartition("=")[2]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. `after` is a time of adding: of the parameter, or of the page before."""

    after: Micros | None = None
    limit: int = PAGE
    ids: list[str] | None = None
    kinds: list[str] | None = None
    every: bool = False  # version
    first: bool = False
    last: bool = True
    versions: list[Micros] = []
    nothing: bool = False  # no object is of the specification's version that is asked for


def read_filter(given: Iterable[tuple[str, str]], fields: Collection[str]) -> Filter:
    """Read the parameters of an endpoint that matches these fields. Raises NotServed. Others are left alone."""
    once: dict[str, str] = {}
    for name, value in given:
        match = MATCH.fullmatch(name)
        if match and match[1] not in fields:
            raise misunderstood("objects cannot be matched by that field here")
        if match or name in ("added_after", "limit", "next"):
            if name in once:
                raise misunderstood("a parameter stands twice")
            once[name] = value
    versions = _values(once, "match[version]") or [LAST]
    if ALL in versions and len(versions) > 1:
        raise misunderstood("all versions cannot be asked for beside others")
    return Filter(
        after=_after(once),
        limit=_limit(once),
        ids=_values(once, "match[id]"),
        kinds=_values(once, "match[type]"),
        every=ALL in versions,
        first=FIRST in versions,
        last=LAST in versions,
        versions=[_moment(value) for value in versions if value not in (ALL, FIRST, LAST)],
        nothing=SPEC_VERSION not in (_values(once, "match[spec_version]") or [SPEC_VERSION]),
    )


def position(added: Micros) -> str:
    """The `next` of a page that ends with the object that was added then."""
    return f"{added:x}"


def _after(once: dict[str, str]) -> Micros | None:
    found = []
    if (text := once.get("added_after")) is not None:
        moment = instant(text)
        if moment is None:
            raise misunderstood("added_after is no timestamp")
        found.append(moment)
    if (text := once.get("next")) is not None:
        if not POSITION.fullmatch(text) or int(text, 16) >= 1 << 63:
            raise misunderstood("next is none that this server gave")
        found.append(Micros(int(text, 16)))
    return max(found, default=None)


def _limit(once: dict[str, str]) -> int:
    text = once.get("limit", str(PAGE))
    if not COUNT.fullmatch(text) or int(text) == 0:
        raise misunderstood("limit is no whole number above zero")
    return min(int(text), PAGE)


def _values(once: dict[str, str], name: str) -> list[str] | None:
    if name not in once:
        return None
    values = list(dict.fromkeys(once[name].split(",")))
    if "" in values or len(values) > VALUES or any("\x00" in value for value in values):
        raise misunderstood(f"a match takes 1 to {VALUES} values with commas between them")
    return values


def _moment(value: str) -> Micros:
    found = instant(value)
    if found is None:
        raise misunderstood("a version is all, first, last or a timestamp")
    return found
