"""Two worker processes of one server: one rate for both, and files of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from answers import request_of

import stillwatch
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Micros, Verdict

CONFIGURATION = """\
spool: spool
policy: policy.yaml
verdicts: verdicts
account_header: x-account-id
enforce: true
rate_file: rates
"""
POLICY = """\
rules:
  - {id: cap, mode: enforce, when: has_verdict, step: cap_rate, settings: {per_minute: 60}, reason: campaign_rate}
"""
ACCOUNTS = [f"acc-{number}" for number in range(50)]


@pytest.fixture
def server(tmp_path):
    verdict = Verdict(
        campaign_id="camp-1",
        state="open",
        probability=0.99,
        log_e_value=20.0,
        accounts=50,
        capability="coding",
        since=Micros(1_772_000_000_000_000),
        active=True,
    )
    (tmp_path / "gateway.yaml").write_text(CONFIGURATION)
    (tmp_path / "policy.yaml").write_text(POLICY)
    publish(tmp_path / "verdicts", rows((account, verdict) for account in ACCOUNTS), 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        "-m",
        "uvicorn",
        "--factory",
        "worker_app:create",
        "--workers",
        "2",
        "--log-level",
        "error",
        "--port",
    ]
    process = subprocess.Popen(
        [sys.executable, *words, str(port)],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(stillwatch.__file__).parents[1]),
            "STILLWATCH_GATEWAY": str(tmp_path / "gateway.yaml"),
        },
        cwd=Path(__file__).parent,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def posted(address, account):
    """One call on a connection of its own, so that both workers get some."""
    body = json.dumps(request_of("chat"))
    return httpx.post(
        f"{address}/v1/chat/completions", content=body, headers={"x-account-id": account}
    ).status_code


def test_fifty_accounts_and_two_workers_share_one_rate(server, tmp_path):
    address, process = server
    until = time.monotonic() + 30.0
    while time.monotonic() < until:
        try:
            posted(address, "acc-of-no-one")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    begun = time.monotonic()
    statuses = [posted(address, account) for account in ACCOUNTS]
    allowed = 10 + (time.monotonic() - begun) + 1  # a burst of ten and one a second
    assert 10 <= statuses.count(200) <= allowed
    assert set(statuses) == {200, 429}
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    spool = tmp_path / "spool"
    assert not list(spool.glob("*.open"))
    taken = [json.loads(line) for path in spool.glob("decisions-*") for line in path.read_text().splitlines()]
    assert len(taken) == len(ACCOUNTS)
    exchanges = [line for path in spool.glob("exchanges-*") for line in path.read_text().splitlines()]
    assert len(exchanges) == len(ACCOUNTS) + 1
