"""Writing the file of verdicts, whole or not at all; columns are handled as columns, a million rows in a second."""

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.policy.verdict_layout import NO_CASE, STATES, Header, Names, hashed, layout
from stillwatch.records import Micros, StillwatchError, Verdict

VERDICTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("campaign_id", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("log_e_value", pa.float64(), nullable=False),
        pa.field("accounts", pa.int64(), nullable=False),
        pa.field("capability", pa.string(), nullable=False),
        pa.field("since", pa.int64(), nullable=False),
        pa.field("active", pa.bool_(), nullable=False),
        pa.field("case_id", pa.string()),
    ]
)
"""The rows to publish: an account, and the fields of `records.Verdict`."""

_ROW = np.dtype(
    [
        ("check", "=u8"),
        ("probability", "=f8"),
        ("log_e_value", "=f8"),
        ("since", "=i8"),
        ("accounts", "=u4"),
        ("campaign", "=u4"),
        ("case", "=u4"),
        ("capability", "=u2"),
        ("state", "=u1"),
        ("active", "=u1"),
    ]
)
SALT_BYTES = 16
MANY = 20_000  # accounts from which a database hashes them sooner than it is started
MODE = 0o644  # gateways run as other users; no account id stands in the file


def rows(verdicts: Iterable[tuple[str, Verdict]]) -> pa.Table:
    """Verdicts by account as rows, for few of them."""
    found = [{"account_id": account} | msgspec.structs.asdict(verdict) for account, verdict in verdicts]
    return pa.Table.from_pylist(found, schema=VERDICTS)


def publish(path: Path, verdicts: pa.Table, version: int, created_at: Micros | None = None) -> int:
    """Put a file of these verdicts (schema VERDICTS) in place of an older one; returns how many it holds.

    Whoever has the older file open keeps it whole. An account that stands twice keeps its first row.
    Raises StillwatchError where the rows are not verdicts or the file cannot be written.
    """
    made = Micros(time.time_ns() // 1000) if created_at is None else created_at
    salt = secrets.token_bytes(SALT_BYTES)
    try:
        table = verdicts.select(VERDICTS.names).cast(VERDICTS).combine_chunks()
        hashes = _hashes(salt, table["account_id"])
        order = _first_of_each(hashes)
        found, names = _columns(table)
    except (pa.ArrowException, KeyError, ValueError, OverflowError) as error:
        raise StillwatchError(f"{path}: these rows are no verdicts: {error}") from error
    found["check"] = hashes[:, 1]
    keys, found = hashes[order, 0], found[order]
    encoded = msgspec.msgpack.encode(names)
    header = layout(version, len(order), salt, made, len(encoded))
    parts = [header.encode(), _buckets(keys, header), keys.tobytes(), found.tobytes(), encoded]
    try:
        _replace(path, parts)
    except OSError as error:
        raise StillwatchError(f"{path}: cannot be written: {error.strerror or error}") from error
    return len(order)


def _hashes(salt: bytes, accounts: pa.ChunkedArray) -> np.ndarray:
    """`verdict_layout.hashed` of a whole column: pairs of key and check."""
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


def _columns(table: pa.Table) -> tuple[np.ndarray, Names]:
    for field in VERDICTS:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"{field.name} is missing in {table[field.name].null_count:,} rows")
    found = np.zeros(table.num_rows, _ROW)
    for name in ("probability", "log_e_value", "since"):
        found[name] = table[name].to_numpy()
    found["accounts"] = table["accounts"].cast(pa.uint32()).to_numpy()
    found["active"] = table["active"].cast(pa.uint8()).to_numpy()
    found["campaign"], campaigns = _numbered(table["campaign_id"], 1 << 32)
    found["capability"], capabilities = _numbered(table["capability"], 1 << 16)
    found["case"], cases = _numbered(table["case_id"], NO_CASE)
    state = pc.index_in(table["state"], pa.array(STATES))
    if state.null_count:
        raise ValueError(f"state is one of {', '.join(STATES)}")
    found["state"] = state.to_numpy()
    return found, Names(campaigns, cases, capabilities)


def _numbered(column: pa.ChunkedArray, most: int) -> tuple[np.ndarray, list[str]]:
    coded = pa.chunked_array(column.dictionary_encode().chunks, pa.dictionary(pa.int32(), pa.string()))
    whole = coded.unify_dictionaries().combine_chunks()
    chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    names: list[str] = chunks[0].dictionary.to_pylist() if chunks else []
    if len(names) >= most:
        raise ValueError(f"{len(names):,} different names do not fit")
    numbers = [chunk.indices.cast(pa.int64()).fill_null(NO_CASE).to_numpy() for chunk in chunks]
    return np.concatenate(numbers) if numbers else np.empty(0, np.int64), names


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
