"""A vendor's events at the desk: asked for, signed, once, in time; and the simulated vendor over HTTP."""

import httpx
import pytest
from served import served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from vouching import DAY, SECOND, SECRET, START, desk, event, kinds, signed

from stillwatch.access.verification.api import Refused
from stillwatch.cases import api
from stillwatch.lab.identity_vendor import IdentityVendor, Session
from stillwatch.records import UsageError

VENDORS = {
    "idcheck": {"secret": "IDCHECK", "states": ["identity_ial2", "phone"]},
    "payer": {"secret": "PAYER", "states": ["payment"]},
}


@pytest.fixture
def checks(tenant, monkeypatch):
    monkeypatch.setenv("IDCHECK", SECRET)
    monkeypatch.setenv("PAYER", "another-secret-of-thirty-two-bytes")
    return desk(tenant, vendors=VENDORS)


def begin(checks, account="acct-1", **more):
    asked = {"account_id": account, "vendor": "idcheck"} | more
    return checks.begin("identity_vendor", asked).challenge_id


def refused(reason, checks, headers, body, vendor="idcheck"):
    with pytest.raises(Refused) as found:
        checks.receive(vendor, headers, body)
    assert found.value.reason == reason, str(found.value)
    assert checks.office.refusals()["identity_vendor", reason] > 0


def test_an_event_proves_what_was_asked(checks, tenant):
    body = event(begin(checks))
    proof = checks.receive("idcheck", signed(body), body)
    assert (proof.kind, proof.by, proof.account_id) == ("identity_ial2", "idcheck", "acct-1")
    assert proof.provenance == {"vendor": "idcheck", "event_id": "evt-1"}
    assert "person-7" not in str(proof)
    assert kinds(tenant) == ["proof_begun", "proof_added"]


def test_a_replayed_event_is_refused_and_counted(checks):
    body = event(begin(checks))
    checks.receive("idcheck", signed(body), body)
    for _ in range(3):
        refused("replayed", checks, signed(body), body)
    assert checks.office.refusals() == {("identity_vendor", "replayed"): 3}
    refused(
        "used", checks, signed(body, event_id="evt-2"), body
    )  # signed anew, but the challenge is answered
    assert len(checks.proofs("acct-1")) == 1


def test_an_event_that_was_refused_for_another_reason_may_come_again(checks, clock):
    body = event(begin(checks))
    clock.now = START + 301 * SECOND
    refused("late", checks, signed(body), body)
    assert checks.receive("idcheck", signed(body, at=clock.now), body)


def test_forged_late_and_skewed_events_prove_nothing(checks, clock):
    body = event(begin(checks))
    refused("forged", checks, signed(body, secret="nobody knows this secret of mine"), body)
    refused("forged", checks, signed(body), body.replace(b"acct", b"acc2").replace(b"passed", b"failed"))
    refused("forged", checks, signed(body), body, vendor="payer")
    refused("forged", checks, signed(body), body, vendor="nobody")
    refused("late", checks, signed(body, at=START - 301 * SECOND), body)
    refused("clock_skewed", checks, signed(body, at=START + 301 * SECOND), body)
    refused("malformed", checks, {}, body)
    refused("malformed", checks, signed(b"{}"), b"{}")
    assert checks.proofs("acct-1") == []
    assert clock.now == START


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("insufficient", {"outcome": "failed"}),
        ("mismatch", {"proof": "phone"}),
        ("mismatch", {"proof": "contract"}),
        ("clock_skewed", {"at": START + 120 * SECOND}),
        ("late", {"at": START - 8 * DAY}),
        ("late", {"at": 0}),
        ("clock_skewed", {"performed_at": 10**40}),
    ],
)
def test_a_genuine_event_that_does_not_prove_it(reason, told, checks):
    body = event(begin(checks), **told)
    refused(reason, checks, signed(body), body)


def test_an_event_for_nothing_that_was_begun(checks):
    body = event("challenge-of-nobody")
    refused("unknown", checks, signed(body), body)


def test_an_event_counts_from_the_check_and_not_from_its_arrival(checks):
    body = event(begin(checks), at=START - 3 * DAY)
    assert checks.receive("idcheck", signed(body), body).made_at == START - 3 * DAY


def test_one_person_behind_two_accounts_is_a_link(checks):
    for number, account in enumerate(["acct-1", "acct-2", "acct-3"]):
        body = event(begin(checks, account), identity="person-1" if number < 2 else "person-2")
        checks.receive("idcheck", signed(body, event_id=f"evt-{number}"), body)
    (link,) = checks.links(["identity"])
    assert (link.accounts, link.of) == (["acct-1", "acct-2"], 3)


def test_customers_cannot_answer_for_the_vendor(checks):
    reference = begin(checks)
    with pytest.raises(UsageError, match="not completed by whom"):
        checks.complete("identity_vendor", {"account_id": "acct-1", "challenge_id": reference})


def test_a_vendor_is_asked_for_what_it_may_state(checks):
    with pytest.raises(Refused, match="may not state"):
        begin(checks, proof="contract")
    with pytest.raises(Refused, match="no vendor"):
        begin(checks, vendor="nobody")


def test_an_event_of_one_tenant_is_unknown_to_another(checks, store):
    body = event(begin(checks))
    other = desk(store.tenant("beta"), vendors=VENDORS)
    refused("unknown", other, signed(body), body)
    assert checks.receive("idcheck", signed(body), body)


@pytest.mark.parametrize("keyed", [True, False], ids=["secret", "ed25519"])
def test_the_simulated_vendor_over_http(keyed, tmp_path, monkeypatch):
    """Sessions are checked, events posted; what was recorded off the wire cannot be used again."""
    monkeypatch.setenv("IDCHECK", SECRET)
    with api.open_store(f"sqlite:///{tmp_path}/real.db") as store:  # the clock of the wall, as the vendor's
        vendor = IdentityVendor("", secret=SECRET.encode() if keyed else None, seed=3)
        told = {"secret": "IDCHECK"} if keyed else {"public_keys": [vendor.public_key]}
        checks = desk(store.tenant("acme"), vendors={"idcheck": {"states": ["identity_ial2"]} | told})

        async def take(request: Request):
            try:
                checks.receive("idcheck", request.headers, await request.body())
            except Refused as refusal:
                return Response(refusal.reason, status_code=401 if refusal.reason == "forged" else 409)
            return Response()

        with (
            served(Starlette(routes=[Route("/hook", take, methods=["POST"])]), lifespan="off") as ours,
            served(vendor.app(), lifespan="off") as theirs,
        ):
            vendor.callback = f"{ours}/hook"
            statuses = {}
            people = [f"person-{number}" for number in range(15)]
            for person in people:
                session = {"reference": begin(checks, person), "person": person}
                answer = httpx.post(f"{theirs}/sessions", json=session)
                statuses[person] = answer.json()["event_status"]
            assert {one for one, status in statuses.items() if status == 200} == {
                one for one in people if vendor.passes(one)
            }
            assert 0 < sum(status == 200 for status in statuses.values()) <= 15
            headers, body = vendor.sent[0]
            assert vendor.post(headers, body) == 409
            assert vendor.post(headers | {"webhook-id": "evt_forged"}, body) == 401
            assert vendor.post(headers, body.replace(b"passed", b"failed")) == 401
            assert httpx.post(f"{theirs}/sessions", content=b"{").status_code == 422
            late = IdentityVendor(f"{ours}/hook", secret=SECRET.encode(), ahead=-900)
            if keyed:
                assert late.check(Session(reference=begin(checks, "late"), person="p")) == 409
                assert checks.office.refusals()["identity_vendor", "late"] == 1
