"""The syslog sinks against real receivers."""

import json
import socket
import struct
import threading

import pytest
from certificates import make
from notices import Stream, free_port, notice, until

from stillwatch.sinks import NotNow, Refused, open_sink


def counted(data):
    """The messages of a stream with octet counting."""
    while data:
        length, _, rest = data.partition(b" ")
        yield rest[: int(length)]
        assert len(rest) >= int(length)
        data = rest[int(length) :]


def payload(message):
    head, _, rest = message.partition(b" - ")
    assert head.startswith(b"<130>1 2026-03-02T04:11:01.500000Z ")
    assert head.endswith(b" opened")
    return rest


@pytest.fixture
def datagrams():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        yield receiver


def test_udp(datagrams):
    port = datagrams.getsockname()[1]
    open_sink(f"syslog://127.0.0.1:{port}").deliver(notice())
    assert payload(datagrams.recv(1 << 16)).startswith(b"CEF:0|Stillwatch|")
    open_sink(f"syslog://127.0.0.1:{port}?format=ocsf").deliver(notice())
    assert json.loads(payload(datagrams.recv(1 << 16)))["class_uid"] == 2004


def test_udp_without_a_receiver_and_beyond_a_datagram(datagrams):
    with pytest.raises(NotNow):
        open_sink(f"syslog://127.0.0.1:{free_port()}").deliver(notice())
    url = f"syslog://127.0.0.1:{datagrams.getsockname()[1]}"
    with pytest.raises(Refused, match="too long"):
        open_sink(f"{url}?format=ocsf").deliver(notice(summary="x" * 70_000))
    open_sink(url).deliver(notice(summary="x" * 70_000))  # CEF is cut


@pytest.mark.parametrize("style", ["cef", "ocsf"])
def test_tcp(style):
    with Stream() as receiver:
        sink = open_sink(f"syslog+tcp://127.0.0.1:{receiver.port}?format={style}")
        for number in range(3):
            sink.deliver(notice(number))
        assert until(lambda: len(receiver.received) == 3)
    messages = [message for data in receiver.received for message in counted(data)]
    assert [f"alarm-{number:06d}".encode() in payload(one) for number, one in enumerate(messages)] == [
        True
    ] * 3


def test_tcp_broken_off_is_noticed():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sink = open_sink(f"syslog+tcp://127.0.0.1:{listener.getsockname()[1]}")
        # Closing with unread bytes and no lingering resets the connection, as a dying receiver does.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        def reset():
            connection, _ = listener.accept()
            connection.recv(1)
            connection.close()

        thread = threading.Thread(target=reset)
        thread.start()
        with pytest.raises(NotNow, match=r"reset|Broken pipe|not connected"):
            sink.deliver(notice())
        thread.join()
    with pytest.raises(NotNow, match="refused"):
        sink.deliver(notice())


def test_tls(tmp_path):
    trusted, context = make(tmp_path)
    with Stream(context) as receiver:
        open_sink(f"syslog+tls://127.0.0.1:{receiver.port}?ca={trusted}").deliver(notice())
        assert until(lambda: receiver.received)
        with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
            open_sink(f"syslog+tls://127.0.0.1:{receiver.port}").deliver(notice())
    [message] = counted(receiver.received[0])
    assert payload(message).startswith(b"CEF:0|")


def test_tls_checks_the_name(tmp_path):
    trusted, context = make(tmp_path, "192.0.2.1")
    with Stream(context) as receiver, pytest.raises(NotNow, match="not valid for"):
        open_sink(f"syslog+tls://127.0.0.1:{receiver.port}?ca={trusted}").deliver(notice())
