"""The weights of evidence: fitted on three simulators that know nothing of each other, and checked on each by the others.

Each log is played through the loop without looks; at several moments every cluster, every true
operator's accounts, every look-alike cohort and a sample of natural groups is scored by all detectors.
A ridge logistic regression with weights at zero or above separates operators from the rest.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pyarrow.parquet as pq
from rich.table import Table
from scipy.optimize import minimize

from stillwatch.campaigns import alibi
from stillwatch.campaigns.docket import FEWEST
from stillwatch.campaigns.reference import reference_groups
from stillwatch.campaigns.verdict import judge
from stillwatch.campaigns.weights import HIGHEST, LOWEST, MOST_EXCUSED, Weights
from stillwatch.detectors import catalogue
from stillwatch.features.key import SketchKey
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.lab import elsewhere, outside
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.simulate import simulate
from stillwatch.lab.world import World
from stillwatch.linking.clusters import find_clusters
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.population import eligible
from stillwatch.linking.scene import Scene
from stillwatch.runtime.ingest import Settings, find_log, ingest
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play

START = 1_772_409_600_000_000  # 2026-03-02, microseconds
DAYS = 28
MOMENTS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # shares of a log at which its groups are scored
ELSEWHERE, OUTSIDE = 700_000, 900_000  # accounts of the other simulators at scale 1
NATURAL = 40  # natural groups of a moment that are kept
RIDGE = 0.03  # a group
MOST = 0.5  # nats a standard score: no detector decides alone, so what one world has in plenty counts little in another
TILT = 3.0
MIXED, PURE = 0.2, 0.7  # shares of operators' accounts between which a group is neither


class Scored(msgspec.Struct, frozen=True):
    """One group at one moment: standard scores by detector, and what it truly is."""

    simulator: str
    log: str
    name: str
    guilty: bool
    scores: dict[str, float]


def logs(root: Path, first_seed: int, count: int, scale: float, tell: Tell) -> Iterator[tuple[str, Path]]:
    """Simulated logs of all simulators, with operators and without."""
    for number in range(count):
        for scenario in ("all", "benign"):
            seed = first_seed + 2 * number + (scenario == "benign")
            tell(f"simulating {scenario}, seed {seed}")
            here = root / f"here-{seed}"
            world = World(seed=seed, start=START, days=DAYS, scale=scale)
            simulate(world, scenario, here, progress=lambda _slice, _accounts: None)
            yield "lab", here
            there = root / f"elsewhere-{seed}"
            elsewhere.write_log(there, seed=seed, accounts=int(ELSEWHERE * scale), days=21, scenario=scenario)
            yield "elsewhere", there
            beyond = root / f"outside-{seed}"
            outside.write_log(beyond, seed=seed, accounts=int(OUTSIDE * scale), days=21, scenario=scenario)
            yield "outside", beyond


def scored(simulator: str, log: Path, tell: Tell) -> list[Scored]:
    """All groups of a log at all moments."""
    tell(f"scoring {log.name}")
    with TemporaryDirectory() as scratch:
        sketches = SketchLog(Path(scratch))
        settings = Settings(SketchKey(b"weights of the evidence, fitted "))
        intake = ingest(find_log([log]), sketches, Path(scratch) / "rejected.jsonl", settings)
        loop = Loop(settings.key, fdr=1.0)
        ticks = sketches.ticks()
        moments = {ticks[int(share * len(ticks)) - 1] for share in MOMENTS}
        out: list[Scored] = []

        def look(tick: int) -> None:
            if tick in moments:
                out.extend(_groups(simulator, log, loop, loop.scene((tick + 1) * TICK)))

        play(loop, sketches, intake.accounts, intake.events, then=look)
    return out


def _groups(simulator: str, log: Path, loop: Loop, scene: Scene) -> list[Scored]:
    accounts = len(scene.ledger)
    operator, cohort = _truth(log, loop)
    seen = eligible(scene.ledger, scene.exchanges)
    clusters = [cluster.accounts for cluster in find_clusters(scene.table)]
    suspects = np.zeros(accounts, bool)
    for cluster in clusters:
        suspects[cluster] = True
    sets = list(clusters)
    for truth in (operator, cohort):
        names = sorted(set(truth[seen]) - {""})
        sets += [np.flatnonzero((truth == name) & seen) for name in names]
    sets = [members for members in sets if len(members) >= FEWEST]
    reference = reference_groups(scene.table, suspects, scene.first)
    verdicts = judge(loop.detectors, sets, reference, scene, Weights(0, {}, 1, 0, ""))
    natural = range(0, len(reference.groups), max(1, len(reference.groups) // NATURAL))
    out = []
    for row in [*range(len(sets)), *(len(sets) + number for number in natural)]:
        known = row < len(sets)
        members = sets[row] if known else reference.groups.set_of(row - len(sets))
        family = -1 if known else int(reference.family[row - len(sets)])
        share = float((operator[members] != "").mean())
        if MIXED <= share <= PURE or (not known and share > 0):
            continue
        who = np.where(operator[members] != "", operator[members], cohort[members])
        kinds, counts = np.unique(who, return_counts=True)
        name = (str(kinds[counts.argmax()]).rstrip("0123456789") or "ordinary") if known else "natural"
        scores = {
            testimony.detector: float(testimony.calibrated.score[row])
            for testimony in verdicts.testimonies
            if not (testimony.kind in FAMILIES and FAMILIES.index(testimony.kind) == family)
            and not (testimony.detector == alibi.NAME and family in alibi.OF_CAUSES)
        }
        out.append(Scored(simulator, log.name, name, share > PURE, scores))
    return out


def _truth(log: Path, loop: Loop) -> tuple[np.ndarray, np.ndarray]:
    table = pq.read_table(log / "truth" / "accounts.parquet").to_pydict()
    operator = np.full(len(loop.ledger), "", object)
    cohort = np.full(len(loop.ledger), "", object)
    rows = zip(table["account_id"], table["cohort"], table["hard_negative"], table["operator"], strict=True)
    for name, kind, alike, runs in rows:
        code = loop.ledger.lookup(name)
        if code is not None:
            operator[code], cohort[code] = runs or "", kind if alike and not runs else ""
    return operator, cohort


def matrix(groups: Sequence[Scored], detectors: Sequence[str]) -> np.ndarray:
    """Scores [groups, detectors] as the verdict uses them."""
    raw = np.nan_to_num([[group.scores.get(name, np.nan) for name in detectors] for group in groups])
    excuses = np.array([name == alibi.NAME for name in detectors])
    out: np.ndarray = np.clip(raw, np.where(excuses, 0.0, LOWEST), np.where(excuses, MOST_EXCUSED, HIGHEST))
    return out


def importance(groups: Sequence[Scored]) -> np.ndarray:
    """A weight for each group: cohorts count by the root of their number, each simulator's guilt half of all innocence."""
    names = [f"{group.simulator}/{group.guilty}/{group.name}" for group in groups]
    _, which, counts = np.unique(names, return_inverse=True, return_counts=True)
    out = 1 / np.sqrt(counts[which])
    guilty = np.array([group.guilty for group in groups])
    for simulator in sorted({group.simulator for group in groups}):
        mine = guilty & np.array([group.simulator == simulator for group in groups])
        out[mine] *= 0.5 * out[~guilty].sum() / max(out[mine].sum(), 1e-9)
    scaled: np.ndarray = out * len(out) / out.sum()
    return scaled


def fit(scores: np.ndarray, guilty: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Intercept and weights that minimise the ridge logistic loss.

    Weights are from zero to MOST; that of the last column, the excuse, is from -MOST to zero.
    """
    sign, ridge = np.where(guilty, 1.0, -1.0), RIDGE * len(guilty)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (scores @ parameters[1:] + parameters[0])
        slope = -sign * weight / (1 + np.exp(np.clip(margin, -500, 500)))
        value = (weight * np.logaddexp(0, -margin)).sum() + ridge * (parameters[1:] ** 2).sum() / 2
        return float(value), np.append(slope.sum(), scores.T @ slope + ridge * parameters[1:])

    start = np.append(-1.0, np.full(scores.shape[1], 0.1))
    bounds = [(None, None)] + [(0.0, MOST)] * (scores.shape[1] - 1) + [(-MOST, 0.0)]
    out: np.ndarray = minimize(loss, start, jac=True, bounds=bounds).x
    return out


def left_out(scores: np.ndarray, guilty: np.ndarray, weight: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Each group's log likelihood ratio under weights that were fitted without its block."""
    out = np.zeros(len(guilty))
    for block in np.unique(blocks):
        held = blocks == block
        parameters = fit(scores[~held], guilty[~held], weight[~held])
        out[held] = scores[held] @ parameters[1:] + parameters[0]
    return out


def separation(ratio: np.ndarray, guilty: np.ndarray) -> float:
    """Probability that a guilty group scores above an innocent one (area under the ROC curve)."""
    order = np.argsort(np.argsort(ratio, kind="stable")) + 1
    count = int(guilty.sum())
    return float((order[guilty].sum() - count * (count + 1) / 2) / (count * (len(guilty) - count)))


def measure(root: Path, count: int, first_seed: int, scale: float, tell: Tell, write: Path | None) -> Report:
    """Fit on `count` pairs of logs of each simulator; with `write`, put the weights there."""
    groups = [
        group
        for simulator, log in logs(root, first_seed, count, scale, tell)
        for group in scored(simulator, log, tell)
    ]
    detectors = [*sorted(catalogue()), alibi.NAME]
    scores = matrix(groups, detectors)
    guilty = np.array([group.guilty for group in groups])
    weight = importance(groups)
    parameters = fit(scores, guilty, weight)
    by_log = left_out(scores, guilty, weight, np.array([group.simulator + group.log for group in groups]))
    by_simulator = left_out(scores, guilty, weight, np.array([group.simulator for group in groups]))
    offset = -float(np.log(np.exp(TILT * by_log[~guilty]).mean()))
    seeds = list(range(first_seed, first_seed + 2 * count))
    fitted = Weights(
        intercept=round(float(parameters[0]), 4),
        weight={name: round(float(value), 4) for name, value in zip(detectors, parameters[1:], strict=True)},
        tilt=TILT,
        offset=round(offset, 4),
        fitted_on=f"{len(groups)} groups of simulated logs, three simulators, seeds {seeds[0]} to {seeds[-1]}, scale {scale:g}",
    )
    if write is not None:
        write.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")
    figures: Figures = {
        "groups": len(groups),
        "guilty": int(guilty.sum()),
        "separation_log_left_out": round(separation(by_log, guilty), 4),
        "separation_simulator_left_out": round(separation(by_simulator, guilty), 4),
        "mean_e_value_innocent_log_left_out": round(float(np.exp(TILT * by_log[~guilty] + offset).mean()), 4),
    }
    table = Table("detector", "weight", title="Weights of evidence")
    for name, value in sorted(fitted.weight.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{value:.3f}")
    worst = Table(
        "innocent group",
        "log likelihood ratio",
        "log",
        title="Innocent groups nearest to guilt (log left out)",
    )
    for row in np.argsort(np.where(guilty, -np.inf, by_log))[::-1][:12]:
        worst.add_row(groups[row].name, f"{by_log[row]:.1f}", groups[row].log)
    floors = [
        Floor("separation, log left out", separation(by_log, guilty), 0.98),
        Floor("separation, simulator left out", separation(by_simulator, guilty), 0.9),
    ]
    return Report("weights", figures, floors, seeds, [table, worst])
