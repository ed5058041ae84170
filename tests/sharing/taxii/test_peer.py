"""Pulling and pushing over real HTTP: what is resumed, what is withdrawn, and peers that lie, stall or disappear."""

import asyncio
import contextlib
import json
import socket

import pytest
from exchanged import SECOND, TYPE, address, body, ids, indicator
from served import served
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.records import UnreadableInput, UsageError
from stillwatch.sharing import taxii
from stillwatch.sharing.taxii import exchanging, peer

QUICK = taxii.Patience(tries=3, first_wait=0.01, longest_wait=0.05, answer=5.0, status=1.0)
ID = "0d5a4f6e-36a5-4c0e-9a63-3a1f9f3b1f11"


@contextlib.contextmanager
def serving(house, **changed):
    with served(taxii.taxii_app(taxii.Exchange(tenants={"acme": house.tenant}, **changed))) as address_:
        yield address_


def at(url, token, action):
    """The answer of what is done with a peer."""

    async def run():
        async with taxii.Peer(token=token, patience=QUICK) as found:
            return await action(found, url)

    return asyncio.run(run())


def pulled(url, token, out, **more):
    return {
        one.collection.split("/")[-2]: one
        for one in at(url, token, lambda p, u: taxii.pull(p, u, out, **more))
    }


def held(one):
    return [json.loads(found) for found in taxii.Received(one.path).current()]


def test_what_is_pushed_is_pulled_byte_for_byte(small, tmp_path):
    made = [body(indicator("green", x_text="ünï\u2028<b>")) for _ in range(30)]
    made.append(b'{"type":"ipv4-addr",\n "id":"ipv4-addr--' + ID.encode() + b'","value":"192.0.2.1"}')
    with serving(small) as url:
        told = at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, made, collection="both"))
        assert (told.total, told.taken, told.refused) == (31, 31, [])
        found = pulled(f"{url}/taxii2/", small.tokens["agency"], tmp_path / "out")[small.ids["both"]]
    assert (found.objects, found.rejected) == (31, {})
    lines = found.path.read_bytes().splitlines()
    assert lines == [b'{"object":' + one.replace(b"\n", b" ") + b"}" for one in made]


def test_a_later_pull_brings_what_is_new_revoked_and_withdrawn(small, tmp_path):
    kept, revoked, deleted, seen = indicator("green"), indicator("green"), indicator("green"), address()
    small.add([kept, revoked, deleted, seen])
    with serving(small) as url:
        ours = pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]]
        assert ids(held(ours)) == ids([kept, revoked, deleted, seen])
        small.add([revoked | {"modified": SECOND, "revoked": True}])
        at(
            url,
            small.tokens["ana"],
            lambda p, u: taxii.withdraw(p, u, [deleted["id"], seen["id"]], collection="both"),
        )
        ours = pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]]
        assert (ours.objects, ours.withdrawn) == (1, 2)
        assert held(ours) == [kept]
        small.add([deleted])
        ours = pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]]
        assert ids(held(ours)) == ids([kept, deleted])
        taxii.set_partner(small.tenant, "lab", taxii.Level.CLEAR, by="ana")
        ours = pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]]
        assert (ours.withdrawn, held(ours)) == (4, [])  # what is not shown any more


def test_a_pull_that_is_broken_off_goes_on_where_it_was(small, tmp_path, monkeypatch):
    some = [indicator("green") for _ in range(25)]
    small.add(some)
    monkeypatch.setattr(exchanging, "PAGE", 4)
    real, pages = taxii.Received.add, []

    def dying(self, lines, checkpoint):
        pages.append(1)
        if len(pages) == 3:
            with self.path.open("ab") as file:  # a line that was written, and no checkpoint after it
                file.write(b'{"object":{"half')
            raise KeyboardInterrupt
        real(self, lines, checkpoint)

    with serving(small) as url:
        monkeypatch.setattr(taxii.Received, "add", dying)
        with pytest.raises(KeyboardInterrupt):
            pulled(url, small.tokens["lab"], tmp_path)
        monkeypatch.setattr(taxii.Received, "add", real)
        ours = pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]]
    assert ours.objects == 25 - 8
    assert [one["id"] for one in held(ours)] == [one["id"] for one in some]


def test_a_checkpoint_without_its_file_is_told(tmp_path):
    (tmp_path / "a.jsonl.checkpoint.json").write_bytes(b'{"bytes":7}')
    with pytest.raises(UnreadableInput, match="shorter than when it was left"):
        taxii.Received(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl.checkpoint.json").write_bytes(b"{")
    with pytest.raises(UnreadableInput, match="no checkpoint"):
        taxii.Received(tmp_path / "b.jsonl")


def test_a_push_is_cut_to_what_the_peer_takes(small):
    made = [body(indicator("green", x_text="x" * 300)) for _ in range(20)]
    made.insert(7, body(indicator("green", x_text="x" * 3_000)))
    with serving(small, limits=taxii.Limits(body_bytes=2_000)) as url:
        with pytest.raises(taxii.PeerRefused, match="up to 2,000 bytes"):
            at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, made, collection="both"))
        del made[7]
        told = at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, made, collection="both"))
        assert (told.taken, told.refused) == (20, [])
        bad = [body({"type": "indicator"}), body(indicator())]
        told = at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, bad, collection="both"))
        assert (told.taken, told.refused[0].message) == (1, "its id does not begin with its type")


def test_a_collection_to_push_to_is_named_without_doubt(small):
    with serving(small) as url:
        with pytest.raises(UsageError, match="several collections"):
            at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, []))
        with pytest.raises(UsageError, match="no collection"):
            at(url, small.tokens["lab"], lambda p, u: taxii.push(p, u, [], collection="readable"))
        place = f"{url}/taxii2/acme/collections/writable"
        assert at(place, small.tokens["lab"], lambda p, u: taxii.push(p, u, [body(indicator())])).taken == 1


def test_a_peer_that_asks_for_patience_gets_it(small, tmp_path):
    small.add([indicator("green")])
    inner, asked = taxii.taxii_app(taxii.Exchange(tenants={"acme": small.tenant})), []

    async def moody(scope, receive, send):
        if scope["type"] == "http":
            asked.append(scope["path"])
            if len(asked) % 2:
                await Response("<html>", 503, headers={"retry-after": "1"})(scope, receive, send)
                return
        await inner(scope, receive, send)

    with served(moody) as url:
        assert pulled(url, small.tokens["lab"], tmp_path)[small.ids["both"]].objects == 1


def test_a_peer_that_disappears_is_told_as_gone_and_what_came_stays(small, tmp_path, monkeypatch):
    small.add([indicator("green") for _ in range(10)])
    monkeypatch.setattr(exchanging, "PAGE", 4)
    inner, answered = taxii.taxii_app(taxii.Exchange(tenants={"acme": small.tenant})), []

    async def leaving(scope, receive, send):
        if scope["type"] == "http" and scope["path"].endswith("/objects/"):
            answered.append(1)
            if len(answered) > 2:
                raise ConnectionResetError
        await inner(scope, receive, send)

    with served(leaving) as url, pytest.raises(taxii.PeerGone, match="does not answer"):
        pulled(f"{url}/taxii2/acme/collections/both/", small.tokens["lab"], tmp_path)
    (left,) = tmp_path.glob("*.jsonl")
    assert len(left.read_bytes().splitlines()) == 8
    with serving(small) as url:
        found = pulled(f"{url}/taxii2/acme/collections/both/", small.tokens["lab"], tmp_path)
    assert sum(one.objects for one in found.values()) == 2


def test_a_peer_that_is_not_there():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        with pytest.raises(taxii.PeerGone, match="the peer does not answer"):
            at(url, "swt_x", lambda p, u: p.collections(u))


@pytest.mark.parametrize("url", ["ftp://host/", "host", "file:///etc/passwd", "http:///x"])
def test_what_is_no_peer(url):
    with pytest.raises(UsageError, match="named by an http"):
        at(url, None, lambda p, u: p.collections(u))


def test_nothing_goes_over_a_plain_line_to_others():
    with pytest.raises(UsageError, match=r"use https://example\.com/"):
        at("http://example.com/taxii2/", "swt_x", lambda p, u: p.collections(u))


def hostile(collection_id=ID, objects=b'{"objects":[]}', roots=("/taxii2/acme/",), headers=None):
    """A server that answers whatever it is given to."""

    def answer(content, more=None):
        async def endpoint(_request):
            return Response(
                content if isinstance(content, bytes) else body(content), headers=more, media_type=TYPE
            )

        return endpoint

    listed = {"id": collection_id, "title": "x", "can_read": True, "can_write": True}
    return Starlette(
        routes=[
            Route("/taxii2/", answer({"title": "x", "api_roots": list(roots)})),
            Route("/taxii2/acme/", answer({"title": "x", "versions": [TYPE], "max_content_length": 9_999})),
            Route("/taxii2/acme/collections/", answer({"collections": [listed]})),
            Route("/taxii2/acme/collections/{id:path}/objects/", answer(objects, headers)),
            Route("/taxii2/acme/collections/{id:path}/manifest/", answer({})),
        ]
    )


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"objects": b"[]"}, "no Envelope"),
        ({"objects": b"\xff"}, "no Envelope"),
        ({"objects": b'{"objects":' + b"[" * 100_000 + b"]" * 100_000 + b"}"}, "no Envelope"),
        ({"objects": b'{"more":true,"next":"a","objects":[]}'}, "not where"),  # the same page for ever
        ({"objects": b'{"more":true}'}, "not where"),
        ({"collection_id": "../../etc"}, "no UUID"),
        ({"roots": ["https://elsewhere.example/root/"]}, "elsewhere"),
        ({"roots": ["//elsewhere.example/root/"]}, "elsewhere"),
    ],
)
def test_a_peer_that_lies_is_told_as_such(tmp_path, told, why):
    with served(hostile(**told)) as url, pytest.raises(taxii.PeerRefused, match=why):
        pulled(url, "swt_secret", tmp_path / "out")
    assert not (tmp_path / "etc").exists()


def test_objects_that_are_none_are_counted_and_left_there(tmp_path):
    good = indicator("green")
    sent = body(
        {"objects": [good, {"type": "x"}, 7, good | {"modified": "2999-01-01T00:00:00Z"}, {"type": "x"}]}
    )
    with served(hostile(objects=sent, headers={"x-taxii-date-added-last": "yesterday"})) as url:
        found = pulled(url, "swt_secret", tmp_path, deletions=False)[ID]
    assert (found.objects, found.rejected) == (
        1,
        {
            "its type is none that STIX allows": 2,
            "it is no JSON object": 1,
            "its modified is in the future": 1,
        },
    )


def test_an_answer_without_end_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(peer, "ANSWER_BYTES", 10_000)
    with (
        served(hostile(objects=b" " * 20_000)) as url,
        pytest.raises(taxii.PeerRefused, match="over 10,000 bytes"),
    ):
        pulled(url, "swt_secret", tmp_path)


def test_what_a_peer_says_cannot_command_a_terminal(tmp_path):
    async def refusing(scope, receive, send):
        said = body({"title": "x", "description": "\x1b[2J\x07bad\u202e"})
        await Response(said, 403, media_type=TYPE)(scope, receive, send)

    with served(refusing, lifespan="off") as url, pytest.raises(taxii.PeerRefused) as refused:
        pulled(url, "swt_secret", tmp_path)
    assert str(refused.value).isprintable()
    assert "swt_secret" not in str(refused.value)
