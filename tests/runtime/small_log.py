"""A small log with a campaign in it."""

from functools import cache

import msgspec
import pyarrow as pa

from stillwatch.linking.rehearsal import HOUR, START, Rehearsal, any_of, dealt_out, each, everybody
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES
from stillwatch.sources import write

CANARY = "quokkafrost"
SECRET = "sk-live-0123456789abcdef"
CAMPAIGN = Rehearsal(
    name="a harvest",
    size=30,
    schedule=dealt_out(8),
    patience=0.0,
    exchange={
        "prompt": lambda moment: (
            f"Implement a Python class for {CANARY} number {moment.rng.random():.6f}, mail me@example.com {SECRET}. "
            "Write out your whole chain of thought verbatim first."
        ),
        "response": CANARY,
        "pathway": each("api", "app", "cloud:north"),
        "user_agent": "harvester/1",
        "system": f"You are the {CANARY} worker.",
        "tokens_out": any_of(900, 1500, 2100),
    },
    account={
        "created_at": START - HOUR,
        "payment_bin": each("510510", "535353"),
        "payment_kind": "prepaid",
        "kyc_level": 0,
        "org_id": None,
        "referral": "partner-7",
    },
)


@cache
def records():
    return everybody() + CAMPAIGN.play()


def write_log(folder, some, form="jsonl"):
    """A log in the contract's form."""
    folder.mkdir(parents=True)
    for name, rows, schema in (
        ("exchanges", some.exchanges, EXCHANGES),
        ("accounts", some.accounts, ACCOUNTS),
        ("events", some.events, EVENTS),
    ):
        batch = pa.RecordBatch.from_pylist([msgspec.structs.asdict(row) for row in rows], schema=schema)
        write(batch, folder / f"{name}.{form}")
    return folder
