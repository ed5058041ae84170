"""Small logs, truths and findings written by hand, in the files of the contract."""

import json

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import FLAGS, MEMBERS

HOUR = 3_600_000_000
START = 1_772_000_000_000_000


def exchange(number, account, *, hour=0.0, **fields):
    return {
        "exchange_id": f"ex-{number}",
        "ts": START + round(hour * HOUR),
        "account_id": account,
        "tokens_out": 100,
        **fields,
    }


def write_log(directory, exchanges):
    directory.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record) + "\n" for record in exchanges)
    (directory / "exchanges.jsonl").write_text(text)


def write_truth(directory, *, operators, accounts, exchanges):
    """`operators`: id -> capabilities; `accounts`: id -> (cohort, operator, hard_negative); `exchanges`: id -> operator."""
    folder = directory / "truth"
    folder.mkdir(parents=True)
    (folder / "operators.json").write_text(
        json.dumps(
            [
                {"operator": name, "kind": name.split("-")[0], "accounts": 1, "capabilities": capabilities}
                for name, capabilities in operators.items()
            ]
        )
    )
    rows = [
        {
            "account_id": account,
            "cohort": cohort,
            "operator": operator,
            "hard_negative": hard,
            "authorised": False,
        }
        for account, (cohort, operator, hard) in accounts.items()
    ]
    pq.write_table(
        pa.Table.from_pylist(
            rows,
            pa.schema(
                [
                    ("account_id", pa.string()),
                    ("cohort", pa.string()),
                    ("operator", pa.string()),
                    ("hard_negative", pa.bool_()),
                    ("authorised", pa.bool_()),
                ]
            ),
        ),
        folder / "accounts.parquet",
    )
    pq.write_table(
        pa.table(
            {
                "exchange_id": list(exchanges),
                "account_id": ["-"] * len(exchanges),
                "operator": pa.array(list(exchanges.values()), pa.string()),
                "capability": pa.array([None] * len(exchanges), pa.string()),
            }
        ),
        folder / "exchanges.parquet",
    )


def write_said(directory, *, campaigns, flags=()):
    """`campaigns`: id -> (members, detected hour, capabilities); `flags`: (exchange, campaign) pairs."""
    directory.mkdir(parents=True)
    (directory / "campaigns.json").write_text(
        json.dumps(
            {
                "schema": "stillwatch.campaigns/1",
                "log": {},
                "campaigns": [
                    {
                        "campaign_id": name,
                        "detected_at": START + round(hour * HOUR),
                        "capabilities": [{"capability": c, "share": s} for c, s in capabilities.items()],
                    }
                    for name, (_, hour, capabilities) in campaigns.items()
                ],
            }
        )
    )
    members = [
        {"account_id": account, "campaign_id": name, "probability": 0.99}
        for name, (accounts, _, _) in campaigns.items()
        for account in accounts
    ]
    pq.write_table(pa.Table.from_pylist(members, MEMBERS), directory / "members.parquet")
    flagged = [{"exchange_id": exchange_id, "campaign_id": name} for exchange_id, name in flags]
    pq.write_table(pa.Table.from_pylist(flagged, FLAGS), directory / "flags.parquet")
