"""What a code base says it depends on: requirement files, project files and lock files."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class UnreadableManifest(Exception):
    """A file that is not what its name says; the message says why."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package by name, with the versions that are allowed; `line` is where the file speaks of it, from 1."""

    name: str
    allowed: SpecifierSet
    line: int

    @property
    def pinned(self) -> str | None:
        """The one version that is allowed."""
        exact = [
            one.version for one in self.allowed if one.operator in {"==", "==="} and "*" not in one.version
        ]
        return exact[0] if exact else None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a requirement file that is not understood."""

    number: int
    reason: str


Read = tuple[list[Dependency], list[Line]]


def reader(path: str) -> Callable[[str], Read] | None:
    """How to read a file of dependencies, by its name; None of others."""
    name = PurePosixPath(path).name
    if name in READERS:
        return READERS[name]
    if re.fullmatch(r"pylock(\.[\w-]+)?\.toml", name):
        return _locked_packages
    in_folder = PurePosixPath(path).parent.name == "requirements" and name.endswith((".txt", ".in"))
    return _requirements if in_folder or re.fullmatch(r"(.*[-_.])?requirements.*\.(txt|in)", name) else None


def is_lock(path: str) -> bool:
    """Whether a file says which versions are installed, rather than which may be."""
    name = PurePosixPath(path).name
    return name.endswith(".lock") or name.startswith("pylock")


def _requirements(text: str) -> Read:
    found: list[Dependency] = []
    odd: list[Line] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        first = number + 1
        line = lines[number]
        while line.endswith("\\") and number + 1 < len(lines):
            number += 1
            line = line[:-1] + lines[number]
        number += 1
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        line = re.sub(r"\s--(hash|config-settings|global-option)[= ]\S+", "", line).strip()
        if not line or line.startswith(("-", "http:", "https:", "git+", ".", "/")):
            continue
        made = _requirement(line, first)
        if isinstance(made, Line):
            odd.append(made)
        else:
            found.append(made)
    return found, odd


def _requirement(text: str, line: int) -> Dependency | Line:
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        return Line(line, str(error).split("\n", 1)[0])
    return Dependency(requirement.name, SpecifierSet() if requirement.url else requirement.specifier, line)


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableManifest(f"not TOML: {error}") from None


def _project(text: str) -> Read:
    """`pyproject.toml`: dependencies, extras and groups (PEP 621, PEP 735), and Poetry's own tables."""
    document = _toml(text)
    project = _table(document, "project")
    written = [*_list(project.get("dependencies"))]
    for group in (
        *_table(project, "optional-dependencies").values(),
        *_table(document, "dependency-groups").values(),
    ):
        written.extend(_list(group))
    written.extend(_list(_table(document, "build-system").get("requires")))
    made = [_requirement(one, _line_of(text, one)) for one in written if isinstance(one, str)]
    found = [one for one in made if isinstance(one, Dependency)]
    odd = [one for one in made if isinstance(one, Line)]
    poetry = _table(_table(document, "tool"), "poetry")
    groups = [
        _table(one, "dependencies") for one in _table(poetry, "group").values() if isinstance(one, dict)
    ]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        found.extend(_poetry(text, table))
    return found, odd


def _poetry(text: str, table: dict[str, Any]) -> Iterator[Dependency]:
    for name, value in table.items():
        version = value.get("version") if isinstance(value, dict) else value
        if name.lower() != "python" and isinstance(version, str):
            yield Dependency(name, _caret(version), _line_of(text, name))


def _caret(text: str) -> SpecifierSet:
    """Poetry's constraints in PEP 440: `^1.2` is `>=1.2,<2`, a bare version is that version."""
    parts: list[str] = []
    for part in text.split("||", 1)[0].split(","):
        one = part.strip()
        if one[:1] in {"^", "~"} and not one.startswith("~="):
            numbers = [int(number) for number in re.findall(r"\d+", one)] or [0]
            place = (
                next((at for at, number in enumerate(numbers) if number), 0)
                if one[0] == "^"
                else min(1, len(numbers) - 1)
            )
            upper = [*numbers[:place], numbers[place] + 1]
            parts.extend((f">={one[1:].strip()}", f"<{'.'.join(map(str, upper))}"))
        elif one and one[0].isdigit():
            parts.append(f"=={one}")
        elif one and one != "*":
            parts.append(one)
    return _specifier(",".join(parts))


def _specifier(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return SpecifierSet()


def _locked_packages(text: str) -> Read:
    """`poetry.lock`, `uv.lock` and `pylock.toml`: tables of packages with a name and a version."""
    document = _toml(text)
    tables = [*_list(document.get("package")), *_list(document.get("packages"))]
    found = []
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            continue
        version, source = table.get("version"), table.get("source")
        local = isinstance(source, dict) and not {"editable", "virtual", "directory"}.isdisjoint(source)
        if isinstance(version, str) and not local:
            line = _line_of(text, f'name = "{table["name"]}"')
            found.append(Dependency(table["name"], _specifier(f"=={version}"), line))
    return found, []


def _pipfile(text: str) -> Read:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableManifest(f"not JSON: {error}") from None
    found = []
    for group in ("default", "develop"):
        for name, value in _table(document, group).items():
            version = value.get("version") if isinstance(value, dict) else None
            if isinstance(version, str):
                found.append(Dependency(name, _specifier(version), _line_of(text, f'"{name}"')))
    return found, []


def _table(document: object, name: str) -> dict[str, Any]:
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _line_of(text: str, part: str) -> int:
    place = text.find(part)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


READERS: dict[str, Callable[[str], Read]] = {
    "pyproject.toml": _project,
    "poetry.lock": _locked_packages,
    "uv.lock": _locked_packages,
    "Pipfile.lock": _pipfile,
}
