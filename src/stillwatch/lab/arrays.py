"""Names for the array types the simulator passes around, and the few things done with them everywhere."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Rng = np.random.Generator

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def texts(values: Sequence[str | None]) -> Texts:
    """Return a one-dimensional object array of strings, `None` for absent."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def absent(size: int) -> Texts:
    """`size` absent strings."""
    return np.full(size, None, dtype=object)


def kept(rows: Bools, values: Texts) -> Texts:
    """Return the values where `rows`, absent elsewhere."""
    chosen = values.copy()
    chosen[~rows] = None
    return chosen


def mixed(*numbers: Ints | int) -> Ints:
    """Return a well-mixed non-negative 62-bit integer for each row of whole numbers (splitmix64 chained)."""
    state = np.full(1, 0x9E3779B97F4A7C15, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for number in numbers:
            state = state ^ np.asarray(number, dtype=np.int64).astype(np.uint64)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = state ^ (state >> np.uint64(31))
    mixture = (state >> np.uint64(2)).astype(np.int64)
    return mixture if any(np.ndim(number) for number in numbers) else mixture.reshape(())


def opaque(rng: Rng, size: int, prefix: str = "", digits: int = 16) -> Texts:
    """`size` random hexadecimal names that carry no meaning."""
    if size == 0:
        return absent(0)
    raw = rng.bytes(size * digits // 2).hex().encode()
    names = np.frombuffer(raw, dtype=f"S{digits}").astype(f"U{digits}")
    return (np.char.add(prefix, names) if prefix else names).astype(object)


def opaque_strings(rng: Rng, size: int, digits: int = 20) -> pa.Array:
    """Return the same as an Arrow array, for columns with a value a row."""
    raw = rng.bytes(size * digits // 2).hex().encode()
    offsets = np.arange(size + 1, dtype=np.int32) * np.int32(digits)
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets.tobytes()), pa.py_buffer(raw))


def choose(rng: Rng, weights: Sequence[float] | npt.NDArray[np.floating], size: int) -> Ints:
    """`size` draws of an index with the given weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(edges / edges[-1], rng.random(size), side="right")
    return np.minimum(drawn, len(edges) - 1).astype(np.int64)


def within(counts: Ints) -> Ints:
    """0, 1, 2, … inside each run of `counts`, laid end to end."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) - np.repeat(ends - counts, counts)
