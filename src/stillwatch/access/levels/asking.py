"""Which ask meets each account: its bands, as numbers, look one up that was worked out for every combination before."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.levels.lint import cells
from stillwatch.access.levels.policy import LevelPolicy

NOBODY = -1


def asks(policy: LevelPolicy, facts: pa.Table, verdicts: pa.Table) -> np.ndarray:
    """For each row of `facts` (schema FACTS) the number of the ask that meets it, NOBODY for none.

    `verdicts` has the columns account_id, state, probability and capability; the first row of an account counts.
    """
    at = pc.index_in(facts["account_id"], verdicts["account_id"])
    held = {name: pc.take(verdicts[name], at) for name in ("state", "probability", "capability")}
    shape = (len(policy.tiers), len(policy.volumes), len(policy.risks), len(policy.regions))
    places = {ask.id: number for number, ask in enumerate(policy.asks)}
    chosen = (policy.first(cell) for cell in cells(policy))
    table = np.array([NOBODY if ask is None else places[ask.id] for ask in chosen]).reshape(shape)
    found: np.ndarray = table[
        _tiers(policy, facts["model"], held["capability"]),
        _band([band.least for band in policy.volumes], facts["exchanges"]),
        _risks(policy, held["state"], held["probability"]),
        _band([band.least for band in policy.regions], facts["region_outside"]),
    ]
    return found


def _band(least: list[float], values: pa.ChunkedArray) -> np.ndarray:
    """The place of each value among bands; an unknown one is in the lowest."""
    numbers = pc.fill_null(values.cast(pa.float64()), 0.0).to_numpy()
    found: np.ndarray = np.maximum(np.searchsorted(np.array(least), numbers, side="right") - 1, 0)
    return found


def _risks(policy: LevelPolicy, state: pa.ChunkedArray, probability: pa.ChunkedArray) -> np.ndarray:
    likely = pc.fill_null(probability, 0.0).to_numpy()
    out = np.zeros(len(likely), np.int64)
    for number, risk in enumerate(policy.risks):
        if number:
            held = np.asarray(pc.fill_null(pc.is_in(state, pa.array(risk.states)), False))
            out[held & (likely >= risk.least)] = number
    return out


def _tiers(policy: LevelPolicy, model: pa.ChunkedArray, capability: pa.ChunkedArray) -> np.ndarray:
    """The first tier that holds; accounts of none are of the last."""
    pairs = pa.table({"model": model, "capability": capability})
    kinds = pairs.group_by(["model", "capability"]).aggregate([]).to_pylist()
    places = {
        (kind["model"], kind["capability"]): next(
            (n for n, tier in enumerate(policy.tiers) if tier.holds(kind["model"], kind["capability"])),
            len(policy.tiers) - 1,
        )
        for kind in kinds
    }
    if len(places) == 1:
        return np.full(len(pairs), next(iter(places.values())))
    keys = zip(model.to_pylist(), capability.to_pylist(), strict=True)
    return np.fromiter((places[key] for key in keys), np.int64, len(pairs))
