"""Verdicts on composed accounts on both sides of a regions file: who is found, who is accused, and how fast.

No account is real. The composed ones are followed call by call and gathered as a watch gathers them; the address data
are theirs. A seed is a world: which countries are served, and who lives, travels, works and hides where.
"""

from time import perf_counter

import numpy as np
from rich.table import Table

from stillwatch.access.regions import judge
from stillwatch.access.regions.judge import SUSPECTED
from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.borders.judged import NOW, Gathered, gather
from stillwatch.lab.borders.people import ABROAD, EVADERS, KINDS

FOUND = 0.9  # of evaders, at least
ACCUSED = 1 / 1000  # of those who cross borders and break no rule, at most
STRETCH = 1 / 5000
QUICK_SCALE = 0.2


def measure_regions(tell: Tell, *, seed: int, quick: bool) -> tuple[Figures, list[Floor], list[Table]]:
    """Compose a world, judge everybody in it, and compare with what they are."""
    scale = QUICK_SCALE if quick else 1.0
    tell(f"regions: composing {'a small' if quick else 'a'} world, seed {seed}")
    begun = perf_counter()
    world = gather(seed, scale)
    gathered = perf_counter() - begun
    begun = perf_counter()
    verdicts = judge(world.accounts, world.activity, world.rules, NOW)
    judged = perf_counter() - begun
    tell(f"regions: {len(verdicts):,} accounts judged")
    probability = np.asarray(verdicts["probability"])
    return (
        _figures(world, probability, gathered, judged),
        _floors(world, probability),
        [_table(world, probability)],
    )


def _abroad(world: Gathered) -> np.ndarray:
    kind = world.people.kind
    return (kind >= ABROAD.start) & (kind < ABROAD.stop)


def _floors(world: Gathered, probability: np.ndarray) -> list[Floor]:
    suspected = probability >= SUSPECTED
    return [
        Floor("evaders found", float(suspected[world.people.evades()].mean()), FOUND),
        Floor(
            "travellers, expatriates and others abroad suspected",
            float(suspected[_abroad(world)].mean()),
            ACCUSED,
            at_least=False,
        ),
    ]


def _figures(world: Gathered, probability: np.ndarray, gathered: float, judged: float) -> Figures:
    kind, suspected = world.people.kind, probability >= SUSPECTED
    abroad = np.sort(probability[_abroad(world)])[::-1]
    evading = probability[world.people.evades()]
    return {
        "accounts": len(kind),
        "exchanges": world.exchanges,
        "abroad": len(abroad),
        "suspected_from": SUSPECTED,
        "suspected": {name: float(suspected[kind == number].mean()) for number, name in enumerate(KINDS)},
        "found_where_1_in_1000_abroad_is_suspected": _at(abroad, evading, ACCUSED),
        "found_where_1_in_5000_abroad_is_suspected": _at(abroad, evading, STRETCH),
        "composed_and_gathered_exchanges_a_second": round(world.exchanges / gathered),
        "judged_accounts_a_second": round(len(kind) / judged),
    }


def _at(abroad: np.ndarray, evading: np.ndarray, share: float) -> float:
    """The share of evaders above the probability that so many of those abroad reach."""
    return float(np.mean(evading > abroad[int(len(abroad) * share)]))


def _table(world: Gathered, probability: np.ndarray) -> Table:
    table = Table("composed accounts", title="Regions", title_justify="left")
    for head in ("accounts", "suspected", "in 1,000", "median probability"):
        table.add_column(head, justify="right")
    for number, name in enumerate(KINDS):
        own = probability[world.people.kind == number]
        suspected = int((own >= SUSPECTED).sum())
        table.add_row(
            name,
            f"{len(own):,}",
            f"{suspected:,}",
            f"{1000 * suspected / len(own):.2f}",
            f"{np.median(own):.4f}",
        )
        if number == EVADERS.start - 1:
            table.add_section()
    return table
