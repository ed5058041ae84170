"""Writing a file to look accounts up in, whole or not at all; columns are handled as columns, a million rows in a second."""

import os
import secrets
import time
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.policy.lookup.layout import NOTHING, Header, Kind, hashed, layout
from stillwatch.records import Micros, StillwatchError

SALT_BYTES = 16
MANY = 20_000  # accounts from which a database hashes them sooner than it is started
MODE = 0o644  # gateways run as other users; no account id stands in the file


def write(
    path: Path,
    kind: Kind,
    accounts: pa.ChunkedArray,
    rows: np.ndarray,
    names: msgspec.Struct,
    version: int,
    created_at: Micros | None = None,
) -> int:
    """Put a file in place of an older one; returns how many accounts it holds.

    `rows` are of the kind's layout, with the field `check` left open. Whoever has the older file open keeps it
    whole. An account that stands twice keeps its first row. Raises StillwatchError where it cannot be written.
    """
    made = Micros(time.time_ns() // 1000) if created_at is None else created_at
    salt = secrets.token_bytes(SALT_BYTES)
    hashes = _hashes(salt, accounts)
    order = _first_of_each(hashes)
    rows["check"] = hashes[:, 1]
    keys, found = hashes[order, 0], rows[order]
    encoded = msgspec.msgpack.encode(names)
    header = layout(kind, version, len(order), salt, made, len(encoded))
    parts = [header.encode(), _buckets(keys, header), keys.tobytes(), found.tobytes(), encoded]
    try:
        _replace(path, parts)
    except OSError as error:
        raise StillwatchError(f"{path}: cannot be written: {error.strerror or error}") from error
    return len(order)


def numbered(column: pa.ChunkedArray, most: int) -> tuple[np.ndarray, list[str]]:
    """A column of names as places in a list of fewer than `most`, NOTHING for null. Raises ValueError."""
    coded = pa.chunked_array(column.dictionary_encode().chunks, pa.dictionary(pa.int32(), pa.string()))
    whole = coded.unify_dictionaries().combine_chunks()
    chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    names: list[str] = chunks[0].dictionary.to_pylist() if chunks else []
    if len(names) >= most:
        raise ValueError(f"{len(names):,} different names do not fit")
    numbers = [chunk.indices.cast(pa.int64()).fill_null(NOTHING).to_numpy() for chunk in chunks]
    return np.concatenate(numbers) if numbers else np.empty(0, np.int64), names


def _hashes(salt: bytes, accounts: pa.ChunkedArray) -> np.ndarray:
    """`layout.hashed` of a whole column: pairs of key and check."""
    if len(accounts) < MANY:
        return np.array([hashed(salt, one) for one in accounts.to_pylist()], "=u8").reshape(-1, 2)
    import duckdb  # noqa: PLC0415 - gateways read this room and do not publish

    source = pa.table({"id": accounts})
    with duckdb.connect() as connection:
        connection.register("source", source)
        # As bytes the salt goes in front of the id: a hash of text would take only valid UTF-8.
        digests = connection.sql(
            "select from_hex(substr(sha256($salt || encode(id)), 1, 32)) as digest from source",
            params={"salt": salt},
        ).to_arrow_table()["digest"]
    column = digests.combine_chunks()
    chunk = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
    data = chunk.buffers()[2]
    whole = np.frombuffer(data, dtype="=u8", count=2 * len(chunk)) if len(chunk) else np.empty(0, "=u8")
    return whole.reshape(-1, 2)


def _first_of_each(hashes: np.ndarray) -> np.ndarray:
    """The order by key and check, and of equal ones only the row that came first."""
    order = np.lexsort((hashes[:, 1], hashes[:, 0]))
    ordered = hashes[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    kept: np.ndarray = order[fresh]
    return kept


def _buckets(keys: np.ndarray, header: Header) -> bytes:
    starts = np.arange(1 << header.bits, dtype=np.uint64) << np.uint64(64 - header.bits)
    found = np.append(np.searchsorted(keys, starts), len(keys)).astype("=u4")
    return found.tobytes().ljust(header.keys - header.buckets, b"\0")


def _replace(path: Path, parts: list[bytes]) -> None:
    """Write beside the file, make it last, then rename: a reader sees the old file or the new one."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:  # noqa: PTH123 - of a descriptor
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
