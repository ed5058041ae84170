"""Who is let in: tokens that are expired, revoked, forged, of another tenant or of too narrow a scope are not."""

import pytest
import sqlalchemy as sql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.cases import api
from stillwatch.cases.schema import tokens
from stillwatch.records import NotThere, UsageError

DAY = 86_400_000_000


def status(client, headers, path="/v1/acme/cases"):
    answer = client.get(path, headers=headers)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
    return answer.status_code


def test_no_token_or_a_strange_one_is_let_in(client, token):
    good = token("read")["authorization"]
    assert status(client, {"authorization": good}) == 200
    assert status(client, {"authorization": good.replace("Bearer", "bearer")}) == 200
    text = good.removeprefix("Bearer ")
    for wrong in (
        "",
        text,
        f"Basic {text}",
        f"Bearer {text}x",
        f"Bearer {text[:-1]}",
        "Bearer " + "x" * 100_0,
        "Bearer  ",
    ):
        answer = client.get("/v1/acme/cases", headers={"authorization": wrong} if wrong else {})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_a_forged_token_is_never_let_in(client, text):
    assert status(client, {"authorization": f"Bearer {text}".encode("latin-1")}) == 401


def test_a_token_ends_when_it_expires(client, token, clock):
    headers = token("read", days=1)
    assert status(client, headers) == 200
    clock.now += DAY
    assert status(client, headers) == 401


def test_a_token_ends_when_it_is_revoked(client, token, acme):
    headers, admin = token("read"), token("admin")
    (made,) = [one for one in api.list_tokens(acme) if one.scopes == ["read"]]
    assert client.delete(f"/v1/acme/tokens/{made.token_id}", headers=admin).json()["revoked_at"]
    assert status(client, headers) == 401
    assert client.delete(f"/v1/acme/tokens/{made.token_id}", headers=admin).status_code == 200
    assert client.delete("/v1/acme/tokens/token-0", headers=admin).status_code == 404


def test_a_token_is_made_over_the_api_and_shown_once(client, token, store):
    admin = token("admin", owner="root")
    made = client.post(
        "/v1/acme/tokens", json={"owner": "ben", "scopes": ["read"], "days": 2}, headers=admin
    ).json()
    assert status(client, {"authorization": f"Bearer {made['text']}"}) == 200
    listed = client.get("/v1/acme/tokens", headers=admin)
    assert made["text"] not in listed.text
    assert {one["owner"] for one in listed.json()} == {"ben", "root"}
    with store.tenant("acme").reading() as connection:
        kept = connection.execute(sql.select(tokens)).all()
    assert made["text"] not in str(kept)
    kinds = [entry.leaf for entry in api.list_entries(store.tenant("acme"))]
    assert any('"token_added"' in leaf and '"by":"root"' in leaf for leaf in kinds)


@pytest.mark.parametrize(
    ("scope", "may"), [("read", {"get"}), ("decide", {"note"}), ("ingest", {"take"}), ("review", set())]
)
def test_a_scope_opens_its_operations_alone(client, token, scope, may):
    headers = token(scope)
    answers = {
        "get": client.get("/v1/acme/cases", headers=headers),
        "note": client.post("/v1/acme/cases/none/note", json={"text": "x"}, headers=headers),
        "take": client.post(
            "/v1/acme/decisions", content=b"", headers=headers | {"content-type": "application/x-ndjson"}
        ),
        "admin": client.get("/v1/acme/tokens", headers=headers),
    }
    refused = {name for name, answer in answers.items() if answer.status_code == 403}
    assert refused == set(answers) - may
    assert all("insufficient_scope" in answers[name].headers["www-authenticate"] for name in refused)


def test_a_token_of_one_tenant_opens_nothing_of_another(client, token):
    assert status(client, token("admin", tenant="beta")) == 401
    assert status(client, token("admin", tenant="acme"), "/v1/beta/cases") == 401


def test_what_a_token_needs(acme):
    for wrong in (
        {"owner": " "},
        {"scopes": []},
        {"scopes": ["read", "all"]},
        {"days": 0},
        {"days": 1e9},
        {"by": ""},
    ):
        with pytest.raises(UsageError):
            api.add_token(acme, **({"owner": "ana", "scopes": ["read"], "days": 1, "by": "ana"} | wrong))
    with pytest.raises(NotThere):
        api.revoke_token(acme, "token-1", by="ana")
    assert not api.has_tokens(acme)
