"""Real clients that keep a real server waiting: none holds a connection for long, and others are served meanwhile."""

import contextlib
import socket
import threading
import time

import httpx
import pytest

from stillwatch.cases import api
from stillwatch.records import Decision, UsageError
from stillwatch.service.application import application
from stillwatch.service.edge import Bounds
from stillwatch.service.server import Server, Waits, listening

WAITS = Waits(connections=6, head_seconds=0.6, take_seconds=0.6)


@pytest.fixture
def server(standing):
    found = listening("127.0.0.1", 0)
    server = Server(application(standing, bounds=Bounds(body_seconds=0.6)), standing, WAITS)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
    server.place = found.getsockname()
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


@pytest.fixture
def address(server):
    return server.place


def until_closed(connection, seconds=5.0):
    """What a server says before it closes the connection, and after how long that was."""
    connection.settimeout(seconds)
    begun, said = time.monotonic(), b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            said += piece
    return said, time.monotonic() - begun


def drip(connection, pieces, every=0.1):
    for piece in pieces:
        try:
            connection.sendall(piece)
        except OSError:
            return
        time.sleep(every)


@pytest.mark.parametrize(
    "begins",
    [b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /hea"],
    ids=["silent", "slow", "second"],
)
def test_a_head_that_does_not_end_is_waited_for_only_so_long(address, begins):
    with socket.create_connection(address) as connection:
        if begins:
            connection.sendall(begins)
        header = (b"x-%d: y\r\n" % number for number in range(40)) if begins else ()
        dripping = threading.Thread(target=drip, args=(connection, header))
        dripping.start()
        _, seconds = until_closed(connection)
        dripping.join()
    assert seconds < 2.5


def test_a_body_that_does_not_end_is_waited_for_only_so_long(address, token):
    head = "POST /v1/acme/cases/x/note HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in token("decide").items())
    with socket.create_connection(address) as connection:
        connection.sendall(head.encode() + b"\r\n")
        dripping = threading.Thread(target=drip, args=(connection, [b"a"] * 40))
        dripping.start()
        said, seconds = until_closed(connection)
        dripping.join()
    assert said.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in said
    assert seconds < 2.5


def test_an_answer_that_nobody_takes_is_cut(server, address, token, acme):
    big = [
        Decision(decision_id=f"d-{n}", ts=1, account_id="a" * 500, step="tag", message="m" * 5_000)
        for n in range(3_000)
    ]
    api.record_decisions(acme, big)
    head = "GET /v1/acme/audit/export HTTP/1.1\r\nhost: x\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in token("read").items())
    with socket.create_connection(address) as connection:
        connection.sendall(head.encode() + b"\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
        until = time.monotonic() + 8
        while server.server_state.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.server_state.connections


def test_slow_clients_keep_nobody_else_out(address):
    url = f"http://{address[0]}:{address[1]}/healthz"
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(address)) for _ in range(5)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\n")
        assert httpx.get(url, timeout=5).status_code == 200
        more = [stack.enter_context(socket.create_connection(address)) for _ in range(5)]
        assert any(until_closed(connection, 2.0)[1] < 0.4 for connection in more)
        time.sleep(1.0)
        assert httpx.get(url, timeout=5).status_code == 200


def test_a_head_without_end_or_no_http_at_all_is_refused(address):
    for sent in (b"GET / HTTP/1.1\r\nx: " + b"y" * 100_000, b"\x16\x03\x01\x00\xa5\x01\x00\x00\r\n\r\n"):
        with socket.create_connection(address) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(sent)
            said, seconds = until_closed(connection)
        assert said[:12] in (b"HTTP/1.1 400", b"")
        assert not said or b"application/problem+json" in said
        assert seconds < 2.5


def test_a_stream_ends_when_the_service_does(address, token, standing):
    seen = []

    def listen():
        with httpx.stream(
            "GET", f"http://{address[0]}:{address[1]}/v1/acme/alarms/stream", headers=token("read")
        ) as answer:
            seen.append(answer.status_code)
            seen.extend(answer.iter_lines())
            seen.append("end")

    thread = threading.Thread(target=listen)
    thread.start()
    time.sleep(1.0)
    standing.ending.set()
    thread.join(5)
    assert (seen[0], seen[-1]) == (200, "end")


def test_a_client_that_goes_away_is_no_error(address, token, caplog, server):
    head = "POST /v1/acme/cases/x/note HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in token("decide").items())
    with socket.create_connection(address) as connection:
        connection.sendall(head.encode() + b"\r\nhalf")
        time.sleep(0.2)
    until = time.monotonic() + 5
    while server.server_state.tasks and time.monotonic() < until:
        time.sleep(0.05)
    assert not server.server_state.tasks
    assert "failed" not in caplog.text


def test_an_answer_does_not_wait_for_the_clients_acknowledgement(address):
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}") as client:
        took = []
        for _ in range(30):
            begun = time.perf_counter()
            client.get("/healthz")
            took.append(time.perf_counter() - begun)
    assert sorted(took)[5] < 0.035  # with Nagle's algorithm, none comes sooner than 40 ms


def test_an_address_that_is_taken_is_said_to_be(address):
    with pytest.raises(UsageError, match="cannot be served"):
        listening(*address)
