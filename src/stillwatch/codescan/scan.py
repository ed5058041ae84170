"""One scan of a code base, from its files to its findings."""

from collections.abc import Container
from pathlib import Path

import msgspec

from stillwatch.codescan import dependencies, secrets
from stillwatch.codescan.cache import Cache
from stillwatch.codescan.coverage import Coverage, Skipped
from stillwatch.codescan.dependencies.osv import Advisories
from stillwatch.codescan.finding import Finding, Unreached
from stillwatch.codescan.setting_aside import Baseline, decided
from stillwatch.codescan.survey import Survey, listed, surveyed
from stillwatch.codescan.worker import Answer
from stillwatch.codescan.workers import Tell, Workers


class Scan(msgspec.Struct, frozen=True):
    """The outcome: what stands, what was ruled out, and what was looked at. Findings are in order of their place."""

    root: Path
    findings: tuple[Finding, ...]
    refuted: tuple[Finding, ...]
    coverage: Coverage
    set_aside: tuple[Finding, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    """Calls that would be weak if others' data reached them, and at which nothing was found."""
    handlers: dict[str, int] = {}
    """How many functions of a file requests reach, where any."""


def scan(
    root: Path,
    *,
    workers: int = 2,
    cache: Path | None = None,
    baseline: Baseline | None = None,
    advisories: Advisories | None = None,
    look_for_secrets: bool = True,
    tell: Tell | None = None,
) -> Scan:
    """Scan the Python files under a folder, or one file; secrets in any text file; dependencies, given advisories.

    `cache` is a folder in which results are kept, so that the next scan analyses only what changed. The result is the
    same for any number of workers, with and without a cache. Raises FileNotFoundError if there is no such path.
    """
    if not root.exists():
        raise FileNotFoundError(root)
    said = tell or (lambda _line: None)
    listing = listed(root)
    kept = Cache(cache, listing.digests)
    with Workers(root, sorted(listing.digests), workers) as pool:
        kept.ask(pool)
        survey = surveyed(listing.places)
        survey.skipped.extend(listing.skipped)
        said(f"{len(survey.text)} files, {survey.lines:,} lines of Python")
        further = secrets.findings(root) if look_for_secrets and root.is_dir() else []
        known = kept.holding(pool)
        todo = [path for path in survey.text if path not in known]
        if known:
            said(f"{len(known)} files are as they were, and so is what they use: they are not analysed again")
        for answer in pool.analyse(todo, said):
            known[answer.path] = answer
            kept.put(answer)
    kept.close()
    if advisories is not None and root.is_dir():
        further.extend(dependencies.findings(root, advisories, skipped=survey.skipped))
    return _whole(root, survey, [known[path] for path in sorted(known)], further, baseline)


def _whole(
    root: Path, survey: Survey, answers: list[Answer], further: list[Finding], baseline: Baseline | None
) -> Scan:
    merged: dict[tuple[str, object], Finding] = {}
    partial = {(one.path, one.reason): one for one in survey.partial}
    failed = []
    for answer in answers:
        if answer.failed is not None:
            failed.append(Skipped(answer.path, answer.failed))
        for path, reason in answer.partial.items():
            partial[path, reason] = Skipped(path, reason)
        for finding in answer.findings:
            key = finding.rule, finding.location
            other = merged.get(key)
            if other is None or _stronger(finding, other):
                merged[key] = finding
    further = secrets.without_doubles(further, list(merged.values()))
    found = sorted([*merged.values(), *further], key=lambda finding: (finding.location, finding.rule))
    ordered, wanting = decided(found, survey.text, baseline)
    partial.update({(one.path, f"{one.reason} {one.line}"): one for one in wanting})
    coverage = Coverage(
        files=len(survey.text) + len(survey.skipped),
        analysed=len(survey.text) - len(failed),
        lines=survey.lines,
        functions=sum(answer.functions for answer in answers),
        frugal=sum(answer.frugal for answer in answers),
        partial=tuple(partial[key] for key in sorted(partial)),
        skipped=tuple(sorted([*survey.skipped, *failed], key=lambda skipped: skipped.path)),
    )
    aside = tuple(finding for finding in ordered if finding.set_aside is not None)
    counted = [finding for finding in ordered if finding.set_aside is None]
    refuted = tuple(finding for finding in counted if finding.refuted is not None)
    standing = tuple(finding for finding in counted if finding.refuted is None)
    handlers = {answer.path: answer.handlers for answer in answers if answer.handlers}
    return Scan(root, standing, refuted, coverage, aside, _left(answers, merged.keys()), handlers)


def _left(answers: list[Answer], found: Container[tuple[str, object]]) -> tuple[Unreached, ...]:
    """Each such call once, with a handler it is reached from where there is one."""
    kept: dict[tuple[str, object], Unreached] = {}
    for answer in answers:
        for one in answer.unreached:
            key = one.rule, one.location
            if key not in found and (key not in kept or kept[key].entry is None):
                kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: (one.location, one.rule)))


def _stronger(finding: Finding, other: Finding) -> bool:
    return (finding.refuted is None, finding.confidence) > (other.refuted is None, other.confidence)
