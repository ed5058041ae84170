"""Operators: how many accounts each has, and what each does from its first sign-up to its last call."""

import math
from collections.abc import Collection

from stillwatch.lab.outside.operators.bans import apply_bans
from stillwatch.lab.outside.operators.cover import hide
from stillwatch.lab.outside.operators.crew import Crew
from stillwatch.lab.outside.operators.harvest import harvest
from stillwatch.lab.outside.operators.kinds import KINDS
from stillwatch.lab.outside.operators.phrasing import Phrasing
from stillwatch.lab.outside.operators.shifts import Shifts
from stillwatch.lab.outside.operators.ways import draw_ways
from stillwatch.lab.outside.workload import Kept
from stillwatch.lab.outside.world import World

FEWEST, MOST = 25, 300  # accounts of an operator
FEWEST_AT_FULL_SIZE = 40
SHARE = (0.036, 0.049)  # of all accounts that are operators'

Styles = dict[str, dict[str, object]]
"""By operator, its ways as they are told beside the truth."""


def operate(world: World, chosen: Collection[str]) -> Styles:
    """Let the operators of the chosen kinds do their work."""
    rng = world.rng
    total = world.size * rng.uniform(*SHARE)
    weights = {name: kind.size * math.exp(rng.gauss(0, 0.3)) for name, kind in KINDS.items()}
    fewest = max(FEWEST, int(FEWEST_AT_FULL_SIZE * min(1, world.scale)))
    names = list(KINDS)
    rng.shuffle(names)
    names.sort(key=lambda name: name == "trace-cleaning")  # it cleans what the others captured
    captured: Kept = []
    styles: Styles = {}
    for name in names:
        if name in chosen:
            wanted = round(total * weights[name] / sum(weights.values()))
            styles[f"op-{name}"] = _run(world, name, max(fewest, min(MOST, wanted)), captured)
    return styles


def _run(world: World, name: str, count: int, captured: Kept) -> dict[str, object]:
    ways = draw_ways(world, name, count)
    crew = Crew(world, ways, count)
    waves = apply_bans(crew)
    banned = sum(worker.account.ban is not None for worker in crew.workers)
    phrasing = Phrasing(crew)
    shifts = Shifts(crew)
    settings = harvest(crew, phrasing, shifts, captured)
    hide(crew, phrasing, shifts, settings)
    return ways.style() | {"ban_waves": [round(day, 1) for day in waves], "banned": banned}


__all__ = ["KINDS", "operate"]
