"""Other ways to find the accounts of a campaign, judged on the same logs as Stillwatch.

One file is one peer, found by walking this folder; its `PEER` says how it judges a log. A peer is handed the
log directory and nothing of the truth, and gives every account a score of its own making (higher is more
suspicious) and says which accounts it would flag at its own published threshold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pyarrow as pa

JUDGED = pa.schema([("account_id", pa.string()), ("score", pa.float64()), ("flagged", pa.bool_())])


@dataclass(frozen=True)
class Missing:
    """A peer that cannot run here; it is named with its reason and never counted as beaten."""

    reason: str


@dataclass(frozen=True)
class Peer:
    """`judge` reads a log directory and returns a table of schema JUDGED, one row an account."""

    name: str
    title: str
    judge: Callable[[Path], pa.Table | Missing]


def catalogue() -> list[Peer]:
    """All peers of this folder, by name."""
    found = [import_module(f"{__name__}.{module.name}").PEER for module in iter_modules(__path__)]
    return sorted(found, key=lambda peer: peer.name)


def judged(account_ids: Sequence[str] | pa.Array, scores: np.ndarray, flagged: np.ndarray) -> pa.Table:
    """Make a table of schema JUDGED from equally long columns."""
    return pa.table(
        [pa.array(account_ids, pa.string()), pa.array(scores, pa.float64()), pa.array(flagged, pa.bool_())],
        schema=JUDGED,
    )
