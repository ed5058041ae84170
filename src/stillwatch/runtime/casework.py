"""What a watch has to do with the store of cases: findings enter it, decisions are recorded, people's changes count.

A store that is down stops nothing. It is said once, tried again every few seconds, and verdicts go on from what was
known last, which outlives the process in a file. All of this runs in a thread of its own, so that neither a slow store
nor a long look at the population keeps the other waiting.
"""

import logging
import os
import time
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from stillwatch import cases
from stillwatch.policy.publish import publish
from stillwatch.records import Campaign, Rejection, StillwatchError
from stillwatch.runtime.decided import closed_segments, read_decisions
from stillwatch.runtime.known import Known, applied, known_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stillwatch.cases.api import Store, Tenant
    from stillwatch.runtime.asking import Asking
    from stillwatch.runtime.key_publishing import KeyPublishing

KNOWN = "cases.known"
REJECTED = "rejected-decisions.jsonl"
EVERY = 1.0  # seconds between looks at the store and the spools
AGAIN = 5.0  # seconds until a store that failed is tried again
BATCH = 1_000  # decisions of one transaction
LEAVE = 10.0  # seconds that the last look has when the watch ends
LOG = logging.getLogger(__name__)


class Books(msgspec.Struct, frozen=True):
    """Where cases are kept, and whose."""

    url: str
    audit_key: Path | None
    tenant: str
    watch: str


def enter(books: Books, campaigns: "Sequence[Campaign]", members: pa.Table) -> None:
    """Take findings into the store. Raises StillwatchError where that is down."""
    with cases.open_store(books.url, audit_key=books.audit_key) as store:
        done = cases.upsert_findings(store.tenant(books.tenant), campaigns, members, watch=books.watch)
    for rejection in done.rejected:
        LOG.warning("not taken as a case: %s", rejection.reason)


class Casework:
    """Publishes verdicts with what people decided, and records what gateways did."""

    def __init__(
        self,
        books: Books,
        home: Path,
        verdicts: Path,
        spools: "Sequence[Path]" = (),
        asking: "Asking | None" = None,
        *,
        keys: "KeyPublishing | None" = None,
    ) -> None:
        self._asking = asking
        self._keys = keys
        self._facts: pa.Table | None = None
        self._told = False  # facts or verdicts are there that were not asked about
        self._books, self._home, self._verdicts, self._spools = books, home, verdicts, spools
        self._store: Store | None = None
        self._trouble: str | None = None
        self._seen: int | None = None  # entries of the audit up to which changes are known
        self._fresh = Event()  # something changed that the audit does not tell
        self._stop = Event()
        self._lock = Lock()
        self._rows: pa.Table | None = None
        self._known = _load(home / KNOWN)
        self._unpublished = False
        self._thread = Thread(target=self._run, name="stillwatch-cases", daemon=True)
        self._thread.start()

    def offer(self, rows: pa.Table, facts: pa.Table | None = None) -> None:
        """Publish the verdicts of a look, with what is known of cases; `facts` (schema FACTS) are for levels."""
        with self._lock:
            self._rows, self._facts, self._told = rows, facts, True
            self._publish()

    def concluded(self) -> None:
        """Findings have entered the store."""
        self._fresh.set()

    def case_of(self, campaign_id: str) -> str | None:
        """The case of one of this watch's campaigns, as far as it is known."""
        return self._known.campaigns.get(campaign_id)

    def close(self, timeout: float = LEAVE) -> None:
        """Look once more, for so many seconds at the most."""
        self._stop.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        last = False
        while not last:
            last = self._stop.wait(EVERY if self._trouble is None else AGAIN)
            try:
                tenant = self._opened()
                for folder in self._spools:
                    for segment in closed_segments(folder):
                        self._record(tenant, segment)
                self._look(tenant)
                if self._keys is not None:
                    self._keys.round(tenant, self._seen)
                self._ask(tenant)
            except (StillwatchError, OSError) as error:
                self._failed(str(error))
            else:
                self._well()
        if self._store is not None:
            self._store.close()

    def _opened(self) -> "Tenant":
        if self._store is None:
            self._store = cases.open_store(self._books.url, audit_key=self._books.audit_key)
        return self._store.tenant(self._books.tenant)

    def _look(self, tenant: "Tenant") -> None:
        """Take people's changes up, where there are any."""
        fresh = self._fresh.is_set()
        self._fresh.clear()
        try:
            size, changed = cases.news(tenant, self._seen or 0)
            if fresh or changed or self._seen is None:
                with self._lock:
                    self._told = True  # an appeal may have let somebody off
                known = known_of(tenant, self._books.watch)
                if known != self._known:
                    _save(self._home / KNOWN, known)
                    with self._lock:
                        self._known, self._unpublished = known, True
            self._seen = size
        except StillwatchError:
            if fresh:
                self._fresh.set()
            raise
        with self._lock:
            if self._unpublished and self._rows is not None:
                self._publish()

    def _ask(self, tenant: "Tenant") -> None:
        """Take asks and challenges up, where there is a level policy and something to go by."""
        asking = self._asking
        if asking is None:
            return
        with self._lock:
            rows, facts, known, told = self._rows, self._facts, self._known, self._told
        if rows is None or facts is None or not (told or asking.due()):
            return
        with self._lock:
            self._told = False
        try:
            changed = asking.round(tenant, facts, applied(rows, known))
        except (StillwatchError, OSError):
            with self._lock:
                self._told = True
            raise
        if changed:
            with self._lock:
                self._publish()

    def _publish(self) -> None:
        assert self._rows is not None
        rows = self._rows if self._asking is None else self._asking.adjusted(self._rows)
        publish(self._verdicts, applied(rows, self._known), time.time_ns() // 1000)
        self._unpublished = False

    def _record(self, tenant: "Tenant", segment: Path) -> None:
        """Write the decisions of a closed segment to the audit, and take it away. Again, where it was interrupted."""
        rejected: list[Rejection] = []
        with segment.open("rb") as file:
            number = 1
            while lines := file.readlines(BATCH * 500):
                decisions, bad = read_decisions(lines, str(segment), number)
                rejected += bad
                for start in range(0, len(decisions), BATCH):
                    done = cases.record_decisions(tenant, decisions[start : start + BATCH])
                    rejected += [
                        msgspec.structs.replace(one, file=str(segment), line=None) for one in done.rejected
                    ]
                number += len(lines)
        if rejected:
            _append(self._home / REJECTED, b"".join(msgspec.json.encode(one) + b"\n" for one in rejected))
            LOG.warning(
                "%s: %d lines are no decisions; they are told in %s", segment, len(rejected), REJECTED
            )
        segment.unlink()

    def _failed(self, trouble: str) -> None:
        if self._trouble is None:
            LOG.warning(
                "cases cannot be kept up, and are tried again; verdicts go on as known last: %s", trouble
            )
        self._trouble = trouble

    def _well(self) -> None:
        if self._trouble is not None:
            LOG.warning("cases are kept up again")
        self._trouble = None


def _load(path: Path) -> Known:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Known)
    except FileNotFoundError:
        return Known()
    except msgspec.MsgspecError:  # of an older version; the store has it all
        return Known()


def _save(path: Path, known: Known) -> None:
    fresh = path.with_suffix(".new")
    _append(fresh, msgspec.msgpack.encode(known), anew=True)
    fresh.replace(path)


def _append(path: Path, data: bytes, *, anew: bool = False) -> None:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if anew else os.O_APPEND)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
