"""Calls through real gateways while Stillwatch's processes are killed and started again, over and over.

STILLWATCH_KILL_CALLS says how many calls; 10,000 take some minutes.
"""

import itertools
import json
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from accounts import publish_verdicts
from answers import request_of
from asking import PATHS

from stillwatch.lab.served import servers
from stillwatch.lab.served.process import free_port

CALLS = int(os.environ.get("STILLWATCH_KILL_CALLS", "2000"))
SHARES = {"litellm": 0.2, "envoy": 0.4, "asgi": 0.4}  # LiteLLM takes ten times as long
ENDS = {"chat": "data: [DONE]", "messages": "event: message_stop", "responses": "response.completed"}
CONFIGURATION = """\
spool: spool
policy: policy.yaml
verdicts: verdicts
account_header: x-account-id
enforce: true
limits: {segment_seconds: 1}
"""


class Kept:
    """Second names for all segments of a spool, so that what stood in them can be counted when they are gone."""

    def __init__(self, spool, folder):
        self.spool, self.folder = spool, folder
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while not self.stop.wait(0.02):
            self._look()

    def _look(self):
        for path in self.spool.glob("exchanges-*"):
            name = self.folder / path.name.removesuffix(".open")
            if not name.exists():
                try:
                    os.link(path, name)
                except FileNotFoundError:
                    continue  # renamed; seen by the next look

    def ids(self):
        lines = [line for path in self.folder.iterdir() for line in path.read_bytes().splitlines()]
        return [json.loads(line)["exchange_id"] for line in lines]


def send(url, count, pause, account):
    """Calls one after the other, in all formats, every other one streamed; what failed of them."""
    failed = []
    kinds = itertools.cycle([(route, stream) for route in PATHS for stream in (False, True)])
    headers = {"x-account-id": account, "authorization": f"Bearer sk-{account}"}
    with httpx.Client(base_url=url, timeout=60.0, headers=headers) as client:
        for route, stream in itertools.islice(kinds, count):
            body = request_of(route, **({"stream": True} if stream else {}))
            body["model"] = "claude-1" if route == "messages" else "large-1"
            try:
                reply = client.post(PATHS[route], json=body)
                whole = reply.status_code == 200 and (ENDS[route] in reply.text if stream else reply.json())
            except httpx.HTTPError as error:
                failed.append((route, stream, repr(error)))
            else:
                if not whole:
                    failed.append((route, stream, reply.status_code, reply.text[-200:]))
            time.sleep(pause)
    return failed


@pytest.fixture
def fronts(tmp_path, litellm_python):
    """The three gateways on one spool, and the processor, which is to be killed."""
    if servers.envoy_binary() is None:
        pytest.skip("Envoy is not installed")
    publish_verdicts(tmp_path)
    config = tmp_path / "gateway.yaml"
    config.write_text(CONFIGURATION)
    with (
        servers.provider(tmp_path) as provider,
        servers.processor(tmp_path, config) as processor,
        servers.envoy(tmp_path, provider.port, processor.port) as envoy,
        servers.asgi(tmp_path, config) as asgi,
        servers.litellm(
            tmp_path, provider.port, litellm_python, [servers.guardrail("gateway.yaml")]
        ) as litellm,
    ):
        yield {"envoy": envoy, "asgi": asgi, "litellm": litellm}, processor


def watch(folder, *more):
    words = ["watch", f"{folder / 'spool'}?consume=1", "--out", str(folder / "out"), *more]
    return servers.stillwatch_command(words, free_port(), folder / "watch.log")


def test_no_call_fails_and_nothing_spooled_is_lost(fronts, tmp_path):
    gateways, processor = fronts
    counts = {name: int(CALLS * share) for name, share in SHARES.items()}
    (tmp_path / "kept").mkdir()
    (tmp_path / "spool").mkdir(exist_ok=True)
    kept = Kept(tmp_path / "spool", tmp_path / "kept")
    kept.thread.start()
    watching = watch(tmp_path)
    watching.start(wait=False)
    kills = 0
    with ThreadPoolExecutor(3) as pool:
        sending = {
            name: pool.submit(
                send, gateways[name].url, count, 0.0 if name == "litellm" else 0.02, f"acc-{name}"
            )
            for name, count in counts.items()
        }
        while not all(each.done() for each in sending.values()):
            time.sleep(1.0)
            processor.kill()
            watching.kill()
            kills += 1
            time.sleep(0.2)
            watching.start(wait=False)
            processor.start()
    assert [failure for each in sending.values() for failure in each.result()] == []
    assert kills >= 2
    assert send(gateways["envoy"].url, 6, 0.0, "acc-envoy") == []  # recorded by the last processor
    watching.kill()
    for each in (*gateways.values(), processor):
        each.stop()
    kept.stop.set()
    kept.thread.join()
    spooled = kept.ids()
    assert len(spooled) == len(set(spooled))
    told = finished(tmp_path)
    assert told == len(spooled)
    assert counts["litellm"] + counts["asgi"] <= told <= CALLS + 6
    assert told > counts["litellm"] + counts["asgi"] + 6  # some of Envoy's
    assert not list((tmp_path / "spool").glob("exchanges-*"))


def finished(folder: Path) -> int:
    """The watch reads what is left, and says how many exchanges there were in all."""
    last = watch(folder, "--until-end")
    last.log.unlink()
    last.start(wait=False)
    until = time.monotonic() + 120.0
    try:
        while time.monotonic() < until:
            said = re.search(r"([\d,]+) exchanges?, .*the findings are in", last.log.read_text(), re.DOTALL)
            if said:
                return int(said[1].replace(",", ""))
            time.sleep(0.2)
    finally:
        last.stop()
    raise AssertionError(last.log.read_text()[-2000:])
