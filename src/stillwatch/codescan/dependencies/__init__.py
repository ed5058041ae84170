"""Packages a code base depends on that are known to be vulnerable, by advisories the user has on disk."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from stillwatch.codescan.coverage import Skipped
from stillwatch.codescan.dependencies import manifests, osv
from stillwatch.codescan.files import walked
from stillwatch.codescan.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.dependencies.manifests import Dependency
    from stillwatch.codescan.dependencies.osv import Advisories, Advisory

RULE = "vulnerable-dependency"
TITLE = "a package that is known to be vulnerable"
PINNED, ALLOWED = 0.9, 0.6
SIZE_LIMIT = 30_000_000  # bytes of a lock file


def findings(root: Path, advisories: Advisories, *, skipped: list[Skipped] | None = None) -> list[Finding]:
    """Vulnerable dependencies under a folder, in order of their place.

    A version that is locked or pinned is asked about as it is; a range is reported if it allows an affected version and
    no fixed one, and not where a lock file beside it says what is installed. Files, and lines, that cannot be read are
    added to `skipped`.
    """
    files = list(_files(root))
    locked = {PurePosixPath(path).parent for path, _ in files if manifests.is_lock(path)}
    found: list[Finding] = []
    for path, place in files:
        try:
            dependencies, odd = _read(path, place)
        except (manifests.UnreadableManifest, OSError) as error:
            if skipped is not None:
                skipped.append(Skipped(path, str(error)))
            continue
        if skipped is not None:
            skipped.extend(Skipped(path, line.reason, line.number) for line in odd)
        beside = PurePosixPath(path).parent in locked and not manifests.is_lock(path)
        lines = place.read_text("utf-8", "replace").split("\n")
        for dependency in dependencies:
            if dependency.pinned is None and beside:
                continue
            found.extend(_of(path, lines, dependency, advisories))
    unique = {(one.location, one.sink, one.why): one for one in found}
    return sorted(unique.values(), key=lambda one: (one.location, one.sink, one.why))


def named(root: Path) -> bool:
    """Whether there is a file under a folder that names dependencies."""
    return root.is_dir() and any(_files(root))


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    return (found for found in walked(root) if manifests.reader(found[0]) is not None)


def _read(path: str, place: Path) -> manifests.Read:
    if place.stat().st_size > SIZE_LIMIT:
        raise manifests.UnreadableManifest(f"larger than {SIZE_LIMIT // 1_000_000} MB")
    read = manifests.reader(path)
    assert read is not None
    return read(place.read_text("utf-8-sig", "replace"))


def _of(path: str, lines: list[str], dependency: Dependency, advisories: Advisories) -> Iterator[Finding]:
    version = _version(dependency.pinned)
    for advisory in advisories.of(dependency.name):
        if version is not None and advisory.concerns(version):
            yield _finding(path, lines, dependency, advisory, version)
        elif dependency.pinned is None and len(dependency.allowed) and _only_affected(dependency, advisory):
            yield _finding(path, lines, dependency, advisory, None)


def _version(text: str | None) -> Version | None:
    try:
        return None if text is None else Version(text)
    except InvalidVersion:
        return None


def _only_affected(dependency: Dependency, advisory: Advisory) -> bool:
    """Whether the range allows a version that is affected and none that is fixed."""
    named = [version for text in advisory.versions if (version := _version(text)) is not None]
    starts = [span.introduced or Version("0") for span in advisory.spans]
    ends = [span.last for span in advisory.spans if span.last is not None]
    bounds = [
        found for one in dependency.allowed if (found := _version(one.version.removesuffix(".*"))) is not None
    ]
    tried = [*named, *starts, *ends, *bounds]
    allowed = [one for one in tried if dependency.allowed.contains(one, prereleases=True)]
    fixes = [span.fixed for span in advisory.spans if span.fixed is not None]
    upper = any(one.operator in {"<", "<=", "~=", "=="} for one in dependency.allowed)
    safe = any(dependency.allowed.contains(fix, prereleases=True) for fix in fixes)
    return upper and not safe and bool(allowed) and all(advisory.concerns(one) for one in allowed)


def _finding(
    path: str, lines: list[str], dependency: Dependency, advisory: Advisory, version: Version | None
) -> Finding:
    name = canonicalize_name(dependency.name)
    fixed = advisory.fixed_after(version)
    code = lines[dependency.line - 1].strip() if dependency.line <= len(lines) else ""
    line = lines[dependency.line - 1] if dependency.line <= len(lines) else ""
    has = f"{name} {version}" if version is not None else f"{name} {dependency.allowed}"
    known = ", ".join((advisory.id, *advisory.aliases))
    return Finding(
        rule=RULE,
        cwe=advisory.cwe,
        cvss=advisory.cvss,
        message=f"{TITLE}: {has} ({advisory.id}{': ' + advisory.summary if advisory.summary else ''})",
        location=Location(path, dependency.line, 1, dependency.line, max(1, len(line)) + 1),
        function="",
        sink=f"{name} {advisory.id}",
        code=code[:240],
        confidence=PINNED if version is not None else ALLOWED,
        why=(
            f"advisory {known}",
            f"fixed in {fixed}" if fixed is not None else "no fixed version is known",
            *(() if version is not None else ("no version that is allowed is without it",)),
        ),
    )


read = osv.read
