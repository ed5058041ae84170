"""The edge of the server: who is let in, which types are spoken, floods, hostile bodies, and no error of ours."""

import base64
import json
from ipaddress import ip_network

import pytest
from exchanged import TYPE, body, indicator, post, read
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from stillwatch.cases import api
from stillwatch.sharing import taxii

HOST = "http://testserver"
PATHS = ["", "collections/", "collections/both/", "collections/both/objects/", "collections/both/manifest/"]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer swt_nobody",
        "Bearer " + "x" * 500,
        "Token swt_x",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"lab").decode(),
        "Basic " + base64.b64encode(b"lab:wrong").decode(),
    ],
)
def test_without_a_token_nobody_is_let_in(small, client_of, header):
    client = client_of(small, None)
    if header is not None:
        client.headers["authorization"] = header
    for path in (f"{HOST}/taxii2/", f"{HOST}/taxii2/nowhere/", *PATHS):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["http_status"]) == (401, "401")
        assert "Basic" in answer.headers["www-authenticate"]
        assert "Bearer" in answer.headers["www-authenticate"]


def test_a_token_comes_in_as_a_bearer_or_as_a_password(small, client_of):
    assert client_of(small).get(f"{HOST}/taxii2/").json()["api_roots"] == ["/taxii2/acme/"]
    basic = client_of(small, None)
    assert basic.get(f"{HOST}/taxii2/", auth=("whoever", small.tokens["lab"])).status_code == 200


def test_a_token_that_ended_opens_nothing(small, client_of):
    client = client_of(small)
    (token,) = [one for one in api.list_tokens(small.tenant) if one.owner == "lab"]
    api.revoke_token(small.tenant, token.token_id, by="ana")
    assert client.get("collections/").status_code == 401


def test_a_partner_with_a_certificate_must_show_it_through_the_proxy(small, client_of):
    print_ = "ab" * 32
    taxii.set_partner(small.tenant, "lab", taxii.Level.AMBER, certificate=print_, by="ana")
    shown = {"x-client-cert-sha256": ":".join(print_[at : at + 2] for at in range(0, 64, 2)).upper()}
    proxied = taxii.Certificates(header="x-client-cert-sha256", proxies=[ip_network("10.0.0.0/8")])
    exchange = taxii.Exchange(tenants={"acme": small.tenant}, certificates=proxied)

    def status(peer, headers):
        client = TestClient(
            taxii.taxii_app(exchange),
            headers={"authorization": f"Bearer {small.tokens['lab']}"} | headers,
            client=(peer, 5),
        )
        return client.get("/taxii2/acme/").status_code

    assert status("10.1.2.3", shown) == 200
    assert status("10.1.2.3", {}) == 401
    assert status("10.1.2.3", {"x-client-cert-sha256": "cd" * 32}) == 401
    assert status("192.0.2.1", shown) == 401  # not the proxy
    assert client_of(small).get("collections/").status_code == 401  # no proxy at all


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TYPE, 200),
        ("application/taxii+json", 200),
        ("application/taxii+json; version=2.1", 200),
        ('Application/TAXII+json;version="2.1"', 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.1", 200),
        ("application/json", 406),
        ("application/taxii+json;version=2.0", 406),
        ("application/taxii+json;q=0", 406),
        ("application/taxii+json;q=x", 406),
        ("", 406),
    ],
)
def test_which_types_are_spoken(small, client_of, accept, status):
    assert client_of(small).get("collections/", headers={"accept": accept}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": TYPE}, 202),
        ({"content-type": "application/taxii+json"}, 202),
        ({"content-type": "application/json"}, 415),
        ({"content-type": TYPE, "content-encoding": "gzip"}, 415),
        ({}, 415),
    ],
)
def test_which_bodies_are_taken(small, client_of, headers, status):
    content = body({"objects": [indicator()]})
    answer = client_of(small).post("collections/both/objects/", content=content, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"objects":[{"a":NaN}]}', 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"objects":null}', 422),
        (b'{"objects":[]}', 422),
        (b'{"objects":' + b"[" * 200_000 + b"]" * 200_000 + b"}", 422),
        (b'{"x":' + b'{"x":' * 200_000 + b"1" + b"}" * 200_001, 422),
        (b'{"objects":[' + b"1," * 10_001 + b"1]}", 422),
        (b'{"objects":[1,null,true,"x",[],{}]}', 202),
        (b'{"objects":[' + b"[" * 500 + b"]" * 500 + b"]}", 202),
    ],
)
def test_a_hostile_body_is_refused_whole_or_object_by_object(small, client_of, content, status):
    answer = post(client_of(small), content)
    assert answer.status_code == status
    if status == 202:
        told = answer.json()
        assert (told["success_count"], told["failure_count"]) == (0, told["total_count"])
    assert read(client_of(small)) == []


def test_bodies_have_a_bound_also_when_their_length_is_not_told(small, client_of):
    client = client_of(small, limits=taxii.Limits(body_bytes=2_000))
    assert client.get("").json()["max_content_length"] == 2_000
    assert post(client, b" " * 2_001).status_code == 413
    pieces = client.post(
        "collections/both/objects/", content=(b" " * 500 for _ in range(9)), headers={"content-type": TYPE}
    )
    assert pieces.status_code == 413
    assert post(client, [indicator()]).status_code == 202


def test_a_partner_who_floods_waits_and_the_others_do_not(small, client_of):
    limits = taxii.Limits(requests_a_minute=5, objects_a_day=10)
    client = client_of(small, limits=limits)
    codes = [client.get("collections/").status_code for _ in range(8)]
    assert codes == [200] * 5 + [429] * 3
    refused = client.get("collections/")
    assert int(refused.headers["retry-after"]) in range(1, 61)
    client.headers["authorization"] = f"Bearer {small.tokens['cloud']}"
    assert post(client, [indicator("green") for _ in range(8)]).status_code == 202
    answer = post(client, [indicator() for _ in range(8)])
    assert (answer.status_code, int(answer.headers["retry-after"]) > 3_600) == (429, True)
    assert len(read(client)) == 8


def test_who_guesses_tokens_waits(small, client_of):
    client = client_of(small, None, limits=taxii.Limits(strangers_a_minute=3))
    client.headers["authorization"] = "Bearer swt_guess"
    assert [client.get("collections/").status_code for _ in range(5)] == [401] * 3 + [429] * 2
    client.headers["authorization"] = f"Bearer {small.tokens['lab']}"
    assert client.get("collections/").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "added_after=now",
        "added_after=2026-01-01",
        "added_after=2026-01-01T00:00:00Z&added_after=2026-01-01T00:00:00Z",
        "limit=0",
        "limit=-1",
        "limit=1.5",
        "limit=9999999999",
        "limit=",
        "limit=\u0661",
        "next=",
        "next=zz",
        "next=ffffffffffffffff",
        "match[id]=",
        "match[id]=a,,b",
        "match[id]=%00",
        "match[id]=a&match[id]=b",
        "match[name]=x",
        "match[]=x",
        "match[version]=latest",
        "match[version]=all,last",
        "match[type]=" + ",".join(f"t{number}" for number in range(101)),
    ],
)
def test_parameters_that_are_not_understood(small, client_of, query):
    for path in ("objects/", "manifest/"):
        answer = client_of(small).get(f"collections/both/{path}?{query}")
        assert (answer.status_code, answer.json()["title"]) == (400, "Bad Request")


def test_parameters_of_nobody_are_left_alone(small, client_of):
    small.add([indicator("green")])
    assert len(read(client_of(small), utm_source="x", limit="5000")) == 1


def test_what_is_not_served_is_told_as_such(small, client_of):
    client = client_of(small)
    for path in (
        f"{HOST}/",
        f"{HOST}/taxii2",
        "collections",
        "collections/both/objects",
        "channels/",
        "collections/both/x/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, TYPE)
    for method, path in (("PUT", "collections/"), ("DELETE", "collections/both/"), ("POST", "")):
        answer = client.request(method, path)
        assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)
    assert client.head("collections/").status_code == 200


SEGMENTS = st.sampled_from(
    ["collections", "both", "objects", "manifest", "versions", "status", "acme", ".."]
) | st.text(max_size=12)
NAMES = st.sampled_from(
    ["added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"]
) | st.text(max_size=8)
WORDS = st.sampled_from(["all", "first,last", "2026-01-01T00:00:00Z", "1", "2.1", "indicator"]) | st.text(
    max_size=20
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS"]),
    path=st.lists(SEGMENTS, max_size=6),
    parameters=st.lists(st.tuples(NAMES, WORDS), max_size=4),
    content=st.binary(max_size=60) | st.sampled_from([body({"objects": [indicator(), {"id": "x"}]})]),
)
@example("GET", ["collections", "\x00"], [], b"")
@example("GET", ["collections", "both", "objects", "\x00"], [], b"")
@example("GET", ["status", "\x00"], [], b"")
@example("DELETE", ["collections", "both", "objects", "indicator--1"], [("match[version]", "first")], b"")
def test_nothing_that_is_asked_ends_in_an_error_of_ours(house, client_of, method, path, parameters, content):
    client = client_of(house)  # which raises what the application raises
    asked = "/".join(_quoted(part) for part in path) + ("/" if path else "")
    answer = client.request(
        method,
        f"{client.base_url}{asked}",
        params=parameters,
        content=content,
        headers={"content-type": TYPE},
    )
    assert answer.status_code in {200, 202, 400, 403, 404, 405, 422}
    if answer.content and method != "HEAD" and answer.status_code >= 400:
        assert set(json.loads(answer.content)) <= {"title", "description", "error_id", "http_status"}


def _quoted(text):
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
