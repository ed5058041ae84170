"""Notices made up for the tests, receivers that are real servers on the loopback, and the hostile strategy."""

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hypothesis import strategies as st

from stillwatch.records import Alarm, Notice
from stillwatch.sinks import Patience

SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5"
IMPATIENT = Patience(first=0.02, longest=0.1, give_up=60.0, answers=4)
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\n\r\t\0\x1b|=\\\"'<>@`[](){}% \u2028\u2029\u202e\u200b\ud800\udfff\x7f\x85"),
        st.characters(codec=None),
    ),
    max_size=60,
)


def notice(number=1, **changes):
    alarm = {
        "ts": 1_772_424_600_000_000,  # 2026-03-02T04:10:00Z
        "campaign_id": "c-7f3a",
        "kind": "opened",
        "accounts": 412,
        "exchanges_so_far": 48_210,
        "log_e_value": 31.4,
        "summary": "412 accounts under one operator harvest reasoning traces",
    }
    rest = {
        "alarm_id": f"alarm-{number:06d}",
        "tenant": "acme",
        "watch": "production",
        "written_at": 1_772_424_661_500_000,
        "case_id": "case-12",
        "link_base": "https://stillwatch.example.com",
    }
    alarm |= {name: changes.pop(name) for name in list(changes) if name in alarm}
    return Notice(alarm=Alarm(**alarm), **(rest | changes))


def fresh(number=1, **changes):
    """A notice written down just now."""
    return notice(number, written_at=time.time_ns() // 1000, **changes)


hostile_notices = st.builds(
    lambda texts, number: notice(
        accounts=number,
        **dict(
            zip(
                ("campaign_id", "kind", "summary", "alarm_id", "tenant", "watch", "case_id", "link_base"),
                texts,
                strict=True,
            )
        ),
    ),
    st.lists(HOSTILE, min_size=8, max_size=8),
    st.integers(0, 2**40),
)


class Receiver:
    """An HTTP server that keeps what it is sent and answers from a list, with 200 once that is used up."""

    def __init__(self, answers=(), port=0):
        self.requests, self.answers, self.times = [], list(answers), []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.requests.append((self.path, dict(self.headers), body))
                outer.times.append(time.monotonic())
                status, headers = outer.answers.pop(0) if outer.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(0.02), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Stream:
    """A TCP server, with TLS if given a context, that keeps all bytes of each connection."""

    def __init__(self, context=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.context, self.received = context, []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), connection:
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                with connection:
                    data = b""
                    while more := connection.recv(1 << 16):
                        data += more
                    self.received.append(data)
                    if self.context is not None:
                        connection.unwrap()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def until(condition, seconds=10.0):
    """Wait for a condition; its last value."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.005)
    return value


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
