"""Composed accounts, gathered as a watch gathers them, and what is found about each."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from stillwatch.access.regions import Gatherer, Ranges, Rules, read_ranges
from stillwatch.access.regions.facts import facts_of
from stillwatch.access.regions.findings import combination_codes
from stillwatch.access.regions.load import parse
from stillwatch.access.regions.scene import scene_of
from stillwatch.access.regions.weighing import findings_of, held
from stillwatch.features.key import SketchKey
from stillwatch.lab.arrays import Ints
from stillwatch.lab.borders.calls import account_table, calls
from stillwatch.lab.borders.people import KINDS, People, people
from stillwatch.lab.borders.setting import setting

NOW = 1_780_000_000_000_000  # microseconds: a day in May 2026
KEY = SketchKey(b"composed accounts on both sides."[:32])
# Accounts of each kind. Evaders are 1 in 20, more than anybody has met, so that what is found of them is measurable.
COUNTS = dict(zip(KINDS, (20_000, 20_000, 20_000, 5_000, 5_000, 3_000, 1_500, 1_900, 150, 450), strict=True))
FEW = 3  # places kept of each account: those that explain it best


@dataclass(frozen=True)
class Gathered:
    """One composed world, and all that `judge` takes."""

    people: People
    accounts: pa.Table
    activity: pa.Table
    rules: Rules
    ranges: Ranges
    exchanges: int


def gather(seed: int, scale: float) -> Gathered:
    """Compose a world and follow it."""
    rng = np.random.default_rng(seed)
    world = setting(rng)
    drawn = people(rng, world, {kind: max(1, round(count * scale)) for kind, count in COUNTS.items()})
    names = pa.array([f"account-{number}" for number in range(len(drawn))])
    with TemporaryDirectory(prefix="stillwatch-borders-") as folder:
        listed = Path(folder) / "ranges.csv"
        listed.write_text(world.ranges, encoding="utf-8")
        ranges = read_ranges([listed])
    gatherer = Gatherer(KEY, ranges=ranges)
    exchanges = 0
    for batch in calls(rng, world, drawn, names, NOW):
        gatherer.observe(batch)
        exchanges += len(batch)
    rules = parse(world.rules.encode(), f"seed {seed}", now=NOW)
    return Gathered(drawn, account_table(drawn, names), gatherer.table(), rules, ranges, exchanges)


def best_findings(world: Gathered) -> Ints:
    """[n, FEW, signals]: what is found about the places that explain each account best."""
    scene = scene_of(world.rules, NOW)
    facts = facts_of(world.accounts, world.activity, scene, None, world.ranges)
    parts = []
    for _, codes in combination_codes(facts, scene, 4096):
        places = np.argsort(-held()[codes], axis=1)[:, :FEW]
        best = np.take_along_axis(codes, places, axis=1)
        parts.append(findings_of(best.reshape(-1)).reshape(len(best), FEW, -1))
    return np.concatenate(parts)
