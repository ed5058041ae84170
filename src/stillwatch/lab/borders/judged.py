"""Composed accounts, gathered as a watch gathers them, and what is found about each."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from stillwatch.access.regions import Gatherer, Rules, read_ranges, sightings, signed_up
from stillwatch.access.regions.load import parse
from stillwatch.features.key import SketchKey
from stillwatch.lab.arrays import Rng
from stillwatch.lab.borders.calls import account_table, calls
from stillwatch.lab.borders.people import KINDS, People, people
from stillwatch.lab.borders.setting import Setting, setting
from stillwatch.lab.places import CLOCKS

NOW = 1_780_000_000_000_000  # microseconds: a day in May 2026
KEY = SketchKey(b"composed accounts on both sides."[:32])
# Accounts of each kind. Evaders are 1 in 20, more than anybody has met, so that what is found of them is measurable.
COUNTS = dict(zip(KINDS, (20_000, 20_000, 20_000, 5_000, 5_000, 3_000, 1_500, 1_900, 150, 450), strict=True))

OPENLY = {"declared": 0.4, "payment": 0.5, "phone": 0.7, "signup": 0.65}  # records that name where they are


@dataclass(frozen=True)
class Gathered:
    """One composed world, and all that `judge` takes."""

    people: People
    accounts: pa.Table
    activity: pa.Table
    rules: Rules
    exchanges: int


def gather(seed: int, scale: float) -> Gathered:
    """Compose a world and follow it."""
    rng = np.random.default_rng(seed)
    world = setting(rng)
    return _followed(
        rng, world, people(rng, world, {kind: max(1, round(n * scale)) for kind, n in COUNTS.items()})
    )


def gather_open(seed: int, size: int) -> Gathered:
    """People in the unsupported countries of a world who hide nothing: nobody told them, or nobody minded.

    A card or number of another place is needed all the same where none of their own is taken.
    """
    rng = np.random.default_rng(seed)
    world = setting(rng)
    rng = np.random.default_rng((seed, size))
    drawn = people(rng, world, {"evader, careless": size})
    drawn.slips[:] = 1.0
    drawn.clock = CLOCKS[drawn.lives]
    drawn.signup_veiled[:] = False
    for name, own in OPENLY.items():
        said = getattr(drawn, name)
        setattr(drawn, name, np.where((said >= 0) & (rng.random(size) < own), drawn.lives, said))
    drawn.thin &= drawn.payment != drawn.lives
    drawn.virtual &= drawn.phone != drawn.lives
    return _followed(rng, world, drawn)


def _followed(rng: Rng, world: Setting, drawn: People) -> Gathered:
    names = pa.array([f"account-{number}" for number in range(len(drawn))])
    with TemporaryDirectory(prefix="stillwatch-borders-") as folder:
        listed = Path(folder) / "ranges.csv"
        listed.write_text(world.ranges, encoding="utf-8")
        ranges = read_ranges([listed])
    gatherer = Gatherer()
    exchanges = 0
    for batch in calls(rng, world, drawn, names, NOW):
        gatherer.observe(sightings(batch, KEY, ranges=ranges))
        exchanges += len(batch)
    rules = parse(world.rules.encode(), "composed", now=NOW)
    accounts = signed_up(account_table(drawn, names), ranges=ranges)
    return Gathered(drawn, accounts, gatherer.table(), rules, exchanges)
