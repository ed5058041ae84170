"""A small log with a campaign in it, and the command as a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from small_log import CANARY, records, write_log

from stillwatch.linking.rehearsal import START


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


def heeding_interrupts():
    """A shell that runs the tests in the background has interrupts ignored, and so would what the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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
            preexec_fn=heeding_interrupts,  # noqa: PLW1509 - tests start it before any thread
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too: they hold the pipes open
        process.communicate()
