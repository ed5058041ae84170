"""Calls through a gateway whose accounts have bound keys: an API key that is resold is worth nothing."""

import asyncio
import gzip
import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import httpx
import pytest
from answers import request_of
from deciding import deciding

sys.path.append(str(Path(__file__).parents[1] / "access" / "verification"))
from client_certificates import header_of, lasting_now
from possession import new_key, proof

from stillwatch.access.verification.api import Bound, publish_bound_keys
from stillwatch.access.verification.calls import SeenProofs
from stillwatch.access.verification.protocols import mtls
from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.gateways.bound_keys import INTERVAL, BoundKeys
from stillwatch.gateways.guardrail_api import guardrail_app
from stillwatch.lab.provider_app import PATHS, ProviderApp
from stillwatch.records import InvalidConfiguration

PATH_OF = {route: path for path, route in PATHS.items()}
BASE = "https://api.example.com"
TOKEN = "sk-of-the-customer"
KEY = new_key()
OWN = lasting_now()
BOUND = {
    "acc-dpop": Bound(frozenset({KEY.thumbprint()})),
    "acc-mtls": Bound(frozenset(), frozenset({mtls.presented(OWN.der).thumbprint})),
}
STATED = {"file": "bound-keys", "base_url": BASE}
BEHIND = STATED | {"certificate_header": "Client-Cert", "certificate_from": ["10.0.0.0/8"]}

HIDDEN = """
import sys
class Hiding:
    def __init__(self, inner): self.inner = inner
    def __getattr__(self, name): return getattr(self.inner, name)
    def find_spec(self, name, *more):
        return None if name.partition(".")[0] == "joserfc" else self.inner.find_spec(name, *more)
sys.meta_path[:] = [Hiding(one) for one in sys.meta_path]
"""


@pytest.fixture
def guarded(opened, tmp_path):
    """A provider behind the middleware."""
    publish_bound_keys(tmp_path / "bound-keys", BOUND)

    def make(bound_keys=STATED, **stated):
        more = {name: stated.pop(name) for name in ("seen", "identity") if name in stated}
        gateway = opened(**({"account_header": "x-account-id", "bound_keys": bound_keys} | stated))
        if bound_keys is not None:  # as they are opened, and looking at the file at each call
            gateway.guard.keys = BoundKeys(
                tmp_path / "bound-keys",
                gateway.settings.bound_keys,
                more.get("identity", gateway.identity),
                gateway.guard.trouble,
                clock=count(0.0, 2.0 * INTERVAL).__next__,
                seen=more.get("seen"),
            )
        provider = ProviderApp()
        return StillwatchMiddleware(provider, gateway=gateway), provider, gateway.guard

    return make


def proved(key=KEY, *, token=TOKEN, route="chat", **more):
    return proof(key, now=time.time_ns() // 1000, token=token, url=BASE + PATH_OF[route], **more)


def post(app, account="acc-dpop", *proofs, route="chat", peer="192.0.2.1", body=None, query="", headers=()):
    given = [
        ("authorization", f"Bearer {TOKEN}"),
        ("x-account-id", account),
        ("content-type", "application/json"),
    ]
    given += [("dpop", one) for one in proofs]
    given += headers

    async def run():
        transport = httpx.ASGITransport(app, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://inside:8000") as client:
            content = json.dumps(request_of(route)).encode() if body is None else body
            return await client.post(PATH_OF[route] + query, content=content, headers=given)

    return asyncio.run(run())


@pytest.mark.parametrize("route", PATH_OF)
def test_a_resold_api_key_is_refused_and_the_right_key_passes(route, guarded, spooled):
    app, provider, guard = guarded()
    resold = [post(app, route=route), post(app, "acc-dpop", proved(new_key(), route=route), route=route)]
    for reply in resold:
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"].startswith('DPoP error="invalid_dpop_proof", algs="ES256')
        assert reply.json()["error"]["stillwatch"]["reason"] in {"malformed", "mismatch"}
    assert provider.seen == []
    assert post(app, "acc-dpop", proved(route=route), route=route, query="?beta=1").status_code == 200
    assert provider.seen == [request_of(route)]
    guard.close()
    assert [one.get("error_type") for one in spooled("exchanges")] == ["stillwatch_key_not_shown"] * 2 + [
        None
    ]
    assert (guard.metrics()["keys_not_shown"], guard.metrics()["keys_shown"]) == (2, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: [proved(token="sk-of-another")],
        lambda: [proved(method="GET")],
        lambda: [proved(route="messages")],
        lambda: [proved(), proved()],
        lambda: ["garbage"],
        lambda: [proved(iat=int(time.time()) - 3_600)],
    ],
)
def test_a_proof_of_something_else_is_refused(wrong, guarded):
    app, provider, _ = guarded()
    assert post(app, "acc-dpop", *wrong()).status_code == 401
    assert provider.seen == []


def test_a_proof_counts_once_also_when_the_keys_are_taken_up_anew(guarded, tmp_path):
    app, _, _ = guarded()
    made = proved()
    assert post(app, "acc-dpop", made).status_code == 200
    replayed = post(app, "acc-dpop", made)
    assert (replayed.status_code, replayed.json()["error"]["stillwatch"]["reason"]) == (401, "replayed")
    publish_bound_keys(tmp_path / "bound-keys", BOUND | {"acc-more": Bound(frozenset({"x"}))})
    assert post(app, "acc-dpop", made).status_code == 401
    assert post(app, "acc-more").status_code == 401


def test_a_call_without_our_nonce_is_told_one_and_passes_with_it(guarded):
    app, _, _ = guarded(STATED | {"nonces": True})
    asked = post(app, "acc-dpop", proved())
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')
    assert asked.headers["cache-control"] == "no-store"
    assert post(app, "acc-dpop", proved(nonce=asked.headers["dpop-nonce"])).status_code == 200


def test_accounts_without_a_key_are_not_touched(guarded):
    app, provider, guard = guarded()
    assert post(app, "acc-other").status_code == 200
    assert post(app, "acc-other", "garbage").status_code == 200
    assert len(provider.seen) == 2
    assert not [name for name in guard.metrics() if name.startswith("key")]


def test_a_client_certificate_is_believed_from_our_proxy_alone(guarded):
    app, provider, guard = guarded(BEHIND)
    shown = [("client-cert", header_of(OWN))]
    assert post(app, "acc-mtls", peer="10.1.2.3", headers=shown).status_code == 200
    assert post(app, "acc-mtls", peer="::ffff:10.1.2.3", headers=shown).status_code == 200
    refused = [
        post(app, "acc-mtls", peer="192.0.2.1", headers=shown),
        post(app, "acc-mtls", peer="10.1.2.3", headers=[*shown, ("client-cert", header_of(lasting_now()))]),
        post(app, "acc-mtls", peer="10.1.2.3", headers=[("client-cert", header_of(lasting_now()))]),
        post(app, "acc-mtls", peer="10.1.2.3"),
    ]
    for reply in refused:
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert len(provider.seen) == 2
    assert guard.metrics()["certificates_not_believed"] == 2


def test_an_account_told_by_its_api_key_cannot_hide_behind_a_second_one(guarded, opened, tmp_path):
    identity = opened().identity
    app, provider, _ = guarded(account_header=None)
    publish_bound_keys(
        tmp_path / "bound-keys", {identity.key_id(TOKEN): Bound(frozenset({KEY.thumbprint()}))}
    )
    assert post(app).status_code == 401
    for name, value in [
        ("authorization", "Bearer junk"),
        ("x-api-key", "junk"),
        ("authorization", f"DPoP {TOKEN}"),
    ]:
        assert post(app, headers=[(name, value)]).status_code == 401
    assert post(app, "acc-dpop", proved()).status_code == 200
    assert len(provider.seen) == 1


def test_a_body_that_is_not_read_hides_nothing(guarded):
    app, provider, _ = guarded(limits={"body_bytes": 10})
    assert post(app).status_code == 401
    packed = gzip.compress(b"{}")
    assert post(app, body=packed, headers=[("content-encoding", "gzip")]).status_code == 401
    assert provider.seen == []


def test_a_call_that_is_refused_for_its_key_takes_no_step(opened, tmp_path):
    asked = []

    def decide(call):
        asked.append(call)
        return deciding("observe")(call)

    publish_bound_keys(tmp_path / "bound-keys", BOUND)
    gateway = opened(decide, account_header="x-account-id", bound_keys=STATED)
    assert post(StillwatchMiddleware(ProviderApp(), gateway=gateway)).status_code == 401
    assert asked == []


def test_without_enforce_it_is_only_counted(guarded):
    app, _, guard = guarded(enforce=False)
    assert post(app).status_code == 200
    assert guard.metrics()["keys_not_shown_dry_run"] == 1


def test_without_settings_nothing_is_asked(guarded):
    app, _, guard = guarded(None)
    assert post(app).status_code == 200
    assert guard.keys is None


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"version": 9, "salt": "", "accounts": {}}'])
def test_a_file_that_is_broken_binds_nobody_and_is_counted(content, guarded, tmp_path):
    path = tmp_path / "bound-keys"
    app, _, guard = guarded(fail_closed=["chat"])
    assert post(app).status_code == 401
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert post(app).status_code == 200
    assert guard.metrics()["error_bound_keys"] == 1
    publish_bound_keys(path, BOUND)
    assert post(app).status_code == 401


def test_an_error_of_ours_lets_the_call_go_on_unless_the_route_fails_closed(guarded):
    for stated, status in [({}, 200), ({"fail_closed": ["chat"]}, 503)]:
        app, _, guard = guarded(account_header=None, identity=None, **stated)  # as good as any fault
        assert post(app).status_code == status
        assert guard.metrics()["error_bound_keys"] == 1


def test_where_proofs_cannot_be_remembered_calls_go_on(guarded):
    app, _, guard = guarded(seen=SeenProofs(most=1))
    assert post(app, "acc-dpop", proved()).status_code == 200
    assert post(app, "acc-dpop", proved()).status_code == 200
    assert guard.metrics()["proofs_not_remembered"] == 1


def test_a_header_of_certificates_needs_peers_to_believe(guarded):
    with pytest.raises(InvalidConfiguration, match="certificate_from"):
        guarded(STATED | {"certificate_header": "client-cert"})


def test_a_gateway_that_sees_no_headers_says_so(opened):
    with pytest.raises(InvalidConfiguration, match="guardrail API"):
        guardrail_app(opened(bound_keys=STATED))


def test_without_the_extra_it_is_named_and_gateways_without_the_setting_run(tmp_path):
    script = (
        HIDDEN
        + """
from pathlib import Path
from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import settings_from
for more in ({}, {"bound_keys": {"file": "k", "base_url": "https://a"}}):
    open_gateway(settings_from({"spool": "s", **more}, "test", Path(sys.argv[1]))).guard.close()
    print("opened")
"""
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.stdout == "opened\n"
    assert "pip install 'stillwatch[access]'" in done.stderr
