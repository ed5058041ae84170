"""Whether published training runs lie inside the ranges that a brief gives for hauls of their size.

Each anchor is met as a brief meets a haul: by its tokens, or by its number of samples where its tokens are not
published. What else was published of it (parameters, epochs, chips) is not shown to the model, only compared. The
priors rest on other sources and were written down before the anchors were first compared; a test holds that no prior
cites an anchor.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.sharing.brief import SEED, Haul, Model, Range, anchors
from stillwatch.sharing.brief.compute import Numbers, range_of
from stillwatch.sharing.brief.reference import Anchor

STEADY = 0.05  # of P50 between seeds


class Comparison(NamedTuple):
    """A published number against the range for it; `place` is the share of draws below it."""

    anchor: str
    unit: str
    published: float
    predicted: Range
    place: float

    @property
    def inside(self) -> bool:
        return self.predicted.p10 <= self.published <= self.predicted.p90


def measure(seeds: int, draws: int, tell: Tell) -> Report:
    """Compare every anchor under every seed; all must be inside under each."""
    chosen = [SEED + number for number in range(seeds)]
    tell(f"{len(anchors())} anchors, {draws:,} draws, {seeds} seeds")
    found = [compared(Model(seed=seed, draws=draws)) for seed in chosen]
    outside = sum(not one.inside for each in found for one in each)
    spread = _spread(found)
    figures: Figures = {
        "draws": draws,
        "anchors": [
            {
                "anchor": one.anchor,
                "unit": one.unit,
                "published": one.published,
                **one.predicted._asdict(),
                "place": round(one.place, 3),
                "width": round(one.predicted.p90 / one.predicted.p10, 1),
            }
            for one in found[0]
        ],
        "spread_of_p50": spread,
    }
    floors = [
        Floor("published numbers outside P10 to P90", outside, 0, at_least=False),
        Floor("published numbers compared", len(found[0]), len(anchors())),
        Floor("largest spread of P50 between seeds", spread, STEADY, at_least=False),
    ]
    return Report("compute", figures, floors, chosen, [_table(found[0])])


def compared(model: Model) -> list[Comparison]:
    """Every published number against what the model says of a haul of that size."""
    out = []
    for anchor in anchors():
        hours = _hours(model, anchor)
        out.append(_comparison(anchor, f"{anchor.chip} hours", anchor.chip_hours, hours))
        if anchor.flop is not None:
            out.append(_comparison(anchor, "operations", anchor.flop, model.fed(_haul(anchor))))
    return out


def _haul(anchor: Anchor) -> Haul:
    """A published set is what was kept: nothing of it was thrown away after."""
    return Haul(anchor.tokens, anchor.exchanges, whole=True)


def _hours(model: Model, anchor: Anchor) -> Numbers:
    match anchor.what:
        case "fed":
            return model.fed_hours(_haul(anchor), anchor.chip)
        case "sampling":
            return model.sampling_hours(_haul(anchor), anchor.chip)
        case "teacher":
            return model.teacher_hours(anchor.chip)


def _comparison(anchor: Anchor, unit: str, published: float, drawn: Numbers) -> Comparison:
    return Comparison(anchor.name, unit, published, range_of(drawn), float(np.mean(drawn < published)))


def _spread(found: Sequence[Sequence[Comparison]]) -> float:
    """How far P50 of one anchor lies apart between seeds, at most, as a share of it."""
    middles = np.array([[one.predicted.p50 for one in each] for each in found])
    return float(np.max(np.ptp(middles, axis=0) / np.median(middles, axis=0)))


def _table(found: Sequence[Comparison]) -> Table:
    table = Table(
        "anchor", "unit", title="Published training runs against P10, P50 and P90 for hauls of their size"
    )
    for name in ("published", "P10", "P50", "P90", "draws below"):
        table.add_column(name, justify="right")
    table.add_column("inside")
    for one in found:
        numbers = (one.published, *one.predicted)
        cells = [f"{value:.3g}" for value in numbers]
        table.add_row(one.anchor, one.unit, *cells, f"{one.place:.2f}", "yes" if one.inside else "NO")
    return table
