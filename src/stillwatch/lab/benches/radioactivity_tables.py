"""The tables of the bench of radioactivity, and from how many tokens on a test is certain."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from rich.table import Table
from scipy.optimize import isotonic_regression

from stillwatch.lab.benches import Figures
from stillwatch.marks.watermark import Evidence


class Met(NamedTuple):
    """One student under the three tests: base-10 logarithms of p, and z of the open one."""

    share: float
    haul: int
    z: float
    bound: float
    sampled: float
    likeliest: float


class Reached(NamedTuple):
    """Tokens after which each test has a p-value; None where no haul that was tried has it."""

    log10_p: float
    open: float | None
    sampled: float | None
    likeliest: float | None
    largest_tried: float

    @classmethod
    def of(cls, climb: Sequence[Met], level: float) -> Self:
        hauls = [one.haul for one in climb]
        ours, sampled, likeliest = (
            tokens_until(hauls, [getattr(one, name) for one in climb], level)
            for name in ("bound", "sampled", "likeliest")
        )
        return cls(level, ours, sampled, likeliest, hauls[-1])


def tokens_until(hauls: Sequence[float], values: Sequence[float], level: float) -> float | None:
    """Where a curve that can only fall with the haul, fitted to base-10 logarithms of p, goes through a level."""
    fitted = isotonic_regression(np.array(values), increasing=False).x
    below = np.flatnonzero(fitted <= level)
    if not len(below):
        return None
    at = int(below[0])
    if at == 0:
        return float(hauls[0])
    part = (level - fitted[at - 1]) / (fitted[at] - fitted[at - 1])
    return float(np.exp(np.log(hauls[at - 1]) + part * (np.log(hauls[at]) - np.log(hauls[at - 1]))))


def false_table(uniform: Figures) -> Table:
    rates = uniform["rates"]
    assert isinstance(rates, dict)
    table = Table(
        "level",
        "rank",
        "normal",
        "bound",
        title=f"Share of {uniform['keys']:,} innocent keys at or below a level",
    )
    for level, one in rates.items():
        table.add_row(level, *(f"{one[name]:.4f}" for name in ("rank", "normal", "bound")))
    return table


def held_table(share: float, deep: dict[str, list[Evidence]]) -> Table:
    headings = ("rest of the text", "z", "log10 p bound", "Hoeffding", "normal", "rank")
    table = Table(*headings, title=f"Share {share:g}, each seed")
    for name, found in deep.items():
        for one in found:
            cells = (one.log10_p_bound, one.log10_p_hoeffding, one.log10_p_normal, one.log10_p_rank or 0.0)
            table.add_row(name, f"{one.z or 0:.2f}", *(f"{value:.1f}" for value in cells))
    return table


def power_table(met: Sequence[Met]) -> Table:
    table = Table("share", "tokens", title="Power: log10 p; share 0.05 is the median of the seeds")
    for heading in ("open z", "open, by bound", "counting sampled", "counting likeliest"):
        table.add_column(heading, justify="right")
    for one in sorted(set(met)):
        cells = (one.bound, one.sampled, one.likeliest)
        table.add_row(
            f"{one.share:g}", f"{one.haul:,.0f}", f"{one.z:.2f}", *(f"{value:.1f}" for value in cells)
        )
    return table


def reached_table(share: float, reached: Sequence[Reached]) -> Table:
    table = Table("log10 p", title=f"Tokens of training after which it is reached, share {share:g}")
    for heading in ("open, by bound", "counting sampled", "counting likeliest", "times fewer"):
        table.add_column(heading, justify="right")
    for one in reached:
        more = f"more than {one.largest_tried:,.0f}"
        cells = [
            more if value is None else f"{value:,.0f}" for value in (one.open, one.sampled, one.likeliest)
        ]
        times = "-" if one.open is None else f"{(one.sampled or one.largest_tried) / one.open:.0f}"
        table.add_row(f"{one.log10_p:g}", *cells, times if one.sampled else f"over {times}")
    return table
