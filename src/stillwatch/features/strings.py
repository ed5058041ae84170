"""Keyed 64-bit hashes of identifier columns (addresses, agents, sessions), without a Python loop over rows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.key import SketchKey
from stillwatch.features.words import mix

LONGEST = 256  # bytes of an identifier that take part
_KEEP = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)


def keyed(strings: pa.Array, purpose: str, key: SketchKey) -> np.ndarray:
    """uint64 a row, equal for equal strings under the same purpose; 0 for null and for the empty string."""
    strings = pc.fill_null(strings, "").cast(pa.large_string())
    _, offset_buffer, data_buffer = strings.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]]
    starts = offsets[:-1] - offsets[0]
    lengths = np.minimum(np.diff(offsets), LONGEST)
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    octets = np.lib.stride_tricks.as_strided(padded[:8].view(np.uint64), (data.size + 1,), (1,))
    coefficients = key.constants(f"identifier/{purpose}", LONGEST // 8 + 1)
    out = mix(lengths.astype(np.uint64) * coefficients[-1], coefficients[-1])
    for i in range(-(-int(lengths.max(initial=0)) // 8)):
        reach = np.flatnonzero(lengths > 8 * i)
        eight = octets[starts[reach] + 8 * i] & _KEEP[np.minimum(lengths[reach] - 8 * i, 8)]
        out[reach] += mix((eight + np.uint64(i + 1)) * coefficients[i], coefficients[i])
    return np.where(lengths > 0, mix(out, coefficients[0]) | np.uint64(1), np.uint64(0))


def keyed_lists(lists: pa.Array, purpose: str, key: SketchKey) -> np.ndarray:
    """uint64 a row for a column of string lists, whatever their order; 0 for null and empty lists."""
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    values = keyed(pc.list_flatten(lists), purpose, key)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values)])
    ends = np.cumsum(counts)
    salt = key.constants(f"list/{purpose}", 1)[0]
    return np.where(counts > 0, mix(sums[ends] - sums[ends - counts], salt) | np.uint64(1), np.uint64(0))


def keyed_numbers(columns: list[pa.Array], purpose: str, key: SketchKey) -> np.ndarray:
    """uint64 a row for a tuple of numeric columns; 0 where all of them are null."""
    coefficients = key.constants(f"numbers/{purpose}", len(columns) + 1)
    out = np.zeros(len(columns[0]), np.uint64)
    known = np.zeros(len(columns[0]), bool)
    for column, coefficient in zip(columns, coefficients, strict=False):
        present = pc.is_valid(column).to_numpy(zero_copy_only=False)
        numbers = pc.fill_null(pc.cast(column, pa.float64(), safe=False), -1.0).to_numpy(zero_copy_only=False)
        out += mix((numbers.view(np.uint64) + np.uint64(1)) * coefficient, coefficient)
        known |= present
    return np.where(known, mix(out, coefficients[-1]) | np.uint64(1), np.uint64(0))


def network_of(addresses: pa.Array) -> pa.Array:
    """The /24 of an IPv4 address (also one written as IPv6), the /48 of an IPv6 address, as text."""
    addresses = pc.replace_substring_regex(addresses, r"^::[fF]{4}:([0-9.]+)$", r"\1")
    four = pc.replace_substring_regex(addresses, r"\.[0-9]+$", "")
    return pc.replace_substring_regex(four, r"^([0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F]*):.*$", r"\1")
