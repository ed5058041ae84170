"""A bench of the code scanner's patches: how many weaknesses get one that passes all six checks, and whether any breaks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shutil import rmtree
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from stillwatch.cli.bench.options import Json, Keep, Quick
from stillwatch.cli.bench.run import bench
from stillwatch.cli.codescan.needed import needed
from stillwatch.cli.codescan.options import Python, interpreter
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.records import UnreadableInput

if TYPE_CHECKING:
    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.measure.suite import Suite
    from stillwatch.codescan.patch.suggesting import Suggestions
    from stillwatch.codescan.patch.verifying import Bench

VERIFIED = 0.75  # of true findings
QUICK_VERIFIED = (
    0.6  # of a small suite, beside which the examples weigh more: some of them only a person can fix
)
RUN_SECONDS = 1800.0
QUICK_SHAPES_EACH = 3


@dataclass(frozen=True)
class _Counted:
    """What became of the true findings of one code base."""

    name: str
    rules: Counter[str]
    patched: Counter[str]
    verified: Counter[str]
    reasons: dict[str, Counter[str]]
    broken: tuple[str, ...]
    undecided: int

    def figures(self) -> Figures:
        return {
            "true_findings": self.rules.total(),
            "patched": self.patched.total(),
            "verified": self.verified.total(),
            "by_rule": {
                rule: {"true": n, "verified": self.verified[rule], "reasons": dict(self.reasons.get(rule, {}))}
                for rule, n in sorted(self.rules.items())
            },
            "broken": list(self.broken),
            "held_out_could_not_be_run": self.undecided,
        }  # fmt: skip


def patches_command(
    suite: Annotated[
        Path | None, typer.Option(help="also a suite in the form of the OWASP Benchmark for Python")
    ] = None,
    composed: Annotated[int, typer.Option(help="seed of the suite of our own")] = 9000,
    python: Python = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How many true findings get a patch that passes all six checks, and whether one of those changes what it should not.

    On the examples of the scanner's checks and on a suite of our own, whose answers are known. Patches that are called
    verified are run once more, with harmless inputs that no check has used.
    """
    needed()
    if suite is not None and not suite.is_dir():
        raise UnreadableInput(f"{suite}: no such folder")
    chosen = interpreter(python)
    bench(
        lambda root, tell: _report(root, suite, composed, chosen, tell, quick=quick), keep, json, quick=quick
    )


def _report(root: Path, given: Path | None, seed: int, python: Path, tell: Tell, *, quick: bool) -> Report:
    from stillwatch.codescan.measure.compose import SHAPES_EACH, compose  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.measure.suite import read  # noqa: PLC0415 - as above

    folder = root / "composed"
    if folder.exists():
        rmtree(folder)
    ours = compose(folder, seed, QUICK_SHAPES_EACH if quick else SHAPES_EACH).suite
    counted = [_examples(root, python, tell), _of_suite("composed suite", root, ours, python, tell)]
    if given is not None:
        counted.append(_of_suite(given.name, root, read(given), python, tell))
    rules = sum((one.rules for one in counted), Counter[str]())
    verified = sum((one.verified for one in counted), Counter[str]())
    broken = sum(len(one.broken) for one in counted)
    share = verified.total() / rules.total() if rules else None
    floors = [
        Floor(
            "true findings with a patch that passes all six checks",
            share,
            QUICK_VERIFIED if quick else VERIFIED,
        ),
        Floor("verified patches that change an answer to a harmless input", broken, 0, at_least=False),
    ]
    figures: Figures = {one.name: one.figures() for one in counted}
    return Report("patches", {**figures, "share": share, "broken": broken}, floors, [seed], [_table(counted)])


def _examples(root: Path, python: Path, tell: Tell) -> _Counted:
    """The programs that the checks bring as examples of their weakness."""
    from stillwatch.codescan import checks  # noqa: PLC0415 - needs an extra

    folder = root / "examples"
    if folder.exists():
        rmtree(folder)
    folder.mkdir(parents=True)
    wanted: dict[str, str] = {}
    for found in iter_modules(checks.__path__):
        module = import_module(f"{checks.__name__}.{found.name}")
        bad = module.EXAMPLES["bad"]
        for number, text in enumerate([bad] if isinstance(bad, str) else bad):
            name = f"{found.name}_{number}.py"
            (folder / name).write_text(text, encoding="utf-8")
            wanted[name] = module.RULE.id
    return _counted(
        "examples", root, folder, python, tell,
        lambda findings: [one for one in findings if wanted.get(one.location.path) == one.rule],
    )  # fmt: skip


def _of_suite(name: str, root: Path, suite: "Suite", python: Path, tell: Tell) -> _Counted:
    """One finding for each case that has its weakness and is found: that of the case's category."""
    from stillwatch.codescan.measure.categories import answers  # noqa: PLC0415 - needs an extra

    cases = {f"{suite.folder}/{case.name}.py": case for case in suite.cases if case.vulnerable}

    def true(findings: "Sequence[Finding]") -> "list[Finding]":
        first: dict[str, Finding] = {}
        for one in findings:
            case = cases.get(one.location.path)
            if case is not None and one.cwe in answers(case.category, case.cwe):
                first.setdefault(one.location.path, one)
        return list(first.values())

    return _counted(name, root, suite.root, python, tell, true)


def _counted(name: str, room: Path, folder: Path, python: Path, tell: Tell, true) -> _Counted:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a function of findings, which are imported lazily
    from stillwatch.codescan.patch.suggesting import suggest  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.patch.verifying import Bench  # noqa: PLC0415 - as above
    from stillwatch.codescan.prove import Ground, prove  # noqa: PLC0415 - as above
    from stillwatch.codescan.scan import scan  # noqa: PLC0415 - as above

    tell(f"{name}: scanning {folder}")
    cache = room / "cache"
    before = scan(folder, cache=cache)
    known = [*before.findings, *before.refuted]
    proofs = prove(folder, known, python=python, tell=tell, seconds=RUN_SECONDS)
    findings = true([finding for finding in proofs.findings if finding.refuted is None])
    evidence = {one.finding.fingerprint: one for one in proofs.evidence.values()}
    on = Bench(Ground(folder, python, seconds=int(RUN_SECONDS)), before, evidence, cache)
    suggestions = suggest(on, findings, tell)
    broken, undecided = _breaks(on, suggestions)
    return _Counted(
        name,
        Counter(finding.rule for finding in findings),
        Counter(patch.finding.rule for patch in suggestions.patches),
        Counter(patch.finding.rule for patch in suggestions.patches if patch.verified),
        _reasons(suggestions),
        broken,
        undecided,
    )


def _reasons(suggestions: "Suggestions") -> dict[str, Counter[str]]:
    """By rule, why findings have no verified patch: no edit, or the checks that did not pass."""
    reasons: dict[str, Counter[str]] = {}
    for one in suggestions.without:
        reasons.setdefault(one.finding.rule, Counter())["no edit"] += 1
    for patch in suggestions.patches:
        if not patch.verified:
            failed = [f"{check.name}: {check.outcome}" for check in patch.checks if check.outcome != "passed"]
            reasons.setdefault(patch.finding.rule, Counter())["; ".join(failed)] += 1
    return reasons


def _breaks(on: "Bench", suggestions: "Suggestions") -> tuple[tuple[str, ...], int]:
    """Verified patches that answer harmless inputs otherwise which no check has used, one patch a file at a time."""
    from stillwatch.codescan.patch.verifying import answered_alike  # noqa: PLC0415 - needs an extra

    waiting = [patch for patch in suggestions.patches if patch.verified]
    broken, undecided = [], 0
    while waiting:
        now = list({patch.path: patch for patch in reversed(waiting)}.values())
        waiting = [patch for patch in waiting if patch not in now]
        changed = {patch.path: patch.text for patch in now}
        for patch, (outcome, why) in zip(now, answered_alike(on, now, changed, held_out=True), strict=True):
            if outcome == "failed":
                broken.append(f"{patch.finding.rule} in {patch.path}: {why}")
            undecided += outcome == "could not be run"
    return tuple(broken), undecided


def _table(counted: Sequence[_Counted]) -> Table:
    table = Table("code base", "rule", "true findings", "with a patch", "verified", title="Patches")
    for one in counted:
        for rule, count in sorted(one.rules.items()):
            table.add_row(one.name, rule, str(count), str(one.patched[rule]), str(one.verified[rule]))
        table.add_row(
            one.name,
            "all",
            str(one.rules.total()),
            str(one.patched.total()),
            str(one.verified.total()),
            end_section=True,
        )
        for said in one.broken:
            table.add_row(one.name, said, "", "", "BROKEN")
    return table


COMMANDS = {"patches": patches_command}
