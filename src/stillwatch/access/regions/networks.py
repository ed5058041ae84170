"""Networks that hide their users although no list names all of their addresses.

Lists know most exits of a private network, never all. A network much of whose traffic comes from listed ranges is
taken to be one of those altogether. It is judged by what was seen on the days before, so that the same exchanges
give the same answer however they are cut into batches.
"""

import numpy as np

from stillwatch.features.growing import PerAccount

DAY = 86_400_000_000
ENOUGH = 50  # exchanges from which a network can be told
MOSTLY = 0.5  # share of its exchanges that come from listed ranges


class HidingNetworks:
    """Counts each network's exchanges, listed and all; `hidden` says which exchanges come by a hiding one."""

    def __init__(self) -> None:
        self._codes: dict[int, int] = {}
        self._all, self._listed = PerAccount(np.int64), PerAccount(np.int64)
        self._hiding = np.zeros(0, bool)
        self._day = -1

    def hidden(self, ts: np.ndarray, asn: np.ndarray, listed: np.ndarray) -> np.ndarray:
        """Which rows are listed, or of a network that was known as hiding when the row's day began. Rows are in order of time."""
        numbers, which = np.unique(asn, return_inverse=True)
        code = np.array([self._codes.setdefault(int(n), len(self._codes)) for n in numbers], np.int64)[which]
        day = np.maximum.accumulate(ts // DAY)
        starts = np.flatnonzero(np.diff(day, prepend=-1) != 0)
        out = listed.copy()
        for first, stop in zip(starts, np.append(starts[1:], len(day)), strict=True):
            if day[first] > self._day:
                self._turn(int(day[first]))
            piece = slice(first, stop)
            known = code[piece] < len(self._hiding)
            out[piece][known] |= self._hiding[code[piece][known]]
            size = len(self._codes)
            self._all.upto(size)[:] += np.bincount(code[piece], minlength=size)
            self._listed.upto(size)[:] += np.bincount(code[piece], listed[piece], size).astype(np.int64)
        out[asn < 0] = listed[asn < 0]
        return out

    def _turn(self, day: int) -> None:
        """Judge all networks at the beginning of a day."""
        size = len(self._codes)
        seen, listed = self._all.upto(size), self._listed.upto(size)
        self._hiding = (seen >= ENOUGH) & (listed >= MOSTLY * seen)
        self._day = day
