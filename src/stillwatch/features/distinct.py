"""Distinct values of an array and where they are, by one sort of plain integers.

`numpy.unique` hashes since 2.3 and sorts stably when positions are wanted; at a million keys both cost
five to ten times what an unstable sort does, and linking is made of nothing else.
"""

import msgspec
import numpy as np


class Distinct(msgspec.Struct, frozen=True):
    """The distinct values of an array, ascending, with the rows that hold each."""

    values: np.ndarray
    order: np.ndarray  # rows by value, in no particular order within one
    starts: np.ndarray  # rows of value i are order[starts[i]:starts[i+1]], of the last order[starts[i]:]

    @property
    def counts(self) -> np.ndarray:
        """Rows that hold each value, int64."""
        return np.diff(self.starts, append=len(self.order))

    @property
    def first(self) -> np.ndarray:
        """The first row that holds each value, int64."""
        if not len(self.starts):
            return self.starts
        out: np.ndarray = np.minimum.reduceat(self.order, self.starts)
        return out

    @property
    def which(self) -> np.ndarray:
        """For each row the number of its value, int64."""
        out = np.empty(len(self.order), np.int64)
        out[self.order] = np.repeat(np.arange(len(self.starts)), self.counts)
        return out


def grouped(values: np.ndarray) -> Distinct:
    """Rows of a one-dimensional array by value."""
    order = np.argsort(values)
    ordered = values[order]
    starts = _starts(ordered)
    return Distinct(ordered[starts], order, starts)


def distinct(values: np.ndarray) -> np.ndarray:
    """The distinct values, ascending."""
    ordered = np.sort(values)
    out: np.ndarray = ordered[_starts(ordered)]
    return out


def counted(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values, ascending, and how often each occurs (int64)."""
    ordered = np.sort(values)
    starts = _starts(ordered)
    return ordered[starts], np.diff(starts, append=len(ordered))


def summed(groups: Distinct, rows: np.ndarray) -> np.ndarray:
    """Sum of the rows [n, …] that hold each value, float64 [values, …]."""
    if not len(groups.starts):
        return np.zeros((0, *rows.shape[1:]))
    out: np.ndarray = np.add.reduceat(rows[groups.order], groups.starts, axis=0, dtype=np.float64)
    return out


def stable_order(values: np.ndarray) -> np.ndarray:
    """Rows by value and, within one, as they stand; `values` are int64, 0 or more."""
    bits = max(len(values) - 1, 0).bit_length()
    if int(values.max(initial=0)).bit_length() + bits > 63:
        return np.argsort(values, kind="stable")
    packed = np.sort(values << bits | np.arange(len(values)))
    out: np.ndarray = packed & ((1 << bits) - 1)
    return out


def rank_within(ordered: np.ndarray) -> np.ndarray:
    """For each entry of an array in order how many equal ones precede it, int64."""
    starts = _starts(ordered)
    out: np.ndarray = np.arange(len(ordered)) - np.repeat(starts, np.diff(starts, append=len(ordered)))
    return out


def _starts(ordered: np.ndarray) -> np.ndarray:
    """Where each run of equal entries begins."""
    opens = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=opens[1:])
    return np.flatnonzero(opens)
