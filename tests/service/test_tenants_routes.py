"""On every route of the table, what one tenant does is neither seen nor changed by another."""

import msgspec
import pyarrow as pa
import pytest
from composed_campaigns import HOUR, START, campaign, members, opened, write_result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from service_parts import VENDOR, office, signed

from stillwatch.access.verification.api import VerificationDesk
from stillwatch.access.verification.schema import metadata as verification_tables
from stillwatch.cases import api
from stillwatch.cases.challenge_records import Challenge, Challenged
from stillwatch.cases.schema import metadata
from stillwatch.policy.publish import publish, rows
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import (
    STANDINGS,
    Alarm,
    Decision,
    Limit,
    Micros,
    Notice,
    TakenDecision,
    Terms,
    Verdict,
)
from stillwatch.service.catalogue import operations
from stillwatch.service.operation import Media
from stillwatch.sinks import append

SECRET = "secret-of-beta"
RECORD = {
    "kind": "payment",
    "reference": "crm/1",
    "source": "bank",
    "checked_at": START + 1000 * HOUR,
    "note": "seen",
}
BODIES = {
    "confirm_case": {"reason": "x"},
    "dismiss_case": {"reason": "x"},
    "close_case": {"reason": "x"},
    "reopen_case": {"reason": "x"},
    "note_case": {"text": "x"},
    "assign_case": {"owner": "ana"},
    "merge_case": {"reason": "x"},
    "clear_case": {"reason": "x"},
    "split_case": {"reason": "x"},
    "lint_policy": {"policy": "rules: []"},
    "test_policy": {"policy": "rules: []"},
    "diff_policy": {"policy": "rules: []"},
    "lint_regions": {"regions": "otherwise: supported\nregions: []\n"},
    "decide_owners": {"holdings": [{"owner": "a", "owned": "b", "share": 0.6}], "listed": ["a"]},
    "contest_decision": {"reason": "x"},
    "settle_appeal": {"outcome": "upheld", "reason": "x"},
    "add_token": {"owner": "eve", "scopes": ["read"]},
    "record_proof": RECORD,
    "revoke_proof": {"reason": "x"},
    "ask_step_up": {"level": 2},
    "answer_step_up": {"access_token": "x"},
    "begin_domain_control": {"domain": "acme.example"},
    "complete_domain_control": {},
    "begin_identity_vendor": {"vendor": VENDOR},
    "begin_key_dpop": {},
    "complete_key_dpop": {"proof": "x"},
    "begin_key_mtls": {},
    "complete_key_mtls": {"certificate": "x", "signature": "x"},
    "begin_one_time_code": {"channel": "email", "address": "eve@acme.example"},
    "complete_one_time_code": {"code": "1"},
    "begin_organisation_login": {"organisation": "nowhere"},
    "complete_organisation_login": {"code": "1", "state": "x"},
    "begin_passkey": {},
    "complete_passkey": {"credential": {}},
}
NEW = "an-account-nobody-has-seen"  # asked for in any tenant: the store knows no list of accounts
POLICY = f"rules:\n  - {{id: {SECRET}, mode: enforce, when: 'true', step: observe, reason: r}}\n"


def decision(name):
    made = Decision(decision_id=name, ts=Micros(START), account_id=NEW, step="tag")
    return TakenDecision(decision=made, exchange_id="ex", route="chat", outcome="applied")


def fill(tenant, home, word):
    """Something of everything that a tenant can have, with a word by which it is known."""
    own = [f"{word}-{number}" for number in range(20)]
    case_id = opened(tenant, own, f"{word}-campaign", watch=f"{word}-watch")
    api.note(tenant, case_id, by="ana", text=f"{word} note")
    api.record_decisions(
        tenant,
        [Decision(decision_id=f"{word}-decision", ts=1, account_id=own[0], step="tag", case_id=case_id)],
    )
    token, _ = api.add_token(tenant, owner=f"{word}-owner", scopes=["read"], days=9, by="ana")
    write_result(home.out, [campaign(f"{word}-campaign", accounts=20)], members(**{f"{word}-campaign": own}))
    home.policy.write_text(POLICY.replace(SECRET, word))
    alarm = Alarm(
        ts=Micros(START),
        campaign_id=f"{word}-campaign",
        kind="grew",
        accounts=9,
        exchanges_so_far=99,
        log_e_value=1.0,
        summary=f"{word} grew",
    )
    append(
        home.alarms,
        [Notice(alarm_id=word, alarm=alarm, tenant=tenant.name, watch="w", written_at=Micros(START))],
    )
    verdict = Verdict(
        campaign_id=f"{word}-campaign",
        state="open",
        probability=0.9,
        log_e_value=9.0,
        accounts=20,
        capability="coding",
        since=Micros(1),
        active=True,
    )
    publish(home.verdicts, rows([(own[0], verdict)]), 7)
    desk = VerificationDesk(tenant, office())
    proof = desk.record(RECORD | {"account_id": own[0], "identifier": f"{word}-bank"}, by=f"{word}-person")
    begun = desk.begin("identity_vendor", {"account_id": own[0], "vendor": VENDOR})
    terms = Terms(f"{word}-rule", f"{word}-reason", Limit("observe"), Limit("observe"))
    row = {"account_id": own[0], "id": 1, "level": 0, "asked": 2, "since": 1, "terms": 0, "control": False}
    publish_standings(home.standings, pa.Table.from_pylist([row], STANDINGS), [terms], 7)
    asked = Challenged(account_id=own[0], control=False, first=True, since=Micros(1), deadline=Micros(9))
    challenge = Challenge(
        challenge_id=f"{word}-challenge",
        campaign_id=f"{word}-campaign",
        level=2,
        opened_at=Micros(1),
        deadline=Micros(9),
        asked={own[0]: asked},
    )
    api.keep_challenge(tenant, f"{word}-watch", challenge, [own[0]], "challenge_opened")
    api.contest(tenant, f"{word}-decision", by="ana", reason=f"{word} contested")
    return {
        "proof_id": proof.proof_id,
        "challenge_id": begun.challenge_id,
        "vendor": VENDOR,
        "case_id": case_id,
        "watch": f"{word}-watch",
        "campaign_id": f"{word}-campaign",
        "decision_id": f"{word}-decision",
        "account_id": own[0],
        "token_id": token.token_id,
        "number": "0",
        "accounts": own[:2],
    }


def state_of(tenant, home):
    """All that a tenant has, to compare."""
    with tenant.reading() as connection:
        kept = {
            table.name: sorted(map(repr, connection.execute(table.select().where(tenant.mine(table))).all()))
            for table in [*metadata.sorted_tables, *verification_tables.sorted_tables]
            if "tenant" in table.c and table.name != "checkpoints"
        }
    return kept, {str(path): path.read_bytes() for path in home.out.rglob("*") if path.is_file()}


def ask(client, operation, tenant, ids, headers):
    """Call an operation with the ids of somebody."""
    fields = {field.name for field in msgspec.structs.fields(operation.parameters)}
    path, query = operation.template.replace("{tenant}", tenant), {}
    for name in fields & set(ids):
        if operation.in_path(name):
            path = path.replace(f"{{{name}}}", ids[name])
        elif name in ("account_id", "watch"):
            query[name] = ids[name]
    if "seconds" in fields:
        query["seconds"] = 0
    if operation.name == "get_consistency":
        query |= {"old": 1, "size": 2}
    told = {"params": query, "headers": headers}
    if isinstance(operation.body, Media):
        line, more = content(operation, ids)
        more |= {"content-type": operation.body.content_type}
        told |= {"content": line, "headers": headers | more}
    elif operation.body is not None:
        told["json"] = record(operation, ids)
    return client.request(operation.method, path, **told)


def record(operation, ids):
    """A body with the ids that its fields ask for."""
    body = dict(BODIES[operation.name])
    fields = {field.name for field in msgspec.structs.fields(operation.body)}
    asks = operation.name.startswith(("begin_", "record_", "ask_"))
    if "accounts" in fields:
        body["accounts"] = [NEW] if asks else ids["accounts"]
    if "account_id" in fields:
        body["account_id"] = NEW if asks else ids["account_id"]
    if "challenge_id" in fields:
        body["challenge_id"] = ids["challenge_id"]
    if "other_id" in fields:
        body["other_id"] = ids["case_id"]
    return body


def content(operation, ids):
    """A body that is not read as a record of ours, and the headers it needs."""
    if operation.name == "hand_in_decisions":
        return msgspec.json.encode(decision("d-new")), {}
    if operation.name == "hand_in_exchanges":
        return b'{"exchange_id": "e", "ts": 1772438403000000, "account_id": "a"}', {}
    now = START + 1000 * HOUR
    data = {
        "reference": ids["challenge_id"],
        "outcome": "passed",
        "proof": "identity_ial2",
        "performed_at": now // 1_000_000,
    }
    line = msgspec.json.encode({"type": "verification.completed", "data": data})
    return line, signed(line, now)


@pytest.fixture
def both(store, homes):
    return {
        "acme": fill(store.tenant("acme"), homes["acme"], "word-of-acme"),
        "beta": fill(store.tenant("beta"), homes["beta"], SECRET),
    }


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_no_route_shows_or_changes_what_is_anothers(operation, client, token, store, homes, both):
    mine = token("admin", tenant="acme")
    before = state_of(store.tenant("beta"), homes["beta"])
    if operation.scope is not None:  # else the vendor's signature opens it, to this tenant as to any
        refused = ask(client, operation, "beta", both["beta"], mine)  # my token on the other's path
        assert refused.status_code == 401
        assert SECRET not in refused.text
    theirs = ask(client, operation, "acme", both["beta"], mine)  # the other's ids on my path
    if theirs.status_code < 400:  # an error names what was asked for, and nothing else
        assert SECRET not in theirs.text
    assert state_of(store.tenant("beta"), homes["beta"]) == before
    allowed = ask(client, operation, "beta", both["beta"], token("admin", tenant="beta"))
    assert allowed.status_code in (200, 409), allowed.text


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.tuples(st.sampled_from(operations()), st.booleans()), min_size=1, max_size=6))
def test_no_series_of_calls_does_either(chosen, client, token, store, homes, both):
    mine = token("admin", tenant="acme")
    before = state_of(store.tenant("beta"), homes["beta"])
    for operation, own in chosen:
        answer = ask(client, operation, "acme", both["acme" if own else "beta"], mine)
        assert answer.status_code < 500, answer.text
        if answer.status_code < 400:
            assert SECRET not in answer.text
    assert state_of(store.tenant("beta"), homes["beta"]) == before


def test_names_of_tenants_that_do_not_exist_are_not_told_from_those_that_do(client, token):
    headers = token("admin", tenant="acme")
    answers = [
        client.get(f"/v1/{name}/cases", headers=headers).json()
        for name in ("beta", "nobody", "%00", "a%2Fb"[:1])
    ]
    assert len({(one["status"], one["detail"]) for one in answers}) == 1
