"""A log's exchanges as calls, counted by account and by the facts a policy reads, so that a rule runs once for each.

What a log cannot say is unknown to the policy: `call.route` is `other`, and `call.plan`, `call.programme` and
`call.kyc_level` are those of the account's latest record.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import msgspec
import pyarrow as pa

from stillwatch import sources
from stillwatch.records import ACCOUNTS, Call, Micros, Rejection, StillwatchError, UnreadableInput
from stillwatch.runtime.ingest import find_log

OF_ACCOUNTS = ("kyc_level", "plan", "programme")
EXPRESSIONS = {
    "n_tools": "len(tools)",
    "route": "'other'",
    "stream": "coalesce(stream, false)",
    "ts": "epoch_us(ts)",
}
ALWAYS = {"account_id", "ts"}
CHUNK = 50_000  # rows taken from the database at a time


class Counted(msgspec.Struct, frozen=True):
    """Exchanges of one account with the same facts; `call` stands for each of them."""

    facts: tuple[object, ...]
    call: Call
    exchanges: int


class StoredCalls:
    """The calls of a log, with the facts in `fields` alone; a repeated delivery counts once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fields: Iterable[str]) -> None:
        self.fields = sorted(fields)
        self.rejected: list[Rejection] = []
        self._connection = connection
        self._of_exchanges = [
            name for name in self.fields if name not in OF_ACCOUNTS and name != "account_id"
        ]

    def read(self, paths: Sequence[Path]) -> None:
        """Raises UnreadableInput where there is no log, or it holds no exchange."""
        found = find_log(paths)
        self.rejected += found.rejections
        accounts = [ACCOUNTS.empty_table()]
        empty = True
        for file, name in found.files:
            for block in sources.catalogue()[name].blocks(file):
                if isinstance(block, Rejection):
                    self.rejected.append(block)
                    continue
                decoded = sources.decode(block)
                self.rejected += decoded.rejections
                if decoded.kind == "accounts":
                    accounts.append(pa.Table.from_batches([decoded.batch]))
                elif decoded.kind == "exchanges" and len(decoded.batch):
                    self._add(decoded.batch, first=empty)
                    empty = False
        if empty:
            why = (
                f"{self.rejected[0].file}: {self.rejected[0].reason}"
                if self.rejected
                else "no exchange in it"
            )
            raise UnreadableInput(f"the log cannot be replayed: {why}")
        self._add_accounts(pa.concat_tables(accounts))

    def _add(self, batch: pa.RecordBatch, *, first: bool) -> None:
        needed = ["exchange_id", "account_id", "ts", "stream", "tools", *self._of_exchanges]
        kept = [name for name in dict.fromkeys(needed) if name in batch.schema.names]
        facts = "".join(f", {EXPRESSIONS.get(name, name)} as {name}" for name in self._of_exchanges)
        self._connection.register("batch", pa.Table.from_batches([batch]).select(kept))
        rows = f"select account_id, hash(exchange_id) as delivery{facts} from batch"  # noqa: S608 - our own field names
        self._connection.execute(f"create table calls as {rows}" if first else f"insert into calls {rows}")
        self._connection.unregister("batch")

    def _add_accounts(self, accounts: pa.Table) -> None:
        self._connection.register(
            "versions", accounts.append_column("seq", pa.array(range(len(accounts)), pa.int64()))
        )
        self._connection.execute(
            f"create table accounts as select distinct on (account_id) account_id, {', '.join(OF_ACCOUNTS)} "  # noqa: S608
            "from versions order by account_id, valid_from desc nulls last, seq desc"
        )
        self._connection.unregister("versions")

    def by_account(self) -> Iterator[tuple[str, list[Counted]]]:
        """Each account with its exchanges counted by facts."""
        own = "".join(f", {name}" for name in self._of_exchanges)
        joined = [name for name in self.fields if name in OF_ACCOUNTS]
        theirs = "".join(f", any_value(accounts.{name}) as {name}" for name in joined)
        cursor = self._connection.execute(
            f"select account_id, count(distinct delivery){own}{theirs} "  # noqa: S608 - our own field names
            f"from calls left join accounts using (account_id) group by account_id{own} order by account_id"
        )
        names = [*self._of_exchanges, *joined]
        account, counted = "", list[Counted]()
        while rows := cursor.fetchmany(CHUNK):
            for found, exchanges, *facts in rows:
                if found != account and counted:
                    yield account, counted
                    counted = []
                account = found
                known = dict(zip(names, facts, strict=True))
                call = Call(account_id=account, ts=Micros(known.pop("ts", 0)), **known)
                own_id = (account,) if "account_id" in self.fields else ()
                counted.append(Counted((*own_id, *facts), call, exchanges))
        if counted:
            yield account, counted


@contextmanager
def stored_calls(paths: Sequence[Path], fields: Iterable[str]) -> Iterator[StoredCalls]:
    """Read a log into a database of its own, gone afterwards.

    Raises UnreadableInput, and StillwatchError where memory or the disk is not enough.
    """
    with TemporaryDirectory(prefix="stillwatch-replay-") as room:
        try:
            with duckdb.connect(config={"temp_directory": room}) as connection:
                calls = StoredCalls(connection, fields)
                calls.read(paths)
                yield calls
        except duckdb.OperationalError as error:
            raise StillwatchError(
                f"the log is too large for the room in memory and in {room}: {error}"
            ) from error
