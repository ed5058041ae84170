"""A small log with a campaign in it, and the command as a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
from functools import cache

import msgspec
import pyarrow as pa
import pytest

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


@pytest.fixture(scope="session")
def campaign_log(tmp_path_factory):
    return write_log(tmp_path_factory.mktemp("campaign") / "log", records(), "parquet")


@pytest.fixture(scope="session")
def large_log(tmp_path_factory):
    """Enough bytes for a process pool, in few records."""
    folder = tmp_path_factory.mktemp("large") / "log"
    folder.mkdir()
    with (folder / "exchanges.jsonl").open("w") as file:
        for number in range(1500):
            prompt = f"{CANARY} {number} " * 800
            file.write(
                f'{{"exchange_id": "ex-{number}", "ts": {START + number}, "account_id": "acc-{number % 7}", '
                f'"prompt": "{prompt}"}}\n'
            )
    return folder


@pytest.fixture
def started():
    """Starts `stillwatch detect` as a process and group of its own; ends it if a test did not."""
    running = []

    def start(*arguments):
        environment = {name: value for name, value in os.environ.items() if name != "STILLWATCH_KEY"}
        code = "from stillwatch.cli import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, "detect", *map(str, arguments)],
            env=environment | {"COLUMNS": "2000"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too: they hold the pipes open
        process.communicate()
