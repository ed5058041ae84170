"""Loads of real automated clients by hour of two weeks: public where `STILLWATCH_DATA` names them, else composed."""

import csv
import gzip
import os
from collections import defaultdict
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
"""A weight for each hour."""

FORTNIGHT = 336  # hours
FEWEST_HOURS = 100  # with load, of a client worth keeping
COMPOSED = 24  # clients where no public ones are at hand
COMPOSED_SEED = 2411


def weekly_loads(hours: int) -> list[Weights]:
    """The load of each client, repeated to the length of the log."""
    return [np.tile(load, 1 + hours // FORTNIGHT)[:hours] for load in _public() or _composed()]


def _public() -> list[Weights]:
    root = os.environ.get("STILLWATCH_DATA")
    path = Path(root or "", "timing", "servegen_windows.csv.gz")
    if not root or not path.is_file():
        return []
    loads: dict[str, Weights] = defaultdict(lambda: np.zeros(FORTNIGHT))
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["client"].startswith("m-small"):
                hour = min(FORTNIGHT - 1, int(float(row["t_s"]) // 3600))
                loads[row["client"]][hour] += float(row["rate"])
    return [load for load in loads.values() if np.count_nonzero(load) > FEWEST_HOURS]


def _composed() -> list[Weights]:
    """Days with a peak, weaker week-ends, and bursts: the same few clients in every log."""
    rng = Random(COMPOSED_SEED)
    return [_client(rng) for _ in range(COMPOSED)]


def _client(rng: Random) -> Weights:
    peak, depth, week_end = rng.uniform(0, 24), rng.uniform(0.1, 0.95), rng.uniform(0.2, 1)
    hour = np.arange(FORTNIGHT)
    daily = 1 + depth * np.cos((hour - peak) * np.pi / 12)
    weekly = np.where(hour // 24 % 7 >= 5, week_end, 1.0)
    ragged = [rng.lognormvariate(0, 0.4) * (6 if rng.random() < 0.02 else 1) for _ in hour]
    load: Weights = daily * weekly * np.array(ragged)
    return load
