"""The six checks of a patch.

It parses; the finding is gone; nothing is new; the proof of concept fails; the project's own tests end as before; harmless
inputs are answered as before. Patches of different files are checked together: one scan and a few runs serve them all. What
cannot be laid at one patch's door is held against each of them.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import libcst as cst
import msgspec

from stillwatch.codescan.coverage import Skipped
from stillwatch.codescan.files import python_files
from stillwatch.codescan.patch import benign
from stillwatch.codescan.patch.proposing import Check, Outcome, Patch
from stillwatch.codescan.prove import concept, judging
from stillwatch.codescan.prove.session import FIND_SECONDS, Died, Session, Spent, place_of
from stillwatch.codescan.prove.walls import CannotRun, Ground, Walled
from stillwatch.codescan.scan import Scan, scan
from stillwatch.codescan.syntax.reading import Unreadable, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.prove import Evidence

PARSES, GONE, NEW, PROOF, TESTS, SAME = (
    "it parses", "the finding is gone", "nothing is new", "the proof of concept fails", "the project's tests end as before",
    "harmless inputs are answered as before",
)  # fmt: skip
TESTS_SECONDS = 600.0
ALONE_LIMIT = 25  # patches checked together whose proofs are also run as the tests they are shipped as
RUN_SECONDS = 900.0


@dataclass
class Bench:
    """A code base whose patches are checked: what was found in it, how findings were shown, how its own tests end."""

    ground: Ground
    before: Scan
    evidence: dict[str, Evidence]
    cache: Path
    tests: dict[str, Any] | None = None
    unrunnable: str = ""

    @property
    def root(self) -> Path:
        return self.ground.root


def verified(bench: Bench, patches: Sequence[Patch]) -> list[Patch]:
    """Patches of different files with their checks."""
    assert len({patch.path for patch in patches}) == len(patches)
    checks: list[dict[str, Check]] = [{} for _ in patches]
    for patch, found in zip(patches, checks, strict=True):
        found[PARSES] = _parses(patch)
    sound = [number for number, found in enumerate(checks) if found[PARSES].outcome == "passed"]
    _rescan(bench, patches, checks, sound)
    changed = {patches[number].path: patches[number].text for number in sound}
    _proofs(bench, patches, checks, sound, changed)
    _own_tests(bench, checks, sound, changed)
    _harmless(bench, patches, checks, sound, changed)
    order = (PARSES, GONE, NEW, PROOF, TESTS, SAME)
    none = "the patched file does not parse"
    return [
        msgspec.structs.replace(
            patch, checks=tuple(found.get(name, Check(name, "could not be run", none)) for name in order)
        )
        for patch, found in zip(patches, checks, strict=True)
    ]


def _parses(patch: Patch) -> Check:
    try:
        cst.parse_module(patch.text)
        source = read(patch.path, patch.text.encode())
    except (cst.ParserSyntaxError, Unreadable) as error:
        return Check(PARSES, "failed", str(error).splitlines()[0])
    return Check(PARSES, "failed" if source.broken else "passed")


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.path, finding.function


def _rescan(bench: Bench, patches: Sequence[Patch], checks: list[dict[str, Check]], sound: list[int]) -> None:
    """Checks 2 and 3: the scan of a patched copy against the scan of the code base as it is."""
    with TemporaryDirectory(prefix="stillwatch-patched-") as folder:
        root = Path(folder) / "code"
        _copied(bench.root, root, {patches[number].path: patches[number].text for number in sound})
        single = bench.root.is_file()
        after = scan(root / bench.root.name if single else root, cache=bench.cache)
    old = Counter(_key(finding) for finding in bench.before.findings)
    new = Counter(_key(finding) for finding in after.findings)
    grown = [key for key, count in new.items() if count > old[key]]
    mine = {patches[number].path for number in sound}
    for number in sound:
        patch = patches[number]
        key = _key(patch.finding)
        left = new[key]
        gone = left < old[key]
        checks[number][GONE] = Check(
            GONE, "passed" if gone else "failed", "" if gone else "the scan still finds it"
        )
        if patch.finding.proposal is not None:
            checks[number][GONE] = Check(
                GONE, "could not be run", "a model proposed the finding; no scan finds it"
            )
        fault = [one for one in grown if one[1] == patch.path or one[1] not in mine]
        said = "; ".join(
            f"{rule} in {path}, {function or 'the module'}" for rule, path, function in fault[:3]
        )
        checks[number][NEW] = Check(NEW, "failed" if fault else "passed", said)


def _copied(source: Path, target: Path, changed: dict[str, str]) -> None:
    target.mkdir()
    for file in python_files(source):
        if isinstance(file, Skipped):
            continue
        path, place = file
        new = target / path
        new.parent.mkdir(parents=True, exist_ok=True)
        if path in changed:
            new.write_text(changed[path], "utf-8", newline="")
        else:
            shutil.copyfile(place, new)


def _proofs(
    bench: Bench,
    patches: Sequence[Patch],
    checks: list[dict[str, Check]],
    sound: list[int],
    changed: dict[str, str],
) -> None:
    """Check 4: what showed the finding is done again to the patched code."""
    shown = [number for number in sound if patches[number].id in bench.evidence]
    for number in sound:
        checks[number][PROOF] = Check(
            PROOF, "could not be run", bench.unrunnable or "the finding was not shown by a run"
        )
        if number not in shown and not judging.rules()[patches[number].finding.rule].payloads:
            checks[number][PROOF] = Check(
                PROOF, "passed", "the weakness has no payload, and so no proof of concept"
            )
    if not shown:
        return
    places = [_named(bench.evidence[patches[number].id], number) for number in shown]
    try:
        with Session(replace(bench.ground, changed=changed), places, RUN_SECONDS) as session:
            for number in shown:
                checks[number][PROOF] = _again(session, bench.evidence[patches[number].id], number)
    except CannotRun as error:
        for number in shown:
            checks[number][PROOF] = Check(PROOF, "could not be run", str(error))
    if len(shown) <= ALONE_LIMIT:
        for number in shown:
            if checks[number][PROOF].outcome == "passed":
                checks[number][PROOF] = _alone(bench, bench.evidence[patches[number].id], changed)


def _named(evidence: Evidence, number: int) -> dict[str, Any]:
    """All calls of the sink's name in the file: the place itself has moved."""
    finding = evidence.finding
    if finding.sink == "answer" or finding.sink.endswith("[]"):
        return place_of(finding, number)
    return {
        "path": finding.location.path,
        "at": [0, 0, 0, 0],
        "form": "named",
        "name": concept.written(finding),
        "place": number,
    }


def _again(session: Session, evidence: Evidence, number: int) -> Check:
    finding = evidence.finding
    question = {**evidence.question, "place": number, "stops": finding.rule in judging.STOPPED}
    try:
        if evidence.found is not None:
            handler = evidence.found["handler"]
            session.ask(
                {"do": "find", "module": handler[0], "path": handler[1], "handler": handler[2]}, FIND_SECONDS
            )
        answer = session.ask(question)
    except (Died, Spent):
        return Check(PROOF, "could not be run", "the patched program ended, or gave no answer in time")
    if evidence.seen.where in {"body", "location", "cookie"} and answer.get("response") is not None:
        answer["arrived"] = answer["arrived"] or [
            {"arguments": [evidence.seen.text], "keywords": {}, "self": None}
        ]
    if judging.seen(finding, evidence.payload, answer) is not None:
        return Check(PROOF, "failed", "the payload still arrives as it bites")
    if "response" not in answer and "error" in answer and not answer["arrived"]:
        return Check(PROOF, "passed", f"the payload is refused ({answer['error'][:80]})")
    return Check(PROOF, "passed")


def _alone(bench: Bench, evidence: Evidence, changed: dict[str, str]) -> Check:
    """The proof as the test it is shipped as: it fails on the code base as it was, and passes on the patched one."""
    text = concept.test_of(evidence)
    if text is None:
        return Check(PROOF, "passed", "it has no form that stands alone")
    outcomes = [
        _tested(ground, concept.name(evidence), text)
        for ground in (bench.ground, replace(bench.ground, changed=changed))
    ]
    match outcomes:
        case ("failed", _), ("passed", _):
            return Check(PROOF, "passed", "as a test: it fails before, and passes after")
        case (("could not be run", why), _) | (_, ("could not be run", why)):
            return Check(PROOF, "could not be run", f"the test cannot be run: {why}")
        case ("passed", _), _:
            return Check(PROOF, "could not be run", "the test passes on the code base as it was")
    return Check(PROOF, "failed", "the test fails on the patched code")


def _tested(ground: Ground, name: str, text: str) -> tuple[str, str]:
    try:
        child = Walled(ground)
    except CannotRun as error:
        return "could not be run", str(error)
    try:
        child.ask({"do": "watch", "places": [], "avoid": []}, FIND_SECONDS)
        answer = child.ask({"do": "test", "module": name, "text": text}, FIND_SECONDS)
    finally:
        child.stop()
    return (
        ("could not be run", "it ended the program") if answer is None else (answer["outcome"], answer["why"])
    )


def _own_tests(
    bench: Bench, checks: list[dict[str, Check]], sound: list[int], changed: dict[str, str]
) -> None:
    """Check 5: the results of the project's own tests, one by one."""
    if not _has_tests(bench.root):
        check = Check(TESTS, "passed", "the project has none")
    else:
        if bench.tests is None:
            bench.tests = _results(bench.ground)
        after = _results(replace(bench.ground, changed=changed))
        check = _same_results(bench.tests, after)
    for number in sound:
        checks[number][TESTS] = check


def _has_tests(root: Path) -> bool:
    if root.is_file():
        return False
    names = [Path(file[0]).name for file in python_files(root) if not isinstance(file, Skipped)]
    return any(name.startswith("test_") or name.endswith("_test.py") for name in names)


def _results(ground: Ground) -> dict[str, Any]:
    try:
        child = Walled(ground)
    except CannotRun as error:
        return {"error": str(error)}
    try:
        answer = child.ask({"do": "run_tests", "seconds": TESTS_SECONDS}, TESTS_SECONDS + 30)
    finally:
        child.stop()
    return answer or {"error": "the tests ended the program, or took too long"}


def _same_results(before: dict[str, Any], after: dict[str, Any]) -> Check:
    for one in (before, after):
        if "error" in one:
            return Check(TESTS, "could not be run", one["error"])
    if not before["results"]:
        return Check(TESTS, "could not be run", before["tail"].strip()[-200:] or "pytest found no test")
    if before["results"] == after["results"]:
        return Check(TESTS, "passed", f"{len(before['results'])} results")
    changed = sorted(set(before["results"]) ^ set(after["results"]))
    return Check(TESTS, "failed", "; ".join(changed[:3])[:300])


def _harmless(
    bench: Bench,
    patches: Sequence[Patch],
    checks: list[dict[str, Check]],
    sound: list[int],
    changed: dict[str, str],
) -> None:
    """Check 6: the same questions to the code base, to it again, and to it patched."""
    found = answered_alike(bench, [patches[number] for number in sound], changed)
    for number, (outcome, why) in zip(sound, found, strict=True):
        checks[number][SAME] = Check(SAME, outcome, why)


def answered_alike(
    bench: Bench, patches: Sequence[Patch], changed: dict[str, str], *, held_out: bool = False
) -> list[tuple[Outcome, str]]:
    """For each patch, whether harmless inputs (`held_out`: those that no check uses) are answered as before."""
    places = [place_of(patch.finding, number) for number, patch in enumerate(patches)]
    runs: list[list[benign.Answers]] = []
    put: list[list[dict[str, Any]]] = []
    paths: list[str] = []
    try:
        for ground in (bench.ground, bench.ground, replace(bench.ground, changed=changed)):
            if not runs:
                with Session(ground, places, RUN_SECONDS) as session:
                    put = [_questions(session, bench, patch, held_out=held_out) for patch in patches]
                    paths = _asked_for(session, patches, put)
            with Session(ground, places, RUN_SECONDS) as session:
                _lay(session, paths)
                runs.append([
                    benign.asked(session, patch.finding, put[number], number) for number, patch in enumerate(patches)
                ])  # fmt: skip
    except (CannotRun, Died, Spent) as error:
        return [("could not be run", str(error)) for _ in patches]
    return [
        benign.compared(patch.finding, *(run[number] for run in runs)) for number, patch in enumerate(patches)
    ]


def _asked_for(session: Session, patches: Sequence[Patch], put: list[list[dict[str, Any]]]) -> list[str]:
    """Files that harmless requests ask for: they are laid out, so that what is read from them can be compared."""
    found: dict[str, None] = {}
    for number, patch in enumerate(patches):
        if patch.finding.rule == "path-traversal":
            found.update(dict.fromkeys(benign.asked(session, patch.finding, put[number], number).paths))
    return list(found)


def _lay(session: Session, paths: list[str]) -> None:
    answer = session.ask({"do": "lay", "paths": paths})
    if "error" in answer:
        raise CannotRun(answer["error"])


def _questions(session: Session, bench: Bench, patch: Patch, *, held_out: bool) -> list[dict[str, Any]]:
    try:
        return list(benign.questions(session, patch.finding, bench.evidence.get(patch.id), held_out=held_out))
    except (Died, Spent):
        return []
