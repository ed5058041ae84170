"""An endpoint on this machine that speaks both protocols and answers as a script says."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from stillwatch.codescan.model import Asker, Budget, Endpoint

MODELS = {
    "openai": {"object": "list", "data": [{"id": "scripted", "object": "model"}]},
    "anthropic": {"data": [{"id": "scripted", "type": "model"}], "has_more": False},
}


@dataclass
class Raw:
    """An answer below the protocol: a status, headers and a body, or whatever is done with the connection."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    instead: object = None


@dataclass
class Asked:
    """A request as it came: the question in it, whichever the protocol."""

    path: str
    headers: dict
    body: dict

    @property
    def rules(self):
        return self.body.get("system") or self.body["messages"][0]["content"]

    @property
    def task(self):
        return self.body["messages"][-1]["content"]


class Script:
    """What is answered: `answer(asked)` gives a text, an object that is written as JSON, or a Raw."""

    def __init__(self, answer, speaks="openai"):
        self.answer, self.speaks = answer, speaks
        self.asked = []
        self.probed = 0
        self.address = ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.script.probed += 1
        self._send(Raw(body=json.dumps(MODELS.get(self.server.script.speaks, {})).encode()))

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers), body)
        script = self.server.script
        script.asked.append(asked)
        answer = script.answer(asked)
        self._send(answer if isinstance(answer, Raw) else Raw(body=self._worded(answer)))

    def _worded(self, answer):
        text = answer if isinstance(answer, str) else json.dumps(answer)
        if self.path.endswith("/messages"):
            made = {"type": "message", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
                    "usage": {"input_tokens": 10, "output_tokens": 5}}  # fmt: skip
        else:
            made = {"object": "chat.completion", "usage": {"total_tokens": 15},
                    "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}  # fmt: skip
        return json.dumps(made).encode()

    def _send(self, answer):
        if answer.instead is not None:
            answer.instead(self)
            return
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_arguments):
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that went away is what some scripts bring about."""


@contextmanager
def serving(answer, speaks="openai", context=None):
    """The script, at its `address`, until the end of the block; over TLS where a context is given."""
    script = Script(answer, speaks)
    server = _Server(("127.0.0.1", 0), _Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.script = script
    script.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asker(address, *, protocol="openai", key="", cache=None, told=None, **budget):
    """An asker with little patience."""
    endpoint = Endpoint.at(address, "scripted", protocol=protocol, key=key)
    patience = {"seconds": 5.0, "pause": 0.01, **budget}
    return Asker(endpoint, Budget(**patience), cache, (lambda _line: None) if told is None else told.append)


def suspicion(file, source, sink, **other):
    """A hypothesis in the form that is asked for."""
    said = {"file": file, "rule": "sql-injection", "cwe": None, "source_line": source, "sink_line": sink,
            "input": "query", "key": None, "why": "because"}  # fmt: skip
    return {**said, **other}
