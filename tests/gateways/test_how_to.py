"""The page that says how to guard a server, run as it is written."""

import json
import re
from pathlib import Path

import pytest
from answers import request_of
from starlette.testclient import TestClient

from stillwatch.access.verification.api import Bound, publish_bound_keys
from stillwatch.lab.provider_app import ProviderApp
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Micros, Verdict

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "guard-an-asgi-server.md"
POLICY = """\
rules:
  - {id: surface, mode: enforce, when: 'verdict.state == "open"', step: reduce_surface, reason: surface}
  - {id: blocked, mode: enforce, when: 'verdict.state == "confirmed"', step: block, reviewers: [Ana], reason: confirmed,
     message: This account is suspended., appeal: true}
"""


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def verdict(state):
    return Verdict(
        campaign_id="camp-1",
        state=state,
        probability=0.99,
        log_e_value=20.0,
        accounts=40,
        capability="coding",
        since=Micros(1_772_000_000_000_000),
        active=True,
    )


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """The application of the page, in front of a provider."""
    configuration = blocks("yaml")[0]
    assert len(configuration.splitlines()) <= 10
    (tmp_path / "gateway.yaml").write_text(configuration)
    (tmp_path / "policy.yaml").write_text(POLICY)
    publish(
        tmp_path / "verdicts", rows([("acc-open", verdict("open")), ("acc-gone", verdict("confirmed"))]), 1
    )
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(blocks("python")[0], str(PAGE), "exec"), names)
    provider = ProviderApp()
    names["app"].mount("/", provider)
    with TestClient(names["app"]) as client:
        yield client, provider


def call(client, account, **headers):
    body = json.dumps(request_of("chat", n=3, logprobs=True))
    return client.post("/v1/chat/completions", content=body, headers={"x-account-id": account, **headers})


def test_the_page_as_written(guarded, tmp_path):
    client, provider = guarded
    assert call(client, "acc-fine", **{"x-forwarded-for": "6.6.6.6, 203.0.113.7"}).status_code == 200
    assert call(client, "acc-open").status_code == 200
    refused = call(client, "acc-gone")
    assert refused.status_code == 403
    said = refused.json()["error"]["stillwatch"]
    assert said["appeal"] == f"https://example.org/appeal/{said['decision_id']}"
    assert [(body["n"], "logprobs" in body) for body in provider.seen] == [(3, True), (1, False)]
    client.__exit__(None, None, None)
    lines = [path.read_text() for path in (tmp_path / "spool").glob("exchanges-*.jsonl")]
    exchanges = [json.loads(line) for text in lines for line in text.splitlines()]
    assert {one["account_id"] for one in exchanges} == {"acc-fine", "acc-open", "acc-gone"}
    assert {one["client_ip"] for one in exchanges if one["account_id"] == "acc-fine"} == {"203.0.113.7"}
    assert len(list((tmp_path / "spool").glob("decisions-*.jsonl"))) == 1


def test_bound_keys_as_written(tmp_path, monkeypatch):
    (tmp_path / "gateway.yaml").write_text("".join(blocks("yaml")[:2]))
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    server, customer = {}, {}
    for code, names in zip(blocks("python"), (server, customer), strict=True):
        exec(compile(code, str(PAGE), "exec"), names)
    bound = Bound(frozenset({customer["key"].thumbprint()}))
    publish_bound_keys(tmp_path / "bound-keys", {"acc-bound": bound})
    server["app"].mount("/", ProviderApp())
    told = ("sk-1", "POST", "https://api.example.com/v1/chat/completions")
    with TestClient(server["app"]) as client:
        assert call(client, "acc-fine").status_code == 200
        resold = call(client, "acc-bound", authorization="Bearer sk-1")
        assert resold.headers["www-authenticate"].startswith('DPoP error="invalid_dpop_proof"')
        first = call(client, "acc-bound", authorization="Bearer sk-1", dpop=customer["proof"](*told))
        assert first.headers["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')
        again = customer["proof"](*told, nonce=first.headers["dpop-nonce"])
        assert call(client, "acc-bound", authorization="DPoP sk-1", dpop=again).status_code == 200
        assert call(client, "acc-bound", authorization="DPoP sk-1", dpop=again).status_code == 401
