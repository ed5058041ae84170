"""The suite against real servers: ours keeps every clause, and a server that breaks one is caught."""

import json
import sys
from pathlib import Path

import pytest
from starlette.responses import Response

sys.path.append(str(Path(__file__).parents[2] / "gateways"))
sys.path.append(str(Path(__file__).parents[2] / "sharing" / "taxii"))

from exchanged import House
from served import served

from stillwatch.cases import api
from stillwatch.lab import conformance
from stillwatch.lab.conformance.target import Login, Target
from stillwatch.lab.served.sharing import MEDALLION, medallion, medallion_python, ours
from stillwatch.records import UnreadableInput, UsageError
from stillwatch.sharing import taxii


def broken(outcomes):
    return {one.clause: one.why for one in outcomes if one.verdict == "broken"}


def test_clauses_are_named_once_and_say_where_they_stand():
    found = conformance.clauses()
    assert len({one.id for one in found}) == len(found) > 85
    assert all(one.section[0].isdigit() and one.says for one in found)
    assert found[-1].spoils


def test_our_server_keeps_every_clause_that_applies(tmp_path):
    server, login = ours(tmp_path)
    with server:
        outcomes = conformance.run(Target(server.url, login))
    assert broken(outcomes) == {}
    assert conformance.scored(outcomes) == (len(outcomes), len(outcomes))


def test_medallion_can_be_asked(tmp_path):
    chosen = medallion_python()
    if chosen is None:
        pytest.skip(f"medallion is not installed; {MEDALLION} names a Python that has it")
    server, login = medallion(tmp_path, chosen)
    with server:
        found = broken(conformance.run(Target(server.url, login)))
    assert "any-object" in found
    assert len(found) < 20


class Changing:
    """A server of ours, behind something that spoils its answers."""

    def __init__(self, inner, spoil):
        self.inner, self.spoil = inner, spoil

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        said = []

        async def keep(message):
            said.append(message)

        await self.inner(scope, receive, keep)
        headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
        content = b"".join(one.get("body", b"") for one in said[1:])
        answer = self.spoil(scope, said[0]["status"], headers, content)
        headers.pop("content-length", None)
        status, content = answer or (said[0]["status"], content)
        await Response(content, status, headers=headers)(scope, receive, send)


def changed(path, change):
    def spoil(scope, status, _headers, content):
        if scope["path"].endswith(path) and status in {200, 202} and content:
            return status, json.dumps(change(json.loads(content))).encode()
        return None

    return spoil


def without(name):
    def spoil(_scope, _status, headers, _content):
        headers.pop(name, None)

    return spoil


def reversed_objects(found):
    return found | {"objects": found["objects"][::-1]} if "objects" in found else found


@pytest.mark.parametrize(
    ("spoil", "caught"),
    [
        (changed("/objects/", lambda found: found | {"objects": found.get("objects", [])}), "envelope-empty"),
        (changed("/objects/", reversed_objects), "objects-order"),
        (changed("/manifest/", reversed_objects), "manifest-order"),
        (changed("/collections/", lambda _: {"collections": []}), "collection"),
        (changed("/taxii2/", lambda found: found | {"default": "/other/"}), "default-root"),
        (without("x-taxii-date-added-last"), "objects-dates"),
        (without("www-authenticate"), "challenge"),
        (lambda _s, status, _h, content: (200, content) if status == 404 else None, "unknown-object"),
        (lambda _s, status, _h, content: (400, content) if status == 406 else None, "not-acceptable"),
    ],
)
def test_a_server_that_breaks_a_clause_is_caught(tmp_path, spoil, caught):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        house = House(store.tenant("acme"))
        app = taxii.taxii_app(
            taxii.Exchange(tenants={"acme": house.tenant}, limits=taxii.Limits(strangers_a_minute=10_000))
        )
        with served(Changing(app, spoil)) as url:
            target = Target(url, Login(token=house.tokens["lab"]))
            if caught in {"collection", "default-root"}:
                target.prepare = prepared(target, house)
            found = broken(conformance.run(target, only=[caught]))
    assert caught in found


def prepared(target, house):
    """What `prepare` would find of an honest server."""

    def prepare():
        target.root = f"{target.base}/taxii2/acme/"
        target.listed = [{"id": house.ids["both"], "title": "Both", "can_read": True, "can_write": True}]
        target.collection = target.listed[0]

    return prepare


def test_what_cannot_be_asked_is_told(tmp_path):
    with pytest.raises(UnreadableInput, match="that lets us in"):
        conformance.run(Target("http://127.0.0.1:9", Login(), seconds=1))
    with pytest.raises(UsageError, match="no clause 'x'"):
        conformance.run(Target("http://127.0.0.1:9", Login()), only=["x"])
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        house = House(store.tenant("acme"))
        house.token("agency", "pull", name="reader")
        app = taxii.taxii_app(taxii.Exchange(tenants={"acme": house.tenant}))
        with served(app) as url, pytest.raises(UsageError, match="no collection here"):
            conformance.run(Target(url, Login(token=house.tokens["reader"])))
