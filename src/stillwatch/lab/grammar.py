"""Fill many sentence frames at once: a frame's literals and slots become columns that Arrow joins."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Ints

_SLOT = re.compile(r"\{(\w+)\}")


class Words:
    """One flat table of strings; everything that fills a slot is an index into it. Index 0 is empty."""

    def __init__(self) -> None:
        self._strings: list[str] = [""]

    def add(self, strings: Iterable[str]) -> tuple[int, int]:
        """Append strings; returns the first index and how many there are."""
        first = len(self._strings)
        self._strings.extend(strings)
        return first, len(self._strings) - first

    def table(self) -> pa.Array:
        return pa.array(self._strings, pa.string())


class Frames:
    """Sentence frames such as `"How do I {g} with {n}?"`, compiled so that rows with different frames fill together."""

    def __init__(self, frames: Sequence[str]) -> None:
        split = [_SLOT.split(frame) for frame in frames]  # literal, slot, literal, slot, …, literal
        depth = max(len(parts) for parts in split) // 2
        names = sorted({name for parts in split for name in parts[1::2]})
        self.names = tuple(names)
        self.size = len(frames)
        self._literals = [
            pa.array([parts[2 * k] if 2 * k < len(parts) else "" for parts in split], pa.string())
            for k in range(depth + 1)
        ]
        self._slots = np.array(
            [
                [names.index(parts[2 * k + 1]) if 2 * k + 1 < len(parts) else -1 for k in range(depth)]
                for parts in split
            ],
            dtype=np.int64,
        ).reshape(self.size, depth)

    def fill(self, which: Ints, slots: Mapping[str, Ints], table: pa.Array) -> pa.Array:
        """One string a row: frame `which[row]` with `table[slots[name][row]]` in each of its slots."""
        indexes = pa.array(which)
        candidates = np.stack([slots[name] for name in self.names] + [np.zeros_like(which)])
        rows = np.arange(len(which))
        columns = [self._literals[0].take(indexes)]
        for k in range(self._slots.shape[1]):
            chosen = candidates[self._slots[which, k], rows]
            columns += [table.take(pa.array(chosen)), self._literals[k + 1].take(indexes)]
        return joined(*columns)


def joined(*columns: pa.Array | str, separator: str = "") -> pa.Array:
    """Strings of several columns side by side; a plain string stands in every row."""
    return pc.binary_join_element_wise(*columns, separator)
