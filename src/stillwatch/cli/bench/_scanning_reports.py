"""Reports of the scanner's benches: figures, floors and tables made of what `codescan.measure` measures."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from rich.markup import escape
from rich.table import Table

from stillwatch.codescan.finding import Finding
from stillwatch.codescan.measure import calibration, corpus, judge, noise, peers, speed
from stillwatch.codescan.measure.calibration import Calibration
from stillwatch.codescan.measure.compose import QUICK_SHAPES_EACH, SHAPES_EACH, compose
from stillwatch.codescan.measure.errors import CannotRun
from stillwatch.codescan.measure.judge import Judged
from stillwatch.codescan.measure.mutate import Mutated, mutated
from stillwatch.codescan.measure.running.observe import Interpreter, observe
from stillwatch.codescan.measure.scoring import Hit
from stillwatch.codescan.measure.suite import Case, Suite, read
from stillwatch.codescan.prove import CannotRun as CannotRunCode
from stillwatch.codescan.prove import prove
from stillwatch.codescan.scan import scan
from stillwatch.lab.benches import Figures, Floor, Report, Tell

OURS, PROVED = "Stillwatch", "Stillwatch, run"
MACRO = 0.70  # of J without running anything; the best peer has .21 on the OWASP suite
MACRO_RUN = 0.80  # with findings run in the sandbox
RUN_SECONDS = 1_800.0  # for all runs of one suite
DROP = 0.10
ALERTS = 3.0  # of high confidence in 100,000 lines of clean code
COVERED = 0.99  # of files
COLD_SECONDS, INCREMENTAL_SECONDS = 120.0, 10.0  # per 100,000 lines, on two cores
PEAK_GIBIBYTES = 3.0
QUICK_CASES = 120  # of a suite that is given


@dataclass(frozen=True)
class Asked:
    """What is to be measured: a suite's folder or the seed of one of ours; no peers if there is no setting."""

    suite: Path | None
    composed: int | None
    mutated: int | None
    python: Path | None
    peers: peers.Setting | None
    quick: bool
    run: bool = False


@dataclass
class _Found:
    """Results so far, on the suite (`where` is "original") and on its copy ("mutated")."""

    judged: dict[str, dict[str, Judged]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    calibrated: dict[str, Calibration | None] = field(default_factory=dict)

    def add(self, where: str, judged: Judged) -> None:
        self.judged.setdefault(where, {})[judged.name] = judged


def found_report(root: Path, asked: Asked, tell: Tell) -> Report:
    """Measure on a suite, and on a copy of it in other words where one is asked for."""
    figures: Figures = {}
    suite = _suite(root, asked, figures, tell)
    found = _Found()
    _ask(found, "original", suite, asked, tell)
    floors = [Floor("macro J, nothing run", found.judged["original"][OURS].score.macro, MACRO)]
    if asked.run:
        floors.append(Floor("macro J, findings run", found.judged["original"][PROVED].score.macro, MACRO_RUN))
    tables = [_categories(found.judged["original"], found.missing, "By category: J with 95 %")]
    if asked.mutated is not None:
        copy = mutated(suite, root / "mutated", asked.mutated, Interpreter.checked(asked.python), tell)
        _ask(found, "mutated", copy.suite, asked, tell)
        drops = _drops(suite, found, copy)
        floors.append(Floor("drop of macro J on the mutated copy", drops[OURS], DROP, at_least=False))
        figures["mutants"] = {"by_category": _kept(suite, copy), "dropped": copy.dropped}
        figures["drop"] = drops
        tables.append(_categories(found.judged["mutated"], found.missing, "On the mutated copy"))
        tables.append(_mutants(suite, copy, drops))
    figures["judged"] = {
        where: {name: _figures(one) for name, one in all_judged.items()}
        for where, all_judged in found.judged.items()
    }
    figures["missing"] = found.missing
    figures["calibration"] = {
        where: _calibration_figures(one) for where, one in found.calibrated.items() if one is not None
    }
    tables.extend(_calibration(where, one) for where, one in found.calibrated.items() if one is not None)
    seeds = [seed for seed in (asked.composed, asked.mutated) if seed is not None]
    return Report("codescan", figures, floors, seeds, tables)


def _suite(root: Path, asked: Asked, figures: Figures, tell: Tell) -> Suite:
    if asked.suite is not None:
        suite = read(asked.suite)
        return Suite(suite.root, _thinned(suite.cases), suite.folder) if asked.quick else suite
    assert asked.composed is not None
    folder = root / "composed"
    if folder.exists():
        rmtree(folder)
    ours = compose(folder, asked.composed, QUICK_SHAPES_EACH if asked.quick else SHAPES_EACH)
    names = [case.name for case in ours.suite.cases]
    tell(f"running {len(names):,} cases to check their labels")
    try:
        python = Interpreter.checked(asked.python)
    except CannotRun as error:
        tell(str(error))
        figures["labels"] = {"checked": 0, "not_checked_because": str(error)}
        return ours.suite
    wrong = ours.contradictions(observe(ours.suite, names, python))
    figures["labels"] = {"checked": len(names), "contradicted": wrong}
    return Suite(folder, [case for case in ours.suite.cases if case.name not in wrong], ours.suite.folder)


def _thinned(cases: Sequence[Case]) -> list[Case]:
    """Every so manieth case of each category and label, so that all are there."""
    ordered = sorted(cases, key=lambda case: (case.category, case.vulnerable, case.name))
    return sorted(ordered[:: max(1, len(ordered) // QUICK_CASES)])


def _ask(found: _Found, where: str, suite: Suite, asked: Asked, tell: Tell) -> None:
    tell(f"{OURS} on {len(suite.cases):,} cases ({where})")
    standing: list[Finding] = []
    found.add(where, judge.measure(suite, OURS, lambda root: _hits(root, standing)))
    found.calibrated[where] = calibration.measure(suite, standing)
    if asked.run:
        tell(f"running what was found ({where})")
        found.add(where, judge.measure(suite, PROVED, lambda root: _proved_hits(root, asked, tell)))
    for peer in peers.catalogue() if asked.peers is not None else ():
        tell(f"{peer.name} ({where})")
        assert asked.peers is not None
        said = judge.measure_peer(suite, peer, asked.peers)
        if isinstance(said, peers.Missing):
            found.missing[peer.name] = said.reason
        else:
            found.add(where, said)


def _hits(root: Path, standing: list[Finding]) -> list[Hit]:
    standing.extend(scan(root).findings)
    return [Hit(finding.location.path, finding.cwe) for finding in standing]


def _proved_hits(root: Path, asked: Asked, tell: Tell) -> list[Hit]:
    try:
        proofs = prove(
            root,
            scan(root).findings,
            python=asked.python or Path(sys.executable),
            tell=tell,
            seconds=RUN_SECONDS,
            open_ground=True,
        )
    except CannotRunCode as error:
        raise CannotRun(str(error)) from None
    return [Hit(one.location.path, one.cwe) for one in proofs.findings if one.refuted is None]


def _drops(suite: Suite, found: _Found, copy: Mutated) -> dict[str, float]:
    original, mutant = found.judged["original"], found.judged["mutated"]
    return {
        name: judge.drop(suite, original[name], mutant[name], copy.suite.cases, dict(copy.originals))
        for name in original
        if name in mutant
    }


def _kept(suite: Suite, copy: Mutated) -> dict[str, list[int]]:
    """Mutants kept and cases there were, by category."""
    kept = Counter(case.category for case in copy.suite.cases)
    return {
        category: [kept[category], count]
        for category, count in sorted(Counter(case.category for case in suite.cases).items())
    }


def _figures(judged: Judged) -> Figures:
    return {
        "version": judged.version,
        "seconds": judged.seconds,
        "files_not_read": judged.skipped,
        "macro_j": judged.score.macro,
        "macro_j_95": list(judged.score.macro_interval),
        "categories": {
            category: {
                "true_positives": rates.true_positives,
                "positives": rates.positives,
                "false_positives": rates.false_positives,
                "negatives": rates.negatives,
                "j": rates.youden,
                "j_95": list(rates.interval),
            }
            for category, rates in judged.score.rates.items()
        },
    }


def _categories(judged: dict[str, Judged], missing: dict[str, str], title: str) -> Table:
    table = Table(title=title)
    table.add_column("category")
    table.add_column("true/false", justify="right")
    for name in [*judged, *missing]:
        table.add_column(name, justify="right")
    absent = ["missing"] * len(missing)
    for category, rates in judged[OURS].score.rates.items():
        cells = [f"{one.score.rates[category].youden:.2f} {_span(one, category)}" for one in judged.values()]
        table.add_row(category, f"{rates.positives}/{rates.negatives}", *cells, *absent)
    table.add_section()
    means = [
        f"{one.score.macro:.3f} [{one.score.macro_interval[0]:.2f}, {one.score.macro_interval[1]:.2f}]"
        for one in judged.values()
    ]
    table.add_row("macro mean", "", *means, *absent)
    table.add_row("seconds", "", *(f"{one.seconds:.1f}" for one in judged.values()), *absent)
    table.add_row("files not read", "", *(str(one.skipped) for one in judged.values()), *absent)
    for name, reason in missing.items():
        table.caption = f"{table.caption or ''}{name} is missing: {escape(reason)}. "
    return table


def _calibration_figures(calibrated: Calibration) -> Figures:
    return {
        "brier": calibrated.brier,
        "expected_calibration_error": calibrated.error,
        "bins": [
            {
                "from": one.low,
                "to": one.high,
                "findings": one.findings,
                "true": one.true,
                "mean_confidence": one.confidence,
                "share_true_95": list(one.interval),
            }
            for one in calibrated.bins
        ],
    }


def _calibration(where: str, calibrated: Calibration) -> Table:
    table = Table(title=f"Confidence and truth ({where})")
    for name in ("confidence", "findings", "mean confidence", "true", "95 %"):
        table.add_column(name, justify="right")
    for one in calibrated.bins:
        table.add_row(
            f"{one.low:.1f} to {one.high:.1f}",
            str(one.findings),
            f"{one.confidence:.2f}",
            f"{one.true / one.findings:.2f}",
            f"[{one.interval[0]:.2f}, {one.interval[1]:.2f}]",
        )
    table.caption = (
        f"Expected calibration error {calibrated.error:.3f}, Brier score {calibrated.brier:.3f}. About half of a suite's cases "
        "are true; of what real code has of the same form fewer are."
    )
    return table


def _span(judged: Judged, category: str) -> str:
    low, high = judged.score.rates[category].interval
    return f"[{low:.2f}, {high:.2f}]"


def _mutants(suite: Suite, copy: Mutated, drops: dict[str, float]) -> Table:
    table = Table("category", "mutants kept", "of", title="Mutants that behaved like their originals")
    for category, (kept, count) in _kept(suite, copy).items():
        table.add_row(category, str(kept), str(count))
    table.caption = "Drop of macro J: " + ", ".join(f"{name} {drop:.3f}" for name, drop in drops.items())
    return table


def noise_report(root: Path, paths: Sequence[Path], names: Sequence[str], tell: Tell) -> Report:
    """Scan each folder, fetched ones where none is given."""
    folders = list(paths) or corpus.fetched(root, names, tell)
    measured = []
    for folder in folders:
        tell(f"scanning {folder.name}")
        measured.append(noise.measure(folder, scan))
    alerts, covered = noise.per_100_000(measured), noise.coverage(measured)
    figures: Figures = {
        "alerts_per_100000_lines": alerts,
        "coverage_of_files": covered,
        "folders": [
            {
                "name": one.folder.name,
                "lines": one.lines,
                "files": one.files,
                "analysed": one.analysed,
                "of_lower_confidence": one.others,
                "alerts": [
                    f"{alert.location.path}:{alert.location.line} {alert.rule} {alert.confidence:.2f}"
                    for alert in one.alerts
                ],
            }
            for one in measured
        ],
    }
    floors = [
        Floor("alerts of high confidence per 100,000 lines", alerts, ALERTS, at_least=False),
        Floor("files analysed", covered, COVERED),
    ]
    table = Table("folder", "lines", "alerts", "of lower confidence", "files", title="Alerts on clean code")
    for one in measured:
        table.add_row(
            one.folder.name,
            f"{one.lines:,}",
            str(len(one.alerts)),
            str(one.others),
            f"{one.analysed}/{one.files}",
        )
    return Report("codescan-noise", figures, floors, [], [table])


def speed_report(root: Path, paths: Sequence[Path], lines: int, tell: Tell) -> Report:
    """Scan copies of the folders, fetched ones where none is given, until there are enough lines."""
    folders = list(paths) or corpus.fetched(root, corpus.PACKAGES, tell)
    code = root / "code"
    rmtree(code, ignore_errors=True)
    copied = corpus.gathered(folders, code, lines)
    tell(f"scanning {copied:,} lines twice")
    done = speed.measure(code, root)
    cold, again = done.per_100_000(done.cold), done.per_100_000(done.incremental)
    peak = None if done.peak_bytes is None else done.peak_bytes / 2**30
    figures: Figures = {
        "lines": done.cold.lines,
        "files": done.cold.files,
        "cold_seconds_per_100000_lines": cold,
        "incremental_seconds_per_100000_lines": again,
        "peak_gibibytes": peak,
    }
    floors = [
        Floor("cold seconds per 100,000 lines", cold, COLD_SECONDS, at_least=False),
        Floor("incremental seconds per 100,000 lines", again, INCREMENTAL_SECONDS, at_least=False),
        Floor("peak GiB, children included", peak, PEAK_GIBIBYTES, at_least=False),
    ]
    table = Table("scan", "seconds", "seconds per 100,000 lines", title=f"{done.cold.lines:,} lines")
    table.add_row("cold", f"{done.cold.seconds:.1f}", f"{cold:.1f}")
    table.add_row("one file changed", f"{done.incremental.seconds:.1f}", f"{again:.1f}")
    return Report("codescan-speed", figures, floors, [], [table])
