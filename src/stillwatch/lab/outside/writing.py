"""Write the log as a provider would: calls in the order they arrive, accounts, events, and the truth beside them."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.lab.outside.ledger import lines
from stillwatch.lab.outside.world import DAY, World
from stillwatch.records import EXCHANGES

MICROS = 1_000_000
LATE = 0.01  # share of calls that reach the log half an hour late, others seconds
REPEATED = 0.0008  # share of calls that reach it twice
PARTS = (3, 4, 5)

Style = Mapping[str, object]
"""What is true of an operator's ways, for those who study misses."""


def write(world: World, out: Path, styles: Mapping[str, Style]) -> None:
    """Write exchanges, accounts, events and truth/ into `out`; `styles` tells of each operator."""
    (out / "truth").mkdir(exist_ok=True)
    seconds = np.array(world.calls.columns["ts"])
    micros = ((seconds + world.start) * MICROS).astype(np.int64)
    micros += world.many.integers(0, 997, micros.size)
    recorded = _write_exchanges(world, out, micros)
    _write_lines(out / "accounts.jsonl", lines(world))
    _write_lines(out / "events.jsonl", _events(world))
    _write_truth(world, out / "truth", micros)
    _write_json(out / "truth" / "operators.json", _operators(world, micros, styles))
    _write_json(out / "truth" / "provider.json", _provider(world, recorded))


def _write_exchanges(world: World, out: Path, micros: NDArray[np.int64]) -> dict[str, float]:
    """Write the calls in parts; return the share of them that carries each field."""
    order = _arrivals(world, micros)
    table = _table(world, micros).take(pa.array(order))
    parts = world.rng.choice(PARTS)
    rows = math.ceil(table.num_rows / parts)
    for part in range(parts):
        path = out / f"exchanges-{part + 1:04d}.parquet"
        pq.write_table(table.slice(part * rows, rows), path, compression="zstd")
    filled = {name: 1 - table[name].null_count / table.num_rows for name in table.column_names}
    return {name: round(share, 3) for name, share in filled.items()}


def _arrivals(world: World, micros: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the calls as they reach the log: nearly by time, a few late, a few twice."""
    many, count = world.many, micros.size
    late = np.where(many.random(count) < LATE, many.exponential(1800e6, count), many.exponential(2e6, count))
    arrival = micros + late.astype(np.int64)
    order = np.argsort(arrival, kind="stable")
    again = many.choice(count, int(count * REPEATED), replace=False)
    reached = np.concatenate([arrival[order], arrival[again] + many.integers(10**6, 10**9, again.size)])
    numbers: NDArray[np.int64] = np.concatenate([order, again])[np.argsort(reached, kind="stable")]
    return numbers


def _table(world: World, micros: NDArray[np.int64]) -> pa.Table:
    """All calls with the fields this provider records; half of the gaps are of old clients, half of single calls."""
    columns, recording = world.calls.columns, world.recording.exchanges
    single = {name: world.many.random(micros.size) for name in columns}
    drawn = {account.id: world.rng.random() * 7919 % 1 for account in world.accounts}
    client = np.array([drawn[account] for account in columns["account_id"]])
    arrays = {"ts": pa.array(micros).cast(EXCHANGES.field("ts").type)}
    for name, values in columns.items():
        share = recording.get(name, 1.0)
        if name == "ts" or not share:
            continue
        gap = (1 - share) / 2
        lost = (single[name] < gap) | (client < gap)
        arrays[name] = pa.array(_without(values, lost), EXCHANGES.field(name).type)
    return pa.table({name: arrays[name] for name in EXCHANGES.names if name in arrays})


def _without(values: list[Any], lost: NDArray[np.bool_]) -> list[Any]:
    if not lost.any():
        return values
    return [None if missing else value for value, missing in zip(values, lost.tolist(), strict=True)]


def _events(world: World) -> Iterable[Mapping[str, object]]:
    for event in sorted(world.events, key=lambda event: event.at):
        told = {"model": event.model, "account_id": event.account, "note": event.note}
        known = {name: value for name, value in told.items() if value is not None}
        yield {"ts": int((world.start + event.at) * MICROS), "kind": event.kind, **known}


def _write_truth(world: World, folder: Path, micros: NDArray[np.int64]) -> None:
    names = ("exchange_id", "account_id", "operator", "capability")
    columns = zip(names, zip(*world.calls.truth, strict=True), strict=True)
    calls = pa.table({name: pa.array(column, pa.string()) for name, column in columns})
    pq.write_table(calls.take(pa.array(np.argsort(micros, kind="stable"))), folder / "exchanges.parquet")
    accounts = world.accounts
    people = pa.table(
        {
            "account_id": [account.id for account in accounts],
            "cohort": [account.cohort for account in accounts],
            "operator": pa.array([account.operator for account in accounts], pa.string()),
            "hard_negative": [account.hard_negative for account in accounts],
            "authorised": [account.authorised for account in accounts],
            "n_exchanges": [account.exchanges for account in accounts],
        }
    )
    pq.write_table(people.sort_by("account_id"), folder / "accounts.parquet")


def _operators(
    world: World, micros: NDArray[np.int64], styles: Mapping[str, Style]
) -> list[dict[str, object]]:
    return [{**_told(world, micros, operator), "style": style} for operator, style in styles.items()]


def _told(world: World, micros: NDArray[np.int64], operator: str) -> dict[str, object]:
    mine = [number for number, truth in enumerate(world.calls.truth) if truth.operator == operator]
    taken = [truth.capability for truth in world.calls.truth if truth.operator == operator]
    shares = {capability: taken.count(capability) / len(taken) for capability in sorted({*map(str, taken)})}
    callers = [account for account in world.accounts if account.operator == operator and account.exchanges]
    return {
        "operator": operator,
        "kind": operator.removeprefix("op-"),
        "accounts": len(callers),
        "exchanges": len(mine),
        "capabilities": {
            name: round(share, 5) for name, share in sorted(shares.items(), key=lambda pair: -pair[1])
        },
        "first_ts": int(micros[mine].min()),
        "last_ts": int(micros[mine].max()),
    }


def _provider(world: World, recorded: Mapping[str, float]) -> dict[str, object]:
    models = world.models
    return {
        "start": world.start * MICROS,
        "recorded": recorded,
        "account_fields": {name: round(share, 2) for name, share in world.recording.accounts.items()},
        "versioned": world.recording.versioned,
        "releases": [
            (model, int((world.start + day * DAY) * MICROS))
            for model, day in zip(models.new, models.releases, strict=True)
        ],
    }


def _write_lines(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    with path.open("wb") as stream:
        stream.writelines(msgspec.json.encode(record) + b"\n" for record in records)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
