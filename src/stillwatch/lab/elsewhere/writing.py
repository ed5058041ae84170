"""Write the log as a provider with several sources would: six parts in four shapes, and the truth beside it."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.lab.elsewhere.accounts import Account
from stillwatch.lab.elsewhere.provider import Provider, timestamp
from stillwatch.records import EXCHANGES

PARTS = 6
WITH_TIMES, WITH_NUMBERS, UNPACKED = 2, 5, 3  # the parts that are Parquet, and the one of plain JSON lines
REPEATED = 250  # of so many calls one is delivered twice
ROWS_AT_ONCE = 8_192
MALFORMED = [
    b'{"exchange_id": "req_trunc',
    b'{"ts": "2026-05-05T10:00:00Z", "account_id": "acc_x"}',
    b'{"exchange_id": "bad", "ts": "yesterday", "account_id": "acc_bad"}',
    b'{"exchange_id": "neg", "ts": 1780000000000000, "account_id": "acc_bad", "tokens_in": -4}',
    b"not json at all",
    b'{"exchange_id": 17, "ts": "2026-05-05T10:00:00+02:00", "account_id": null}',
]


def write(provider: Provider, out: Path, kinds: Mapping[str, str], *, knowing: bool, malformed: bool) -> None:
    """Write exchanges, accounts, events and truth/ into `out`; `kinds` names the kind of each operator."""
    rng = provider.rng("writing")
    spoilt = _write_exchanges(provider, rng, out, malformed=malformed)
    with (out / "accounts.jsonl").open("wb") as stream:
        for account in rng.sample(provider.accounts, len(provider.accounts)):
            if rng.random() >= 0.008:
                stream.writelines(_versions(provider, rng, account))
    _write_events(provider, out)
    _write_truth(provider, out / "truth", kinds, knowing=knowing)
    (out / "truth" / "malformed.json").write_text(json.dumps(spoilt, indent=1))


def _write_exchanges(provider: Provider, rng: Random, out: Path, *, malformed: bool) -> list[tuple[str, str]]:
    arrivals = provider.shelf.arrivals()
    again = np.array(rng.sample(range(arrivals.size), arrivals.size // REPEATED), np.int64)
    late = np.array([rng.expovariate(1 / 7_200) for _ in again])
    numbers = np.concatenate([np.arange(arrivals.size), again])
    order = np.argsort(np.concatenate([arrivals, arrivals[again] + late]), kind="stable")
    spoilt: list[tuple[str, str]] = []
    for part, chosen in enumerate(np.array_split(numbers[order], PARTS), start=1):
        if part in {WITH_TIMES, WITH_NUMBERS}:
            path = out / f"exchanges-{part:04d}.parquet"
            _write_parquet(provider, path, chosen, numbered=part == WITH_NUMBERS)
            continue
        path = out / f"exchanges-{part:04d}.jsonl{'' if part == UNPACKED else '.gz'}"
        broken = rng.sample(MALFORMED, 2) if malformed else []
        spoilt += [(path.name, line.decode()) for line in broken]
        places = sorted(rng.sample(range(chosen.size), len(broken)))
        with (
            path.open("wb")
            if part == UNPACKED
            else gzip.GzipFile(path, "wb", compresslevel=2, mtime=0) as stream
        ):
            for run in np.split(chosen, places):
                stream.writelines(line + b"\n" for line in provider.shelf.lines(run))
                if broken:
                    stream.write(broken.pop(0) + b"\n")
    return spoilt


def _write_parquet(provider: Provider, path: Path, chosen: NDArray[np.int64], *, numbered: bool) -> None:
    """One part as a table: times and ASNs as numbers, or as timestamps and `AS64500`."""
    schema = EXCHANGES.remove(EXCHANGES.get_field_index("logprobs"))
    ts, asn = (pa.int64(), pa.int64()) if numbered else (EXCHANGES.field("ts").type, pa.string())
    schema = schema.set(schema.get_field_index("ts"), pa.field("ts", ts, nullable=False))
    schema = schema.set(schema.get_field_index("asn"), pa.field("asn", asn))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, chosen.size, ROWS_AT_ONCE):
            lines = provider.shelf.lines(chosen[first : first + ROWS_AT_ONCE])
            rows = [_for_table(msgspec.json.decode(line), numbered=numbered) for line in lines]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _for_table(row: dict[str, Any], *, numbered: bool) -> dict[str, Any]:
    if isinstance(row["ts"], str):
        moment = datetime.fromisoformat(row["ts"])
        row["ts"] = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    if not numbered and "asn" in row:
        row["asn"] = f"AS{row['asn']}"
    return row


def _versions(provider: Provider, rng: Random, account: Account) -> Iterator[bytes]:
    """Give the lines of one account: as it signed up, and after each change."""
    style = account.time_style if rng.random() < 0.3 else 1

    def written(at: float) -> str | int:
        return timestamp(provider.moment(at), style)

    record: dict[str, object] = {"account_id": account.id, "created_at": written(account.opened)}
    record |= {
        name: value for name, value in account.record.items() if value is not None or rng.random() < 0.3
    }
    if account.versions:
        record["valid_from"] = record["created_at"]
    yield _line(record)
    for at, change in sorted(account.versions, key=lambda version: version[0]):
        record |= change | {"valid_from": written(at)}
        if "status" in change:
            record["status_at"] = written(at)
        yield _line(record)


def _write_events(provider: Provider, out: Path) -> None:
    told: list[tuple[float, dict[str, str | None]]] = [
        *provider.events,
        (provider.release, {"kind": "model_release", "model": "aurora-3.5"}),
        (provider.mini_release, {"kind": "model_release", "model": "aurora-3.5-mini"}),
        (0.2 * provider.end, {"kind": "policy_change", "note": "supported regions updated"}),
    ]
    with (out / "events.jsonl").open("wb") as stream:
        for at, event in sorted(told, key=lambda told: told[0]):
            stream.write(_line({"ts": timestamp(provider.moment(at), 1), **event}))


def _write_truth(provider: Provider, folder: Path, kinds: Mapping[str, str], *, knowing: bool) -> None:
    folder.mkdir(exist_ok=True)
    accounts = provider.accounts
    operators = pa.array([account.operator for account in accounts], pa.string())
    people = pa.table(
        {
            "account_id": [account.id for account in accounts],
            "cohort": [account.cohort for account in accounts],
            "operator": operators,
            "hard_negative": [account.hard_negative for account in accounts],
            "authorised": [account.authorised for account in accounts],
        }
    )
    calls = provider.shelf.truth()
    listed = [
        {"operator": name, "kind": kind, "knowing": knowing, **_told(calls, people, name)}
        for name, kind in kinds.items()
    ]
    (folder / "operators.json").write_text(json.dumps(listed, indent=1))
    pq.write_table(people, folder / "accounts.parquet")
    pq.write_table(calls.drop_columns(["micros"]), folder / "exchanges.parquet")


def _told(calls: pa.Table, people: pa.Table, operator: str) -> dict[str, object]:
    mine = calls.filter(pc.equal(calls["operator"], operator))
    accounts = people.filter(pc.equal(people["operator"], operator))["account_id"]
    theirs = calls.filter(pc.is_in(calls["account_id"], value_set=accounts.combine_chunks()))
    counts = Counter(mine["capability"].to_pylist())
    return {
        "accounts": len(accounts),
        "accounts_with_exchanges": pc.count_distinct(mine["account_id"]).as_py(),
        "exchanges": mine.num_rows,
        "cover_exchanges": theirs.num_rows - mine.num_rows,
        "capabilities": {name: round(count / mine.num_rows, 4) for name, count in counts.most_common()},
        "first_ts": timestamp(pc.min(mine["micros"]).as_py(), 2),
        "last_ts": timestamp(pc.max(mine["micros"]).as_py(), 2),
    }


def _line(record: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(record) + b"\n"
