"""The truth beside a simulated log: who operates which account, and which exchanges are illicit."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.lab.plugins import catalogue
from stillwatch.lab.requests import Slice

ACCOUNTS_TRUTH = pa.schema(
    [
        ("account_id", pa.string()),
        ("cohort", pa.string()),
        ("operator", pa.string()),
        ("hard_negative", pa.bool_()),
        ("authorised", pa.bool_()),
    ]
)
EXCHANGES_TRUTH = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("account_id", pa.string()),
        ("operator", pa.string()),
        ("capability", pa.string()),
    ]
)


@dataclass
class Truth:
    """Collects what is true while a log is made; `write` puts it into a folder."""

    accounts: list[pa.Table] = field(default_factory=list)
    exchanges: list[pa.Table] = field(default_factory=list)

    def add_people(self, made: Slice) -> None:
        people = made.people
        columns = [
            pa.array(people.account["account_id"].tolist()),
            pa.array([people.cohort] * people.size, pa.string()),
            pa.array([people.operator] * people.size, pa.string()),
            pa.array(np.full(people.size, people.hard_negative)),
            pa.array([bool(flag) for flag in people.account["authorised_distillation"]]),
        ]
        self.accounts.append(pa.Table.from_arrays(columns, schema=ACCOUNTS_TRUTH))

    def add_exchanges(self, rows: pa.Table) -> None:
        """Rows of the log, in the log's order, with their exchange ids and truth columns."""
        self.exchanges.append(rows.select([*EXCHANGES_TRUTH.names, "ts"]))

    def write(self, folder: Path, order: np.ndarray) -> None:
        """Write the three files; `order` shuffles the accounts as in the log."""
        folder.mkdir(parents=True, exist_ok=True)
        accounts = pa.concat_tables(self.accounts).take(pa.array(order))
        exchanges = pa.concat_tables(self.exchanges)
        pq.write_table(accounts, folder / "accounts.parquet", compression="zstd")
        pq.write_table(
            exchanges.select(EXCHANGES_TRUTH.names), folder / "exchanges.parquet", compression="zstd"
        )
        (folder / "operators.json").write_text(json.dumps(_operators(accounts, exchanges), indent=1) + "\n")


def _operators(accounts: pa.Table, exchanges: pa.Table) -> list[dict[str, object]]:
    known = catalogue()
    illicit = exchanges.filter(pc.is_valid(exchanges["operator"]))
    counts = dict(
        zip(*(column.to_pylist() for column in pc.value_counts(accounts["operator"]).flatten()), strict=True)
    )
    listed: list[dict[str, object]] = []
    for name in sorted(name for name in counts if name is not None):
        rows = illicit.filter(pc.equal(illicit["operator"], name))
        shares = dict(
            zip(
                *(column.to_pylist() for column in pc.value_counts(rows["capability"]).flatten()), strict=True
            )
        )
        micros = rows["ts"].cast(pa.int64())
        listed.append(
            {
                "operator": name,
                "kind": known[name].kind,
                "accounts": counts[name],
                "exchanges": rows.num_rows,
                "capabilities": {
                    capability: round(shares[capability] / rows.num_rows, 4)
                    for capability in sorted(shares, key=lambda key: -shares[key])
                },
                "first_ts": pc.min(micros).as_py(),
                "last_ts": pc.max(micros).as_py(),
            }
        )
    return listed
