"""A review: what was found, how it was shown, which patches there are, and what each check of them said.

It is kept in a folder (`review.json`, for `apply`; `review.html`, for people; proofs of concept under `tests`), and nothing
is written to the code base before a person applies a patch by its id.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.coverage import Coverage  # noqa: TC001 - read by msgspec
from stillwatch.codescan.finding import Finding  # noqa: TC001 - as above
from stillwatch.codescan.model import patching
from stillwatch.codescan.model.consulting import consulted
from stillwatch.codescan.patch.proposing import Patch, Unpatched, digest
from stillwatch.codescan.patch.suggesting import suggest
from stillwatch.codescan.patch.verifying import Bench
from stillwatch.codescan.prove import CannotRun, Evidence, Ground, concept, prove
from stillwatch.codescan.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from stillwatch.codescan.model.asking import Asker
    from stillwatch.codescan.patch.suggesting import Further

SCHEMA = "stillwatch.codescan.review/1"
KEPT = "review.json"


class CannotApply(Exception):
    """A patch that must not be applied as things are; the text says why."""


class Review(msgspec.Struct, frozen=True):
    """Findings with proof, patches with checks, and what stands without one."""

    schema: str
    root: str
    findings: tuple[Finding, ...]
    refuted: tuple[Finding, ...]
    patches: tuple[Patch, ...]
    without: tuple[Unpatched, ...]
    tests: dict[str, str]
    """Proofs of concept by the name of their module."""
    not_run: dict[str, int]
    """Why findings could not be run, and how many."""
    cannot_run: str | None
    """Why nothing could be run at all."""
    coverage: Coverage


def review(
    ground: Ground,
    *,
    cache: Path,
    least: float,
    tell: Callable[[str], None],
    seconds: float,
    workers: int = 2,
    asker: Asker | None = None,
) -> Review:
    """Scan, prove and patch a code base. Patches are made for findings whose confidence is at least `least`.

    `asker` asks a model for hypotheses, with at most half of its questions, and for patches where none of ours is good enough.
    """
    before = whole = scan(ground.root, workers=workers, cache=cache, tell=tell)
    if asker is not None:
        whole = consulted(before, asker, calls=(asker.left + 1) // 2)
    ordered = sorted([*whole.findings, *whole.refuted], key=lambda one: one.proposal is not None)
    findings, evidence, not_run, cannot_run = _shown(ground, ordered, tell, seconds)
    standing = [finding for finding in findings if finding.refuted is None]
    shown = {one.finding.fingerprint: one for one in evidence}
    bench = Bench(ground, before, shown, cache, unrunnable=cannot_run or "")
    suggestions = suggest(
        bench,
        [one for one in standing if one.confidence >= least and (one.proposal is None or one.proof == "run")],
        tell,
        _further(ground, asker, tell),
    )
    coverage = msgspec.structs.replace(before.coverage, consulted=None if asker is None else asker.account())
    tests = {concept.name(one): text for one in evidence if (text := concept.test_of(one)) is not None}
    return Review(
        SCHEMA, str(ground.root.resolve()), tuple(standing),
        tuple(finding for finding in findings if finding.refuted is not None),
        tuple(suggestions.patches), tuple(suggestions.without), tests, not_run, cannot_run, coverage,
    )  # fmt: skip


def _further(ground: Ground, asker: Asker | None, tell: Callable[[str], None]) -> Further | None:
    """How a model is asked for patches; not at all where what it writes would be run without namespaces."""
    if asker is None:
        return None
    if ground.open_ground:
        tell("model: it is not asked for patches, since they would be run without namespaces")
        return None
    return lambda finding, own: patching.further(ground.root, finding, own, asker)


def _shown(
    ground: Ground, findings: list[Finding], tell: Callable[[str], None], seconds: float
) -> tuple[list[Finding], list[Evidence], dict[str, int], str | None]:
    """Findings after the run; as they were where nothing can be run."""
    try:
        proofs = prove(
            ground.root,
            findings,
            python=ground.python,
            tell=tell,
            seconds=seconds,
            open_ground=ground.open_ground,
        )
    except CannotRun as error:
        tell(f"nothing is run: {error}")
        return findings, [], {}, str(error)
    tell(f"{len(proofs.evidence)} findings are shown by a run")
    return proofs.findings, list(proofs.evidence.values()), dict(proofs.reasons()), None


def keep(reviewed: Review, folder: Path, page: str) -> None:
    """Write a review into its folder; proofs of an earlier one go."""
    folder.mkdir(parents=True, exist_ok=True)
    tests = folder / "tests"
    tests.mkdir(exist_ok=True)
    for old in tests.glob("test_*.py"):
        old.unlink()
    for name, text in reviewed.tests.items():
        (tests / f"{name}.py").write_text(text, "utf-8")
    (folder / "review.html").write_text(page, "utf-8")
    written = folder / f"{KEPT}.new"
    written.write_bytes(msgspec.json.encode(reviewed))
    written.replace(folder / KEPT)


def kept(folder: Path) -> Review:
    """The review in a folder. Raises OSError where there is none, and msgspec's errors where it is not one."""
    return msgspec.json.decode((folder / KEPT).read_bytes(), type=Review)


def patch_of(reviewed: Review, wanted: str) -> Patch:
    """The patch with this id, or with the one id that begins so."""
    found = [patch for patch in reviewed.patches if patch.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotApply(
            f"{wanted} is the beginning of {len(found)} ids: {', '.join(patch.id for patch in found)}"
        )
    raise CannotApply(f"the review has no patch {wanted}")


def place_of(reviewed: Review, patch: Patch) -> Path:
    """The file that a patch is for. Raises CannotApply where it is not as it was, or not in the code base."""
    root = Path(reviewed.root)
    place = root if root.is_file() else root / patch.path
    if not root.is_file() and not place.resolve().is_relative_to(root.resolve()):
        raise CannotApply(f"{patch.path} is not in the code base")
    try:
        data = place.read_bytes()
    except OSError as error:
        raise CannotApply(f"{place}: {error.strerror}") from None
    if digest(data) != patch.before:
        raise CannotApply(f"{place} has changed since the review; review it again")
    return place


def apply(reviewed: Review, patch: Patch) -> Path:
    """Write the patched file in place of the one the patch was made for."""
    place = place_of(reviewed, patch)
    written = place.with_name(f".{place.name}.stillwatch")
    written.write_text(patch.text, "utf-8", newline="")
    written.chmod(place.stat().st_mode & 0o777)
    written.replace(place)
    return place
