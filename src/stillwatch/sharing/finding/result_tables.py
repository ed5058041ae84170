"""The files of a result directory as records and tables; whatever they hold that the contract does not is refused."""

import math
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import Micros, UnreadableInput, micros_of

SCHEMA = "stillwatch.campaigns/1"
FILES = ("campaigns.json", "members.parquet", "flags.parquet")
DIGEST = 16  # hexadecimal digits of a run's digest in a query id


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


class Campaign(msgspec.Struct):
    """What of a campaign the queries look at."""

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


class _Log(msgspec.Struct, frozen=True):
    coverage: dict[str, float] = {}


class Document(msgspec.Struct):
    """`campaigns.json`."""

    schema: str
    campaigns: list[Campaign]
    log: _Log = _Log()


def read_result(directory: Path, cleared: list[str]) -> tuple[Document, str]:
    """The document, and the digest of the whole run without the accounts that were cleared."""
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
        document = msgspec.json.decode(contents[FILES[0]], type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableInput(f"{path}: not a {SCHEMA} document ({error})") from error
    if document.schema != SCHEMA:
        raise UnreadableInput(f"{path}: its schema is {document.schema!r}, expected {SCHEMA!r}")
    return document, digest.hexdigest()[:DIGEST]


def tables(campaigns: list[Campaign]) -> duckdb.DuckDBPyConnection:
    """A database of what `campaigns.json` says."""
    rows: dict[str, list[dict[str, object]]] = {
        "campaigns": [
            {
                "campaign_id": one.campaign_id,
                "first_seen": micros(one.first_seen),
                "detected_at": micros(one.detected_at),
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
                "start": micros(step.start),
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


def parquet(path: Path, schema: pa.Schema) -> pa.Table:
    """A file of the contract, by its schema."""
    try:
        return pq.read_table(path, columns=schema.names).cast(schema)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise UnreadableInput(f"{path}: not as the output contract has it ({error})") from error


def micros(time: datetime) -> Micros:
    return Micros(micros_of(time.isoformat()))
