"""The control group of a challenge: accounts outside every cluster, drawn by lot among those like it in age and volume."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed

DAY = 86_400_000_000
AGES = (0, 7, 30, 90, 365)  # days; coarse, so that a stratum has enough accounts to draw from
VOLUMES = (0, 10, 30, 100, 300, 1_000, 10_000)  # exchanges in 28 days
ACTIVE_WITHIN = 7 * DAY  # an account that makes no calls is not told, and could not answer


def draw(
    facts: pa.Table,
    cluster: set[str],
    outside: pa.Array,
    count: int,
    challenge: str,
    key: SketchKey,
    now: int,
) -> list[str]:
    """Up to `count` accounts of `facts`, none in `outside`, spread over ages and volumes as the cluster is.

    The lot is a keyed hash of the challenge and the account: the same for the same challenge, and nobody without the
    key can tell who is drawn.
    """
    if count <= 0 or not len(facts):
        return []
    accounts = facts["account_id"]
    active = pc.fill_null(pc.greater_equal(facts["last_seen"], now - ACTIVE_WITHIN), False)
    free = np.asarray(pc.and_(pc.invert(pc.is_in(accounts, outside)), active))
    inside = np.asarray(pc.is_in(accounts, pa.array(sorted(cluster), pa.string())))
    stratum = _strata(facts, now)
    lot = keyed(accounts.combine_chunks(), f"challenge/{challenge}", key)
    wanted = _shares(stratum[inside], count) if inside.any() else {}
    chosen: list[int] = []
    for number, size in sorted(wanted.items()):
        rows = np.flatnonzero(free & (stratum == number))
        chosen += rows[np.argsort(lot[rows], kind="stable")][:size].tolist()
    if len(chosen) < count:  # too few are like the cluster: the rest is drawn from all
        taken = np.zeros(len(facts), bool)
        taken[chosen] = True
        rows = np.flatnonzero(free & ~taken)
        chosen += rows[np.argsort(lot[rows], kind="stable")][: count - len(chosen)].tolist()
    return sorted(accounts.take(pa.array(chosen, pa.int64())).to_pylist())


def _strata(facts: pa.Table, now: int) -> np.ndarray:
    created = pc.fill_null(facts["created_at"], now).to_numpy()
    age = np.searchsorted(np.array(AGES) * DAY, now - created, side="right")
    volume = np.searchsorted(np.array(VOLUMES), pc.fill_null(facts["exchanges"], 0).to_numpy(), side="right")
    strata: np.ndarray = age * (len(VOLUMES) + 1) + volume
    return strata


def _shares(strata: np.ndarray, count: int) -> dict[int, int]:
    """How many of `count` fall to each stratum: by its share, what is left to the largest remainders."""
    names, sizes = np.unique(strata, return_counts=True)
    exact = sizes / sizes.sum() * count
    whole = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: count - whole.sum()]] += 1
    return {int(name): int(size) for name, size in zip(names, whole, strict=True) if size}
