"""The findings of a run as tables, over which named queries make every figure that leaves.

The tables are `campaigns`, `capabilities`, `models`, `timeline`, `evidence`, `members`, `flags` and, where the log is
given, `calls`. Accounts that a person cleared are left out of `members` and `flags`.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeAlias

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import FLAGS, MEMBERS, Micros, NotThere, UnreadableInput, UsageError, micros_of
from stillwatch.sharing.finding.queries import QUERIES

SCHEMA = "stillwatch.campaigns/1"
FILES = ("campaigns.json", "members.parquet", "flags.parquet")
DIGEST = 16  # hexadecimal digits of a run's digest in a query id
CALL_COLUMNS = ("exchange_id", "ts", "account_id", "asn", "ja4")
READERS = {".parquet": "read_parquet", ".jsonl": "read_json", ".gz": "read_json", ".zst": "read_json"}

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


class _Claim(msgspec.Struct):
    detector: str
    value: float | str
    expected_if_benign: float | str
    strength: float
    children: list["_Claim"] = []


class _Interval(msgspec.Struct):
    start: datetime
    exchanges: int
    accounts: int
    models: dict[str, int]


class _Capability(msgspec.Struct):
    capability: str
    share: float


class _Model(msgspec.Struct):
    model: str
    share: float


class _Campaign(msgspec.Struct):
    campaign_id: str
    first_seen: datetime
    last_seen: datetime
    detected_at: datetime
    active: bool
    accounts: int
    exchanges: int
    tokens_in: int
    tokens_out: int
    capabilities: list[_Capability]
    models: list[_Model]
    log_e_value: float
    fdr: float
    evidence: _Claim
    timeline: list[_Interval] = []


class _Document(msgspec.Struct):
    schema: str
    campaigns: list[_Campaign]


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
        document, self.digest = _read(directory, self._cleared)
        if made is not None and made != self.digest:
            raise UsageError(
                f"the figures were made from run {made}, and {directory} holds run {self.digest}: the findings or the"
                " accounts that were cleared have changed since"
            )
        self.campaigns = {one.campaign_id: one for one in document.campaigns}
        self._database = _tables(document.campaigns)
        self._add_rows()

    @property
    def has_log(self) -> bool:
        return self._log is not None

    def times(self, campaign_id: str) -> tuple[Micros, Micros, Micros, bool]:
        """First seen, last seen, alarm, and whether the campaign is active."""
        one = self.campaign(campaign_id)
        return _micros(one.first_seen), _micros(one.last_seen), _micros(one.detected_at), one.active

    def campaign(self, campaign_id: str) -> _Campaign:
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
            database.register(f"all_{name}", _parquet(self.directory / f"{name}.parquet", schema))
            database.execute(f"CREATE VIEW {name} AS FROM all_{name} ANTI JOIN cleared USING (account_id)")
        if self._log is not None:
            database.register("calls", _calls(self._log))


def _read(directory: Path, cleared: list[str]) -> tuple[_Document, str]:
    digest = sha256()
    contents: dict[str, bytes] = {}
    for name in FILES:
        path = directory / name
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
        digest.update(name.encode() + sha256(contents[name]).digest())
    for account in cleared:
        digest.update(sha256(account.encode("utf-8", errors="backslashreplace")).digest())
    path = directory / FILES[0]
    try:
        document = msgspec.json.decode(contents[FILES[0]], type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableInput(f"{path}: not a {SCHEMA} document ({error})") from error
    if document.schema != SCHEMA:
        raise UnreadableInput(f"{path}: its schema is {document.schema!r}, expected {SCHEMA!r}")
    return document, digest.hexdigest()[:DIGEST]


def _tables(campaigns: list[_Campaign]) -> duckdb.DuckDBPyConnection:
    rows: dict[str, list[dict[str, object]]] = {
        "campaigns": [
            {
                "campaign_id": one.campaign_id,
                "first_seen": _micros(one.first_seen),
                "detected_at": _micros(one.detected_at),
                **{name: getattr(one, name) for name in ("accounts", "exchanges", "tokens_in", "tokens_out")},
                "log_e_value": one.log_e_value,
                "fdr": one.fdr,
            }
            for one in campaigns
        ],
        "capabilities": [
            {"campaign_id": one.campaign_id, "capability": share.capability, "share": share.share}
            for one in campaigns
            for share in one.capabilities
        ],
        "models": [
            {"campaign_id": one.campaign_id, "model": share.model, "share": share.share}
            for one in campaigns
            for share in one.models
        ],
        "timeline": [
            {
                "campaign_id": one.campaign_id,
                "start": _micros(step.start),
                "accounts": step.accounts,
                "model": model,
                "exchanges": count,
            }
            for one in campaigns
            for step in one.timeline
            for model, count in step.models.items()
        ],
        "evidence": [row for one in campaigns for row in _claims(one.campaign_id, one.evidence)],
    }
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    for name, found in rows.items():
        database.register(name, pa.Table.from_pylist(found, schema=_SCHEMAS[name]))
    return database


_TEXT, _WHOLE, _REAL = pa.string(), pa.int64(), pa.float64()
_SCHEMAS = {
    "campaigns": pa.schema(
        [("campaign_id", _TEXT)]
        + [
            (name, _WHOLE)
            for name in ("first_seen", "detected_at", "accounts", "exchanges", "tokens_in", "tokens_out")
        ]
        + [("log_e_value", _REAL), ("fdr", _REAL)]
    ),
    "capabilities": pa.schema([("campaign_id", _TEXT), ("capability", _TEXT), ("share", _REAL)]),
    "models": pa.schema([("campaign_id", _TEXT), ("model", _TEXT), ("share", _REAL)]),
    "timeline": pa.schema(
        [
            ("campaign_id", _TEXT),
            ("start", _WHOLE),
            ("accounts", _WHOLE),
            ("model", _TEXT),
            ("exchanges", _WHOLE),
        ]
    ),
    "evidence": pa.schema(
        [
            ("campaign_id", _TEXT),
            ("detector", _TEXT),
            ("value", _REAL),
            ("expected", _REAL),
            ("strength", _REAL),
        ]
    ),
}


def _claims(campaign_id: str, claim: _Claim) -> Iterable[dict[str, object]]:
    yield {
        "campaign_id": campaign_id,
        "detector": claim.detector,
        "value": _finite(claim.value),
        "expected": _finite(claim.expected_if_benign),
        "strength": claim.strength,
    }
    for child in claim.children:
        yield from _claims(campaign_id, child)


def _finite(value: float | str) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _parquet(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        return pq.read_table(path, columns=schema.names).cast(schema)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise UnreadableInput(f"{path}: not as the output contract has it ({error})") from error


def _calls(log: Path) -> pa.Table:
    """The columns of the log's exchanges that indicators look at, of canonical files."""
    files = sorted(path for path in log.glob("exchanges*") if path.suffix in READERS)
    if not files:
        raise UnreadableInput(f"{log}: no exchanges*.parquet or exchanges*.jsonl of the file contract")
    reader = READERS[files[0].suffix]
    wanted = ", ".join(CALL_COLUMNS)
    names = [str(path) for path in files if READERS[path.suffix] == reader]
    try:
        database = duckdb.connect()
        database.execute("SET TimeZone = 'UTC'")
        relation = database.sql(
            f"SELECT {wanted} FROM {reader}($files, union_by_name = true)",  # noqa: S608 - both are constants
            params={"files": names},
        )
        return relation.to_arrow_table()
    except duckdb.Error as error:
        raise UnreadableInput(f"{log}: its exchanges cannot be read ({error})") from error


def _micros(time: datetime) -> Micros:
    return Micros(micros_of(time.isoformat()))
