"""`stillwatch serve` as a process: killed at any moment, nothing that it acknowledged is lost."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import msgspec
import pytest
from composed_campaigns import START, names, opened
from postgres import running

from stillwatch.cases import api
from stillwatch.records import Decision, Micros, TakenDecision
from stillwatch.runtime.lock import holder

PROGRAM = [sys.executable, "-c", "from stillwatch.cli import main; main()"]
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "run-the-service.md"
JSONL = {"content-type": "application/x-ndjson"}


def environment(**more):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STILLWATCH_")}
    return inherited | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"} | more


def run(*arguments, **more):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(**more),
    )


class Served:
    """A running service, and what it has said."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.said = folder / "said"
        with self.said.open("ab") as out:
            before = out.tell()
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--out", str(folder / "out"), "--port", "0", *map(str, options)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment(),
            )
        until = time.monotonic() + 30
        while not (found := re.findall(r"serving on (http://\S+)", self.said.read_text()[before:])):
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < until, self.said.read_text()
            time.sleep(0.05)
        self.address = f"{found[-1]}"
        text = (folder / "out" / "first-token").read_text().strip()
        self.client = httpx.Client(
            base_url=f"{self.address}/v1/default", headers={"authorization": f"Bearer {text}"}, timeout=20
        )

    def ready(self, seconds=30):
        until = time.monotonic() + seconds
        while (answer := httpx.get(f"{self.address}/readyz", timeout=5)).status_code != 200:
            assert time.monotonic() < until, answer.text
            time.sleep(0.1)

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.client.close()

    def end(self):
        self.process.terminate()
        code = self.process.wait(60)
        self.client.close()
        return code


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*options):
        started.append(Served(tmp_path, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()
    left = holder(tmp_path / "out" / "state")
    if left is not None:
        os.kill(left, signal.SIGTERM)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """Options that name a store with a case in it, and how to open it."""
    key = tmp_path / "audit.key"
    with contextlib.ExitStack() as stack:
        url = (
            f"sqlite:///{tmp_path}/cases.db" if request.param == "sqlite" else stack.enter_context(running())
        )
        yield url, key


def exchange(number):
    return b'{"exchange_id": "ex-%d", "ts": 1772438403000000, "account_id": "acc-1"}\n' % number


def decision(number):
    made = Decision(decision_id=f"d-{number}", ts=Micros(START), account_id="acc-1", step="tag")
    return msgspec.json.encode(TakenDecision(decision=made, exchange_id="e", route="chat", outcome="applied"))


def send(service, case_id, kind, at):
    """One request of a kind, with a number to know it by; whether it was acknowledged."""
    try:
        if kind == "exchanges":
            answer = service.client.post("/exchanges", content=exchange(at), headers=JSONL)
        elif kind == "decisions":
            answer = service.client.post("/decisions", content=decision(at), headers=JSONL)
        else:
            answer = service.client.post(f"/cases/{case_id}/note", json={"text": f"note {at}"})
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def killed_while_sending(service, case_id, first):
    """What was acknowledged, by kind, of what was sent until the service was killed."""
    acknowledged = {"exchanges": [], "decisions": [], "notes": []}
    stop = threading.Event()

    def sending(kind):
        at = first
        while not stop.is_set():
            at += 1
            if send(service, case_id, kind, at):
                acknowledged[kind].append(at)

    threads = [threading.Thread(target=sending, args=(kind,)) for kind in acknowledged]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    service.process.kill()
    stop.set()
    for thread in threads:
        thread.join(30)
    service.kill()
    return acknowledged


def notes_of(tenant, case_id):
    texts, after = set(), None
    while True:
        page = api.history(tenant, case_id, after=after, limit=500)
        texts |= {one.text for one in page.rows}
        after = page.next
        if after is None:
            return texts


def test_killed_at_any_moment_it_loses_nothing_that_it_acknowledged(serve, store, tmp_path):
    url, key = store
    with api.open_store(url, audit_key=key) as found:
        case_id = opened(found.tenant(), names(0, 20))
    kept = {"exchanges": [], "decisions": [], "notes": []}
    for turn in range(3):
        service = serve("--no-watch", "--store", url, "--audit-key", key)
        for kind, numbers in killed_while_sending(service, case_id, turn * 100_000).items():
            kept[kind] += numbers
    assert all(len(numbers) > 10 for numbers in kept.values())
    segments = (tmp_path / "out" / "spool").glob("exchanges-*.jsonl")
    lines = {line for path in segments for line in path.read_bytes().splitlines(True)}
    assert {exchange(at) for at in kept["exchanges"]} <= lines
    with api.open_store(url, audit_key=key) as found:
        tenant = found.tenant()
        for at in kept["decisions"][::10]:
            assert api.appeal(tenant, f"d-{at}").step == "tag"
        assert {f"note {at}" for at in kept["notes"]} <= notes_of(tenant, case_id)
        outcome = api.verify_lines(api.stored_lines(tenant))
        assert outcome.holds, outcome


def test_the_watch_takes_what_was_handed_in_also_after_a_kill(serve, tmp_path):
    service = serve()
    service.ready()
    for number in range(20):
        assert service.client.post("/exchanges", content=exchange(number), headers=JSONL).status_code == 200
    service.kill()
    service = serve()
    service.ready()
    assert service.said.read_text().count("first token") == 1
    state = tmp_path / "out" / "state"
    watch = holder(state)
    assert b"cases.db" not in Path(f"/proc/{watch}/cmdline").read_bytes()  # a URL may hold a password
    os.kill(watch, signal.SIGKILL)
    until = time.monotonic() + 40
    while holder(state) in (None, watch):
        assert time.monotonic() < until
        time.sleep(0.1)
    for number in range(20, 30):
        assert service.client.post("/exchanges", content=exchange(number), headers=JSONL).status_code == 200
    commit = state / "journal" / "commit.json"
    until = time.monotonic() + 30
    while json.loads(commit.read_bytes())["counts"].get("exchanges", 0) < 30 if commit.exists() else True:
        assert time.monotonic() < until, commit.read_bytes()
        time.sleep(0.1)
    last = holder(state)
    assert service.end() == 0
    assert holder(state) is None
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_the_first_token_is_left_in_a_file_that_only_its_owner_reads(serve, tmp_path):
    service = serve("--no-watch")
    path = tmp_path / "out" / "first-token"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip() not in service.said.read_text()
    assert service.client.get("/tokens").json()[0]["owner"] == "admin"


def test_it_serves_the_guardrail_api_of_a_gateway(serve, tmp_path):
    (tmp_path / "gateway.yaml").write_text("spool: gate\n")
    service = serve("--no-watch", "--gateway", tmp_path / "gateway.yaml")
    said = {"input_type": "request", "texts": ["hi"], "request_data": {"user_api_key_user_id": "acc-1"}}
    answer = httpx.post(f"{service.address}/beta/litellm_basic_guardrail_api", json=said)
    assert answer.json() == {"action": "NONE"}
    assert service.client.post("/exchanges", content=exchange(1), headers=JSONL).status_code == 200
    assert service.end() == 0
    kept = b"".join(path.read_bytes() for path in (tmp_path / "gate").glob("exchanges-*.jsonl"))
    assert b"acc-1" in kept
    refused = run(
        "serve", "--out", tmp_path / "o", "--host", "0.0.0.0", "--gateway", tmp_path / "gateway.yaml"
    )
    assert (refused.returncode, "STILLWATCH_GUARDRAIL_TOKEN" in refused.stderr) == (4, True)


def test_the_quick_start_as_it_is_written(tmp_path):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 8730))
        except OSError:
            pytest.skip("port 8730, which the page names, is taken on this machine")
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (block,) = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(block.splitlines()) <= 10
    command = tmp_path / "bin" / "stillwatch"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom stillwatch.cli import main\nmain()\n")
    command.chmod(0o755)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "exchanges.jsonl").write_bytes(exchange(1))
    done = subprocess.run(
        ["/bin/bash", "-ec", f"{block}\nkill %1; wait %1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=environment(PATH=f"{command.parent}:{os.environ['PATH']}"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith('{"rows":[],"next":null}'), done.stderr
