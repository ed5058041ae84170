"""Objects to a TAXII collection over HTTP on this machine, and the signature among them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from made_up import DAY, NOW, made_finding

from stillwatch.records import UsageError
from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats
from stillwatch.sharing.formats._projection.collection import NotDelivered

KEY = sharing.new_key(NOW - DAY)


class Collection(ThreadingHTTPServer):
    """Takes what is posted, as a TAXII server does, or answers what it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts = []
        self.answer = (202, {"id": "1", "status": "complete", "failure_count": 0})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/api/collections/one/"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), json.loads(body)))
        code, said = self.server.answer
        data = json.dumps(said).encode() if isinstance(said, dict) else said
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def collection():
    with Collection() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def release(tenant, keys):
    gate = sharing.Gate(tenant, sharing.load_policy(), KEY, keys, by="a.person")
    return gate.release(made_finding(1), "authority", formats.collection_files, reason="why")


def test_a_release_arrives_signed(collection, release, monkeypatch):
    monkeypatch.setenv("STILLWATCH_TAXII_TOKEN", "secret")
    count = formats.push(collection.url, formats.with_signature(release.view, release.files))
    ((path, headers, body),) = collection.posts
    assert path == "/api/collections/one/objects/"
    assert headers["Content-Type"] == headers["Accept"] == "application/taxii+json;version=2.1"
    assert headers["Authorization"] == "Bearer secret"
    assert len(body["objects"]) == count
    assert formats.verify_objects(reversed(body["objects"]), KEY.public, NOW) == NOW // 1_000_000


@pytest.mark.parametrize("change", ["drop", "alter", "unsigned"])
def test_what_was_changed_on_its_way_is_not_genuine(release, change):
    objects = formats.with_signature(release.view, release.files)["objects"]
    if change == "drop":
        objects.pop(0)
    elif change == "alter":
        objects[5] = objects[5] | {"confidence": 99}
    else:
        objects.pop()
    with pytest.raises(sharing.NotGenuine):
        formats.verify_objects(objects, KEY.public, NOW)


def test_many_objects_go_in_parts(collection):
    bundle = {"type": "bundle", "objects": [{"type": "x", "id": str(number)} for number in range(2_500)]}
    assert formats.push(collection.url, bundle) == 2_500
    assert [len(body["objects"]) for _, _, body in collection.posts] == [1_000, 1_000, 500]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((403, {"title": "no"}), "answered 403"),
        ((202, b"<html>"), "no status of TAXII"),
        (
            (202, {"failure_count": 1, "failures": [{"id": "x--1", "message": "bad"}]}),
            "refused 1 objects: x--1 bad",
        ),
        ((302, b""), "answered 302"),
    ],
)
def test_what_is_not_taken_is_said(collection, answer, reason):
    collection.answer = answer
    with pytest.raises(NotDelivered, match=reason):
        formats.push(collection.url, {"objects": [{"type": "x"}]})


def test_nothing_goes_over_a_plain_line_to_others(collection):
    with pytest.raises(UsageError, match="https"):
        formats.push("http://example.com/collections/one/", {"objects": []})
    with pytest.raises(UsageError, match="https"):
        formats.push("ftp://example.com/", {"objects": []})
    assert collection.posts == []


def test_nobody_there_is_said():
    with pytest.raises(NotDelivered, match="cannot be reached"):
        formats.push("http://127.0.0.1:9/collections/one/", {"objects": [{}]})
