"""What holds for every request: bounds, one shape of errors, headers, ids, and nothing of what is inside."""

import gzip
import json
import logging

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from stillwatch.service.application import application
from stillwatch.service.edge import Bounds

LINE = b'{"exchange_id": "ex-1", "ts": 1772438403000000, "account_id": "acc-1"}\n'
JSONL = {"content-type": "application/x-ndjson"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/acme", 404),
        ("GET", "/v1/acme/cases/", 404),
        ("PUT", "/v1/acme/cases", 405),
        ("POST", "/healthz", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(client, method, path, status):
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert set(answer.json()) == {"type", "title", "status", "detail", "request_id"}
    assert ("allow" in answer.headers) == (status == 405)


def test_every_answer_has_the_security_headers_and_an_id(client, token):
    for answer in (
        client.get("/healthz"),
        client.get("/v1/acme/cases"),
        client.get("/v1/acme/cases", headers=token()),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]
    assert (
        client.get("/healthz", headers={"x-request-id": "of-the-proxy.1"}).headers["x-request-id"]
        == "of-the-proxy.1"
    )
    assert (
        client.get("/healthz", headers={"x-request-id": "a b\tc<script>"}).headers["x-request-id"]
        != "a b\tc<script>"
    )


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"text": "a"', "application/json", 400),
        (b'{"text": "\xff"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 422),
        (b'{"text": NaN}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"text": 1}', "application/json", 422),
        (b'{"text": " "}', "application/json", 422),
        (b'{"text": "a", "by": "eve"}', "application/json", 422),
        (b'{"text": "a"}', "text/plain", 415),
        (b'{"text": "a"}', "", 415),
        (b'{"text": "%s"}' % (b"a" * 300_000), "application/json", 413),
    ],
)
def test_a_body_that_is_not_as_declared_is_refused(client, token, body, kind, status):
    headers = token("decide") | ({"content-type": kind} if kind else {})
    answer = client.post("/v1/acme/cases/none/note", content=body, headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=1&limit=2", "what=1", "state=gone", "after=x", f"after={'9' * 40}"]
)
def test_parameters_that_are_not_as_declared_are_refused(client, token, query):
    assert client.get(f"/v1/acme/cases?{query}", headers=token("read")).status_code == 422


def test_a_packed_body_may_not_unpack_without_end(client, token):
    headers = token("ingest") | JSONL | {"content-encoding": "gzip"}
    assert client.post("/v1/acme/exchanges", content=gzip.compress(LINE), headers=headers).status_code == 200
    bomb = gzip.compress(b" " * (300 << 20), 9)
    assert client.post("/v1/acme/exchanges", content=bomb, headers=headers).status_code == 413
    for wrong in (b"no gzip", gzip.compress(LINE)[:-9]):
        assert client.post("/v1/acme/exchanges", content=wrong, headers=headers).status_code == 400
    headers["content-encoding"] = "br"
    assert client.post("/v1/acme/exchanges", content=LINE, headers=headers).status_code == 415


def test_a_body_without_a_length_is_bounded_as_well(client, token):
    pieces = (b'{"text": "' if at == 0 else b"a" * 65_536 for at in range(100))
    headers = token("decide") | {"content-type": "application/json"}
    assert client.post("/v1/acme/cases/none/note", content=pieces, headers=headers).status_code == 413


def broken(_request):
    raise ZeroDivisionError("of the inside")


def plain(_request):
    return PlainTextResponse("beside")


def test_an_error_of_ours_says_nothing_of_the_inside(standing, caplog):
    beside = Starlette(routes=[Route("/broken", broken), Route("/plain", plain), Route("/metrics", plain)])
    with TestClient(application(standing, beside=beside)) as client:
        assert client.get("/plain").text == "beside"
        assert client.get("/metrics").text != "beside"
        with caplog.at_level(logging.ERROR):
            answer = client.get("/broken")
    assert answer.status_code == 500
    assert "inside" not in answer.text
    assert "Zero" not in answer.text
    assert answer.json()["request_id"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("hops", "client_ip"), [(0, "testclient"), (1, "203.0.113.9"), (2, "203.0.113.7")])
def test_the_address_in_the_log_is_believed_for_configured_hops_alone(standing, caplog, hops, client_ip):
    with (
        TestClient(application(standing, bounds=Bounds(trusted_hops=hops))) as client,
        caplog.at_level(logging.INFO),
    ):
        client.get("/healthz?secret=1", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.7, 203.0.113.9"})
    (said,) = [record.getMessage() for record in caplog.records if record.name == "stillwatch.service"]
    assert "secret" not in said
    assert said.endswith(client_ip if hops else "None")


def test_more_requests_at_once_than_there_may_be_are_told_to_come_again(standing):
    with TestClient(application(standing, bounds=Bounds(requests=0))) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_ready_says_what_is_wrong(client, standing):
    assert client.get("/readyz").json() == {"ready": True}
    assert client.get("/healthz").json() == {"live": True}
    standing.ending.set()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "going down" in answer.json()["detail"]


def test_metrics_name_operations_and_nobody(client, token):
    client.get("/v1/acme/cases", headers=token("read"))
    client.get("/v1/acme/verdicts?account_id=acc-1", headers=token("read"))
    text = client.get("/metrics").text
    assert 'stillwatch_service_requests_total{operation="list_cases",status="200"} 1.0' in text
    assert "acme" not in text
    assert "acc-1" not in text


def test_the_description_is_served(client):
    said = json.loads(client.get("/openapi.json").content)
    assert said["openapi"] == "3.1.0"
    assert "/v1/{tenant}/cases/{case_id}/confirm" in said["paths"]
