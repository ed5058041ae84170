"""Advisories in the OSV format, as they are published for offline use: a JSON file, a folder of them, or a zip."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

UNKNOWN_CWE = 1395  # "Dependency on Vulnerable Third-Party Component"
UNRATED = "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N"


class UnreadableAdvisories(Exception):
    """A file that is no advisory data; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Span:
    """Versions from `introduced` on, up to `fixed` (without it) or `last` (with it)."""

    introduced: Version | None
    fixed: Version | None
    last: Version | None

    def holds(self, version: Version) -> bool:
        if self.introduced is not None and version < self.introduced:
            return False
        if self.fixed is not None and version >= self.fixed:
            return False
        return self.last is None or version <= self.last


@dataclass(frozen=True, slots=True)
class Advisory:
    """What one advisory says of one package."""

    id: str
    aliases: tuple[str, ...]
    package: str
    summary: str
    cwe: int
    cvss: str
    versions: frozenset[str]
    spans: tuple[Span, ...]

    def concerns(self, version: Version) -> bool:
        return str(version) in self.versions or any(span.holds(version) for span in self.spans)

    def fixed_after(self, version: Version | None) -> Version | None:
        """The first version without the weakness that is newer than one; the newest such of all where none is given."""
        fixes = sorted(span.fixed for span in self.spans if span.fixed is not None)
        if version is None:
            return fixes[-1] if fixes else None
        return next((fix for fix in fixes if fix > version), None)


class Advisories:
    """Advisories by package."""

    def __init__(self, found: Iterable[Advisory]) -> None:
        self._by_package: dict[str, list[Advisory]] = {}
        for one in found:
            self._by_package.setdefault(one.package, []).append(one)

    def of(self, package: str) -> list[Advisory]:
        return self._by_package.get(canonicalize_name(package), [])

    def __len__(self) -> int:
        return sum(map(len, self._by_package.values()))


def read(place: Path) -> Advisories:
    """Advisories for packages of PyPI; those that were withdrawn are left out.

    Raises FileNotFoundError, or UnreadableAdvisories naming the file.
    """
    return Advisories(advisory for name, data in _documents(place) for advisory in _parsed(name, data))


def _documents(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield file.relative_to(place).as_posix(), file.read_bytes()
        for archive in sorted(place.rglob("*.zip")):
            yield from _zipped(archive)
    elif zipfile.is_zipfile(place):
        yield from _zipped(place)
    else:
        yield place.name, place.read_bytes()


def _zipped(place: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(place) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield f"{place.name}/{name}", archive.read(name)
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise UnreadableAdvisories(f"{place.name}: {error}") from None


def _parsed(name: str, data: bytes) -> Iterator[Advisory]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableAdvisories(f"{name}: not JSON ({error})") from None
    if isinstance(document, dict) and isinstance(document.get("vulns"), list):
        document = document["vulns"]
    for entry in document if isinstance(document, list) else [document]:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise UnreadableAdvisories(f"{name}: an advisory has no id")
        try:
            yield from _of_entry(entry)
        except (AttributeError, TypeError, KeyError) as error:
            raise UnreadableAdvisories(f"{name}: {entry['id']} is not in the OSV format ({error})") from None


def _of_entry(entry: dict[str, Any]) -> Iterator[Advisory]:
    if entry.get("withdrawn"):
        return
    for affected in entry.get("affected") or ():
        package = affected.get("package") or {}
        if package.get("ecosystem", "").partition(":")[0] != "PyPI":
            continue
        yield Advisory(
            entry["id"],
            tuple(entry.get("aliases") or ()),
            canonicalize_name(package["name"]),
            (entry.get("summary") or entry.get("details") or "").strip().split("\n", 1)[0],
            _cwe(entry, affected),
            _cvss(entry, affected),
            frozenset(_plain(version) for version in affected.get("versions") or ()),
            tuple(span for one in affected.get("ranges") or () for span in _spans(one)),
        )


def _plain(version: str) -> str:
    found = _version(version)
    return version if found is None else str(found)


def _version(text: str | None) -> Version | None:
    try:
        return None if text is None else Version(text)
    except InvalidVersion:
        return None


def _spans(given: dict[str, Any]) -> Iterator[Span]:
    """The spans of a range: events alternate between a start and an end."""
    if given.get("type") not in {"ECOSYSTEM", "SEMVER"}:
        return
    start: str | None = None
    for event in given.get("events") or ():
        if "introduced" in event:
            if start is not None:
                yield Span(_version(start), None, None)
            start = event["introduced"]
        elif start is not None and ("fixed" in event or "last_affected" in event):
            yield Span(_start(start), _version(event.get("fixed")), _version(event.get("last_affected")))
            start = None
    if start is not None:
        yield Span(_start(start), None, None)


def _start(text: str) -> Version | None:
    return None if text == "0" else _version(text)


def _cwe(entry: dict[str, Any], affected: dict[str, Any]) -> int:
    for place in (entry, affected):
        named = (place.get("database_specific") or {}).get("cwe_ids") or ()
        for one in named:
            number = str(one).rpartition("-")[2]
            if number.isdigit():
                return int(number)
    return UNKNOWN_CWE


def _cvss(entry: dict[str, Any], affected: dict[str, Any]) -> str:
    """The CVSS 4 vector an advisory gives; that of an unrated weakness where it gives an older one or none."""
    given = [*(affected.get("severity") or ()), *(entry.get("severity") or ())]
    fours = [str(one.get("score", "")) for one in given if one.get("type") == "CVSS_V4"]
    return fours[0] if fours and fours[0].startswith("CVSS:4.") else UNRATED
