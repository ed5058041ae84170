"""The findings of a run as tables, over which named queries make every figure that leaves.

The tables are `campaigns`, `capabilities`, `models`, `timeline`, `evidence`, `members`, `flags` and, where the log is
given, `calls`. Accounts that a person cleared are left out of `members` and `flags`.
"""

import math
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec
import pyarrow as pa

from stillwatch.records import FLAGS, MEMBERS, Micros, NotThere, UnreadableInput, UsageError
from stillwatch.sharing.finding.calls import calls
from stillwatch.sharing.finding.queries import QUERIES
from stillwatch.sharing.finding.result_tables import Campaign, micros, parquet, read_result, tables

Row: TypeAlias = tuple[object, ...]


class Result(NamedTuple):
    """What a query gives, the id that makes it again, and the hash of its rows."""

    rows: list[Row]
    query: str
    sha256: str

    @property
    def value(self) -> float | int:
        """Of a query that gives one number."""
        found = self.rows[0][0] if self.rows else None
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
            raise UnreadableInput(f"{self.query}: the findings give no finite number")
        return found


class Folder:
    """The result directory of a run, read once. `log` is the log itself, for figures that the result does not hold."""

    def __init__(
        self,
        directory: Path,
        *,
        cleared: Iterable[str] = (),
        log: Path | None = None,
        made: str | None = None,
    ) -> None:
        self.directory = directory
        self._cleared = sorted(set(cleared))
        self._log = log
        document, self.digest = read_result(directory, self._cleared)
        if made is not None and made != self.digest:
            raise UsageError(
                f"the figures were made from run {made}, and {directory} holds run {self.digest}: the findings or the"
                " accounts that were cleared have changed since"
            )
        self.campaigns = {one.campaign_id: one for one in document.campaigns}
        self._coverage = document.log.coverage
        self._database = tables(document.campaigns)
        self._add_rows()

    @property
    def has_log(self) -> bool:
        return self._log is not None

    @property
    def log(self) -> Path | None:
        return self._log

    def coverage(self, field: str) -> float:
        """The share of the log's exchanges that carried a field; 1 where nothing is said of it."""
        return self._coverage.get(field, 1.0)

    def rows(self, name: str, columns: Iterable[str]) -> pa.Table:
        """Columns of `members` or `flags`, without the accounts that people cleared."""
        assert name in ("members", "flags")
        return self._database.table(name).select(*columns).to_arrow_table()

    def times(self, campaign_id: str) -> tuple[Micros, Micros, Micros, bool]:
        """First seen, last seen, alarm, and whether the campaign is active."""
        one = self.campaign(campaign_id)
        return micros(one.first_seen), micros(one.last_seen), micros(one.detected_at), one.active

    def campaign(self, campaign_id: str) -> Campaign:
        if campaign_id not in self.campaigns:
            known = ", ".join(sorted(self.campaigns)[:10]) or "none"
            raise NotThere(f"{self.directory}: no campaign {campaign_id!r}; there are: {known}")
        return self.campaigns[campaign_id]

    def run(self, name: str, campaign_id: str) -> Result:
        """The rows of a named query about a campaign."""
        if name not in QUERIES:
            raise NotThere(f"no query {name!r}; there are: {', '.join(sorted(QUERIES))}")
        self.campaign(campaign_id)
        query = QUERIES[name]
        if query.needs_log and self._log is None:
            raise UsageError(f"the query {name} needs the log: name its directory with --log")
        rows = self._database.execute(query.sql, {"campaign": campaign_id}).fetchall()
        said = msgspec.json.encode([list(row) for row in rows], order="sorted")
        return Result(rows, f"{name}/{campaign_id}/{self.digest}", sha256(said).hexdigest())

    def members(self, campaign_id: str) -> list[str]:
        """The accounts of a campaign that nobody cleared. They stay here; only tokens of them leave."""
        sql = "SELECT account_id FROM members WHERE campaign_id = $campaign ORDER BY account_id"
        return [row[0] for row in self._database.execute(sql, {"campaign": campaign_id}).fetchall()]

    def _add_rows(self) -> None:
        """Members and flags, and the calls where there is a log."""
        database = self._database
        database.register("cleared", pa.table({"account_id": pa.array(self._cleared, pa.string())}))
        for name, schema in (("members", MEMBERS), ("flags", FLAGS)):
            database.register(f"all_{name}", parquet(self.directory / f"{name}.parquet", schema))
            database.execute(f"CREATE VIEW {name} AS FROM all_{name} ANTI JOIN cleared USING (account_id)")
        if self._log is not None:
            database.register("calls", calls(self._log))
