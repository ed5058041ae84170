"""Which account carries which template fragment, under the hash family that the members of a group share.

A fragment is a run of four words of a prompt, hashed (see `features.fragments`), eleven of an exchange. The hashes
never leave: whoever has the seed of the group could try prompts on them. What leaves are tokens of them.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch import sources
from stillwatch.features.fragments import FRAGMENTS, fragments
from stillwatch.features.key import SketchKey
from stillwatch.features.words import words_of
from stillwatch.records import ACCOUNTS, FLAGS, MEMBERS, Rejection, StillwatchError, UnreadableInput

RARE = 0.25  # accounts outside, for each inside, from which a fragment says nothing of who its accounts are
SLICE = 1024  # exchanges at a time, as sketches are made
CARRIED = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("account_id", pa.string()),
        ("fragments", pa.list_(pa.uint64(), FRAGMENTS)),
    ]
)
_HELD = """CREATE TABLE held AS SELECT DISTINCT account_id, campaign_id, fragment FROM (
    SELECT account_id, campaign_id, unnest(fragments::UBIGINT[]) AS fragment
    FROM read_parquet(?) LEFT JOIN flags USING (exchange_id)) WHERE fragment <> 0"""


class Read(msgspec.Struct, frozen=True):
    """What a log holds besides texts."""

    accounts: pa.Table  # schema ACCOUNTS
    exchanges: int
    rejected: list[Rejection]


class Findings(NamedTuple):
    """The rows of a run: which account is in which campaign, and which exchange."""

    members: pa.Table
    flags: pa.Table

    def without(self, accounts: Sequence[str]) -> "Findings":
        """The same without the rows of these accounts."""
        gone = pa.array(accounts, pa.string())
        kept = (table.filter(pc.invert(pc.is_in(table["account_id"], gone))) for table in self)
        return Findings(*kept)


class Fragment(msgspec.Struct, frozen=True):
    """A fragment of a campaign: how many of its accounts carry it, and how many that are in no campaign.

    `alike` are those of `outside` that carry half as many of the campaign's rare fragments as its accounts do: accounts
    of the same operator that were not found, or of others with the same program.
    """

    campaign_id: str
    fragment: int
    inside: int
    outside: int
    alike: int = 0


def read_log(paths: Sequence[Path], key: SketchKey, into: Path) -> Read:
    """Write the fragments of every exchange of a log into the Parquet file `into`."""
    accounts, rejected, exchanges = [ACCOUNTS.empty_table()], [], 0
    with pq.ParquetWriter(into, CARRIED, compression="lz4") as writer:
        for block in sources.split(paths):
            if isinstance(block, Rejection):
                rejected.append(block)
                continue
            decoded = sources.decode(block)
            rejected += decoded.rejections
            if decoded.kind == "accounts":
                accounts.append(pa.Table.from_batches([decoded.batch]))
            elif decoded.kind == "exchanges":
                exchanges += len(decoded.batch)
                for at in range(0, len(decoded.batch), SLICE):
                    writer.write_batch(_carried(decoded.batch.slice(at, SLICE), key))
    if not exchanges:
        first = f": {rejected[0].file}: {rejected[0].reason}" if rejected else ""
        raise UnreadableInput(f"no exchange could be read{first}")
    return Read(pa.concat_tables(accounts), exchanges, rejected)


class Carried:
    """Fragments by account, in a database that spills to disk."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def of_campaigns(self, members: pa.Table, least: int) -> list[Fragment]:
        """Fragments that at least so many accounts of a campaign carry in exchanges that are attributed to it."""
        self._database.register("members", members.select(["account_id"]))
        rows = self._run(_OF_CAMPAIGNS, {"least": least, "rare": RARE})
        return [Fragment(str(row[0]), *(int(value) for value in row[1:])) for row in rows.fetchall()]

    def common(self, least: int) -> list[int]:
        """Fragments that at least so many accounts carry."""
        rows = self._run(
            "SELECT fragment FROM held GROUP BY ALL HAVING count(DISTINCT account_id) >= $least ORDER BY fragment",
            {"least": least},
        )
        return [int(row[0]) for row in rows.fetchall()]

    def holders(self, wanted: pa.Table, least: int) -> list[tuple[int, str, int]]:
        """Number, account and count, where an account carries so many fragments of a number; `wanted` has both."""
        self._database.register("wanted", wanted)
        rows = self._run(
            """SELECT number, account_id, count(DISTINCT fragment) AS fragments FROM held
               JOIN wanted USING (fragment) GROUP BY ALL HAVING fragments >= $least ORDER BY ALL""",
            {"least": least},
        )
        return [(int(row[0]), str(row[1]), int(row[2])) for row in rows.fetchall()]

    def accounts(self) -> int:
        """How many accounts sent text."""
        row = self._run("SELECT count(DISTINCT account_id) FROM held", {}).fetchone()
        return int(row[0]) if row else 0

    def _run(self, query: str, values: Mapping[str, float]) -> duckdb.DuckDBPyConnection:
        try:
            return self._database.execute(query, dict(values))
        except duckdb.OperationalError as error:
            raise StillwatchError(f"comparing templates ran out of room: {error}") from error


@contextlib.contextmanager
def carried(file: Path, flags: pa.Table | None = None) -> Iterator[Carried]:
    """The fragments of a file that `read_log` wrote; with `flags` they know the campaign of their exchange."""
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "1GB",
        "threads": 2,
        "temp_directory": str(file.with_suffix(".spill")),
    }
    with contextlib.closing(duckdb.connect(config=limits)) as database:
        known = FLAGS.empty_table() if flags is None else flags
        database.register("flags", known.select(["exchange_id", "campaign_id"]))
        database.execute("SET enable_progress_bar = false")
        try:
            database.execute(_HELD, [str(file)])
        except duckdb.OperationalError as error:
            raise StillwatchError(f"comparing templates ran out of room: {error}") from error
        yield Carried(database)


def findings_of(folder: Path) -> Findings:
    """Members and flags as `detect` wrote them. Raises UnreadableInput where they are not there."""
    try:
        members = pq.read_table(folder / "members.parquet", columns=MEMBERS.names)
        return Findings(members, pq.read_table(folder / "flags.parquet", columns=FLAGS.names))
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError) as error:
        raise UnreadableInput(f"{folder}: not the findings of `stillwatch detect`: {error}") from error


_OF_CAMPAIGNS = """
WITH inside AS (
    SELECT campaign_id, fragment, count(DISTINCT account_id) AS n FROM held
    WHERE campaign_id IS NOT NULL GROUP BY ALL HAVING n >= $least),
strangers AS (
    SELECT DISTINCT fragment, account_id FROM held
    SEMI JOIN inside USING (fragment) ANTI JOIN members USING (account_id)),
outside AS (SELECT fragment, count(*) AS n FROM strangers GROUP BY ALL),
rare AS (
    SELECT campaign_id, fragment FROM inside LEFT JOIN outside USING (fragment)
    WHERE coalesce(outside.n, 0) <= $rare * inside.n),
usual AS (
    SELECT campaign_id, median(n) AS n FROM (
        SELECT campaign_id, account_id, count(DISTINCT fragment) AS n
        FROM held SEMI JOIN rare USING (campaign_id, fragment) GROUP BY ALL)
    GROUP BY ALL),
alike AS (
    SELECT campaign_id, account_id FROM strangers JOIN rare USING (fragment) JOIN usual USING (campaign_id)
    GROUP BY campaign_id, account_id, usual.n HAVING count(*) >= usual.n / 2),
among AS (
    SELECT campaign_id, fragment, count(*) AS n FROM strangers JOIN alike USING (account_id) GROUP BY ALL)
SELECT campaign_id, fragment, inside.n, coalesce(outside.n, 0), coalesce(among.n, 0)
FROM inside LEFT JOIN outside USING (fragment) LEFT JOIN among USING (campaign_id, fragment)
ORDER BY campaign_id, fragment"""


def _carried(batch: pa.RecordBatch, key: SketchKey) -> pa.RecordBatch:
    found = fragments(words_of(batch.column("system"), key), words_of(batch.column("prompt"), key), key)
    flat = pa.array(np.ascontiguousarray(found).reshape(-1), pa.uint64())
    return pa.RecordBatch.from_arrays(
        [
            batch.column("exchange_id"),
            batch.column("account_id"),
            pa.FixedSizeListArray.from_arrays(flat, FRAGMENTS),
        ],
        schema=CARRIED,
    )
