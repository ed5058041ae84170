"""A store of cases and their audit: SQLite in a file, or PostgreSQL by its URL, with the same code.

Writers of one tenant come one after the other, so that its log has one order. In SQLite a writer takes the
file's lock when it begins; in PostgreSQL it locks the row of the tenant's tree.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import sqlalchemy as sql
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from stillwatch.cases.checkpoint import KEY_FILE, Signer, load_signer
from stillwatch.cases.schema import VERSION, metadata, stores, trees
from stillwatch.records import InvalidConfiguration, Micros, StillwatchError, UnreadableInput, UsageError

OVERFLOW = (
    40  # connections beyond the few that are kept: each export of an audit holds one for as long as it takes
)
BUSY = 30.0  # seconds a writer waits for the one before it
TRY_AGAIN = 0.05  # seconds
KINDS = ("sqlite", "postgresql")
MAKING = 5_717_263  # names PostgreSQL's lock under which the tables are made


def wall_clock() -> Micros:
    return Micros(time.time_ns() // 1000)


class Tenant:
    """One customer's part of a store; nothing reached through it belongs to another."""

    def __init__(self, engine: Engine, name: str, signer: Signer, clock: Callable[[], Micros]) -> None:
        self._engine = engine
        self.name = name
        self.signer = signer
        self.clock = clock

    def mine(self, table: sql.FromClause) -> sql.ColumnElement[bool]:
        """The condition that every query on a table carries."""
        return table.c.tenant == self.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store."""
        connected = self._engine.connect()
        if connected.dialect.name == "postgresql":  # by default each of its statements sees what is newest
            connected = connected.execution_options(isolation_level="REPEATABLE READ")
        with _failing(), connected as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is written whole or not at all."""
        connected = self._engine.connect().execution_options(writing=True)
        with _failing(), connected as connection, connection.begin():
            self._lock(connection)
            yield connection

    def _lock(self, connection: Connection) -> None:
        """Keep other writers of this tenant out until the transaction ends."""
        wanted = sql.select(trees.c.size).where(self.mine(trees)).with_for_update()
        if connection.execute(wanted).first() is not None:
            return
        try:
            with connection.begin_nested():
                connection.execute(trees.insert().values(tenant=self.name, size=0, peaks=b""))
        except IntegrityError:  # another writer was first, and has committed
            connection.execute(wanted)


class Store:
    """An open store. Close it, or use it as a context manager."""

    def __init__(self, engine: Engine, signer: Signer, clock: Callable[[], Micros]) -> None:
        self._engine = engine
        self.signer = signer
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def tenant(self, name: str = "default") -> Tenant:
        if not name:
            raise UsageError("a tenant needs a name")
        return Tenant(self._engine, name, self.signer, self._clock)


def open_store(
    url: str, *, audit_key: Path | None = None, clock: Callable[[], Micros] = wall_clock, make: bool = True
) -> Store:
    """Open a store, and make its tables and its key on first use.

    The audit's key lies beside an SQLite store; for a server it must be given. With `make` False a store
    that is not there is an error.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        file = _file(parsed)
        if not make and not file.exists():
            raise UnreadableInput(f"{file}: there is no store")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # it names accounts
        except OSError as error:
            raise UnreadableInput(f"{file}: the store cannot be opened: {error.strerror}") from error
        audit_key = audit_key or file.with_name(KEY_FILE)
    if audit_key is None:
        raise InvalidConfiguration(
            "a store on a server has no place of its own for the key of the audit: name a file with --audit-key"
            " or STILLWATCH_AUDIT_KEY"
        )
    engine = _engine(parsed)
    try:
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            _prepare(connection, make=make)
    except DBAPIError as error:
        engine.dispose()
        raise UnreadableInput(f"{shown(parsed)}: the store cannot be opened: {_reason(error)}") from error
    except StillwatchError:
        engine.dispose()
        raise
    return Store(engine, load_signer(audit_key), clock)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidConfiguration(
            "a store is named by a URL: sqlite:///FILE, or postgresql+psycopg://USER@HOST/NAME"
        ) from error
    if parsed.get_backend_name() not in KINDS:
        raise InvalidConfiguration(f"{shown(parsed)}: stores are kept in SQLite or PostgreSQL")
    return parsed


def _file(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise InvalidConfiguration("a store must outlast the process: name a file, as in sqlite:///cases.db")
    return Path(url.database)


def shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = sql.create_engine(
            url,
            hide_parameters=True,  # an error's text must name no account
            max_overflow=OVERFLOW,
            connect_args={"timeout": BUSY} if sqlite else {},
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise InvalidConfiguration(
            f"{shown(url)}: the driver is missing; use postgresql+psycopg://, and pip install 'stillwatch[postgres]'"
        ) from error
    if sqlite:
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_settings(raw: object, _record: object) -> None:
    """WAL lets readers read while one writes; transactions are begun by `_sqlite_begin`, not by the driver."""
    raw.isolation_level = None  # type: ignore[attr-defined] # the driver's connection
    _to_wal(raw)
    for setting in ("foreign_keys = ON", "synchronous = FULL"):
        raw.execute(f"PRAGMA {setting}").close()  # type: ignore[attr-defined] # the same


def _to_wal(raw: object) -> None:
    """Of two that change the journal of a new store at once, one is told it is locked, whatever the time-out."""
    until = time.monotonic() + BUSY
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL").close()  # type: ignore[attr-defined] # the driver's connection
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(TRY_AGAIN)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _prepare(connection: Connection, *, make: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MAKING)))
    if sql.inspect(connection).has_table(stores.name):
        version = connection.execute(sql.select(sql.func.max(stores.c.version))).scalar_one() or 0
        if version > VERSION:
            raise InvalidConfiguration(
                f"the store was written by a newer Stillwatch: its schema is {version}, this one knows {VERSION}"
            )
        if version == VERSION:
            return
    elif not make:
        raise UnreadableInput("there is no store of Stillwatch in this database")
    metadata.create_all(connection)  # in a store of an older version, the tables that are new
    connection.execute(stores.insert().values(version=VERSION))


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StillwatchError(f"the store failed, and nothing was changed: {_reason(error)}") from error


def _reason(error: DBAPIError) -> str:
    """The first line of what the driver says."""
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
