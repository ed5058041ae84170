"""Verification over HTTP: a customer's way up, a vendor's events, step-up, who may do what, and what is counted."""

import json

import pytest
from joserfc import jwt
from service_parts import LOGIN_KEY, VENDOR, signed
from starlette.testclient import TestClient

from stillwatch.cases import api
from stillwatch.service.application import application
from stillwatch.service.metrics import Series
from stillwatch.service.standing import Standing

UNDER = "/v1/acme/verification"


@pytest.fixture
def portal(client, token):
    """Ask as the operator's own sign-up does."""
    headers = token("verify", owner="portal")

    def post(path, **body):
        return client.post(f"{UNDER}/{path}", json=body, headers=headers)

    return post


def level(client, token, account="acct-1"):
    return client.get(f"{UNDER}/level", params={"account_id": account}, headers=token("read")).json()


def by_code(portal, account="acct-1", address="ana@acme.example"):
    begun = portal("one_time_code/begin", account_id=account, channel="email", address=address).json()
    told = {"account_id": account, "challenge_id": begun["challenge_id"]}
    return portal("one_time_code/complete", **told, code=begun["shown"]["send"])


def test_a_customer_proves_an_address_and_a_person_takes_it_back(client, token, portal, acme):
    assert level(client, token)["level"] == -1
    made = by_code(portal).json()
    now = level(client, token)
    assert (now["level"], [one["need"] for one in now["lacking"]]) == (0, ["phone", "payment", "device key"])
    assert now["expires"] == made["expires_at"]
    revoke = f"{UNDER}/proofs/{made['proof_id']}/revoke"
    ended = client.post(revoke, json={"reason": "mailbox was sold"}, headers=token("decide", owner="ben"))
    assert [one["proof_id"] for one in ended.json()] == [made["proof_id"]]
    assert level(client, token)["level"] == -1
    listed = client.get(f"{UNDER}/proofs", params={"account_id": "acct-1"}, headers=token("read")).json()
    assert listed[0]["revoked_at"]
    said = [json.loads(one.leaf) for one in api.list_entries(acme)]
    assert [(one["kind"], one["by"]) for one in said if one["kind"].startswith("proof_")] == [
        ("proof_begun", "stillwatch"),
        ("proof_added", "stillwatch"),
        ("proof_revoked", "ben"),
    ]


def test_a_record_is_of_the_person_whose_token_it_is(client, token, clock):
    body = {
        "account_id": "acct-1",
        "kind": "contract",
        "reference": "crm/9",
        "source": "legal",
        "checked_at": clock.now - 1,
        "note": "signed by both",
    }
    made = client.post(f"{UNDER}/records", json=body, headers=token("decide", owner="ana"))
    assert (made.json()["by"], made.json()["kind"]) == ("ana", "contract")
    forged = client.post(f"{UNDER}/records", json=body | {"by": "root"}, headers=token("decide"))
    assert forged.status_code == 422


def test_links_are_shown(client, token, portal):
    by_code(portal, "acct-1")
    by_code(portal, "acct-2")
    (link,) = client.get(f"{UNDER}/links", headers=token("read")).json()
    assert (link["kind"], link["accounts"]) == ("email", ["acct-1", "acct-2"])


def test_a_wrong_code_is_a_conflict_and_counted(client, portal):
    begun = portal("one_time_code/begin", account_id="a", channel="email", address="a@b.cd").json()
    wrong = portal("one_time_code/complete", account_id="a", challenge_id=begun["challenge_id"], code="x")
    assert (wrong.status_code, wrong.json()["detail"]) == (409, "the code is wrong")
    counted = client.get("/metrics").text
    assert 'verifications_total{method="one_time_code",outcome="forged"} 1.0' in counted


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("read", {"level"}),
        ("verify", {"begin", "answer"}),
        ("decide", {"record", "revoke", "ask"}),
        ("ingest", set()),
        ("review", set()),
        ("admin", {"level", "begin", "answer", "record", "revoke", "ask"}),
    ],
)
def test_a_scope_opens_its_part_alone(client, token, scope, may):
    headers = token(scope)
    asked = {
        "level": client.get(f"{UNDER}/level", params={"account_id": "a"}, headers=headers),
        "begin": client.post(f"{UNDER}/key_dpop/begin", json={"account_id": "a"}, headers=headers),
        "answer": client.post(f"{UNDER}/step-up/answer", json={}, headers=headers),
        "record": client.post(f"{UNDER}/records", json={}, headers=headers),
        "revoke": client.post(f"{UNDER}/proofs/p/revoke", json={"reason": "x"}, headers=headers),
        "ask": client.post(f"{UNDER}/step-up", json={}, headers=headers),
    }
    assert {name for name, one in asked.items() if one.status_code != 403} == may
    assert all(one.status_code < 500 for one in asked.values())


def event(portal, clock, account="acct-1"):
    begun = portal("identity_vendor/begin", account_id=account, vendor=VENDOR).json()
    data = {
        "reference": begun["challenge_id"],
        "outcome": "passed",
        "proof": "identity_ial2",
        "performed_at": clock.now // 1_000_000,
        "identity": "person-1",
    }
    return json.dumps({"type": "verification.completed", "data": data}).encode()


def post_event(client, body, headers, vendor=VENDOR, tenant="acme"):
    told = {"content-type": "application/json", **headers}
    return client.post(f"/v1/{tenant}/verification/events/{vendor}", content=body, headers=told)


def test_a_vendor_needs_a_signature_and_no_token(client, portal, clock):
    body = event(portal, clock)
    for wrong in (
        post_event(client, body, {}),
        post_event(client, body + b" ", signed(body, clock.now)),
        post_event(client, body, signed(body, clock.now - 400_000_000)),
        post_event(client, body, signed(body, clock.now + 400_000_000)),
        post_event(client, body, signed(body, clock.now), vendor="nobody"),
        post_event(client, body, signed(body, clock.now), vendor="nobody", tenant="nowhere"),
    ):
        assert wrong.status_code == 401
        assert wrong.headers["www-authenticate"] == "Webhook-Signature"
        assert wrong.headers["content-type"] == "application/problem+json"
    assert post_event(client, body, signed(body, clock.now), tenant="beta").status_code == 409
    taken = post_event(client, body, signed(body, clock.now))
    assert (taken.status_code, set(taken.json())) == (200, {"proof_id"})
    again = post_event(client, body, signed(body, clock.now))
    assert (again.status_code, "taken before" in again.json()["detail"]) == (409, True)
    counted = client.get("/metrics").text
    for reason, number in (
        ("forged", 3),
        ("malformed", 1),
        ("late", 1),
        ("clock_skewed", 1),
        ("replayed", 1),
    ):
        assert f'method="identity_vendor",outcome="{reason}"}} {number}.0' in counted
    assert "acme" not in counted


def test_a_forged_event_leaves_nothing_behind(client, store, clock):
    post_event(client, b"{}", signed(b"x", clock.now), tenant="a-tenant-of-nobody")
    with store.tenant("a-tenant-of-nobody").reading() as connection:
        from stillwatch.cases.schema import trees  # noqa: PLC0415

        names = {row.tenant for row in connection.execute(trees.select())}
    assert "a-tenant-of-nobody" not in names


def test_step_up_over_http(client, token, portal, clock):
    decide = token("decide", owner="ben")
    asked = client.post(
        f"{UNDER}/step-up",
        json={"accounts": ["acct-1", "acct-2"], "level": 2, "max_age": 600},
        headers=decide,
    ).json()
    assert 'acr_values="kyc-2 kyc-3 kyc-4", max_age="600"' in asked[0]["www_authenticate"]
    now = clock.now // 1_000_000
    claims = {
        "iss": "https://login.test",
        "aud": "api",
        "sub": "acct-1",
        "iat": now,
        "exp": now + 60,
        "acr": "kyc-3",
        "auth_time": now,
    }
    made = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "k1"}, claims, LOGIN_KEY)
    told = {"account_id": "acct-1", "challenge_id": asked[0]["challenge"]["challenge_id"]}
    answered = portal("step-up/answer", **told, access_token=made)
    assert answered.json()["level"] == 3
    assert portal("step-up/answer", **told, access_token=made).status_code == 409
    stolen = {"account_id": "acct-2", "challenge_id": asked[1]["challenge"]["challenge_id"]}
    assert "another account" in portal("step-up/answer", **stolen, access_token=made).json()["detail"]


def test_without_an_office_nothing_of_it_is_there(store, homes, token):
    bare = Standing(store, homes, Series())
    with TestClient(application(bare)) as client:
        asked = client.get(f"{UNDER}/level", params={"account_id": "a"}, headers=token("read"))
        assert (asked.status_code, asked.json()["detail"]) == (404, "verification is not served here")
