"""Sets of accounts and sums over them, without pairs: the shape in which every statistic is computed."""

from collections.abc import Sequence

import msgspec
import numpy as np


class Groups(msgspec.Struct, frozen=True):
    """g sets of account codes; set i is members[offsets[i]:offsets[i+1]]. Sets may overlap and be empty."""

    members: np.ndarray
    offsets: np.ndarray

    @classmethod
    def of(cls, sets: Sequence[np.ndarray]) -> "Groups":
        """Groups from a list of code arrays."""
        sizes = np.array([0, *(len(s) for s in sets)], np.int64)
        flat = np.concatenate(sets) if sets else np.zeros(0, np.int64)
        return cls(flat.astype(np.int64), np.cumsum(sizes))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def set_of(self, number: int) -> np.ndarray:
        """Members of one set."""
        return self.members[self.offsets[number] : self.offsets[number + 1]]

    @property
    def sizes(self) -> np.ndarray:
        """Accounts in each set."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> np.ndarray:
        """For each entry of `members` its set."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def total(self, rows: np.ndarray) -> np.ndarray:
        """Sum of a per-account array [accounts, …] over each set, float64 [g, …]."""
        return self.total_of(rows[self.members])

    def total_of(self, entries: np.ndarray) -> np.ndarray:
        """Sum over each set of an array with one row for each entry of `members`, float64 [g, …]."""
        out = np.zeros((len(self), *entries.shape[1:]))
        filled = np.flatnonzero(self.sizes)
        if len(filled):
            out[filled] = np.add.reduceat(entries, self.offsets[filled], axis=0, dtype=np.float64)
        return out

    def mean(self, rows: np.ndarray, weight: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Mean over each set of a per-account value and its standard error, NaN where no account has one.

        Accounts whose value is NaN do not take part. `weight` (per account) defaults to 1.
        """
        value = rows[self.members]
        known = np.isfinite(value)
        weights = known * (1.0 if weight is None else weight[self.members])
        value = np.where(known, value, 0.0)
        total = self.total_of(weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.total_of(weights * value) / total
            # A set without any value has no mean; its NaN must not run on into the sums of the sets after it.
            square = self.total_of((weights * np.where(known, value - mean[self.owner], 0.0)) ** 2)
            count = self.total_of((weights > 0).astype(float))
            error = np.sqrt(square / np.maximum(count - 1, 1) * count) / total
        few = count < 2
        return np.where(total > 0, mean, np.nan), np.where(few, np.nan, error)


class Measure(msgspec.Struct, frozen=True):
    """One number a group, larger for campaigns; NaN where the log does not show it.

    `error` is the sampling error. With `null` (mean, spread) the value is judged against that law, else
    against the provider's own benign groups.
    """

    value: np.ndarray
    error: np.ndarray
    null: tuple[float, float] | None = None
