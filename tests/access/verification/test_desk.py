"""The desk on SQLite and on a real PostgreSQL: a customer's way to L2, the audit of it, tenants, two at once."""

import json
from threading import Barrier, Thread

import pytest
import sqlalchemy as sql
from possession import new_key, proof
from vouching import DAY, MINUTES, SECRET, START, Clock, desk, event, kinds, office, record, signed

from stillwatch.access.verification.api import NOTHING, Refused, StepUps, VerificationDesk
from stillwatch.access.verification.schema import metadata, versions
from stillwatch.cases import api
from stillwatch.records import InvalidConfiguration, NotThere, UsageError

VENDORS = {"idcheck": {"secret": "IDCHECK", "states": ["identity_ial2"]}}


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request, tmp_path, clock):
    """A tenant of its own in a store of either kind."""
    url = f"sqlite:///{tmp_path}/cases.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
    with api.open_store(url, audit_key=tmp_path / "audit.key", clock=clock) as store:
        yield store.tenant(f"acme-{tmp_path.name}")


def code(told, account, channel, address):
    begun = told.begin("one_time_code", {"account_id": account, "channel": channel, "address": address})
    answer = {"account_id": account, "challenge_id": begun.challenge_id, "code": begun.shown["send"]}
    return told.complete("one_time_code", answer)


def key(told, account, made=None):
    begun = told.begin("key_dpop", {"account_id": account})
    shown = begun.shown
    signed_proof = proof(made or new_key(), url=shown["htu"], method=shown["htm"], nonce=shown["nonce"])
    return told.complete(
        "key_dpop", {"account_id": account, "challenge_id": begun.challenge_id, "proof": signed_proof}
    )


def test_a_customers_way_to_l2_and_down_again(on_both, monkeypatch, clock):
    monkeypatch.setenv("IDCHECK", SECRET)
    told = desk(on_both, vendors=VENDORS)
    levels = [told.level_of("acct-1").level]
    code(told, "acct-1", "email", "ana@acme.example")
    levels.append(told.level_of("acct-1").level)
    code(told, "acct-1", "phone", "+442079460958")
    told.record(record(), by="ben")
    device = key(told, "acct-1")
    levels.append(told.level_of("acct-1").level)
    asked = {"account_id": "acct-1", "vendor": "idcheck"}
    body = event(told.begin("identity_vendor", asked).challenge_id)
    told.receive("idcheck", signed(body), body)
    held = told.level_of("acct-1")
    assert [*levels, held.level] == [NOTHING, 0, 1, 2]
    assert held.expires == START + 180 * DAY  # the phone
    assert {one.kind for one in held.proofs} == {"email", "phone", "payment", "key_dpop", "identity_ial2"}
    assert [one.need for one in told.lacking("acct-1", 3)][:2] == ["registry number", "beneficial owners"]
    assert told.level_of("acct-1", held.expires).level == 0
    assert told.level_of("acct-1", START - DAY).level == NOTHING  # a clock that is a day behind sees none yet
    (ended,) = told.revoke(device.proof_id, by="ben", reason="key was sold")
    assert (ended.revoked_at, told.level_of("acct-1").level) == (START, 0)
    assert told.revoke(device.proof_id, by="ben", reason="again") == []
    assert told.levels_of(["acct-1", "acct-2"])["acct-2"].level == NOTHING
    assert api.verify_lines(api.stored_lines(on_both)).holds
    assert kinds(on_both).count("proof_added") == 5
    assert kinds(on_both)[-1] == "proof_revoked"
    assert clock.now == START


def test_the_audit_names_no_account_in_the_clear_and_can_forget_it(on_both):
    told = desk(on_both)
    code(told, "acct-of-ana", "email", "ana@acme.example")
    told.record(record("acct-of-ana"), by="ben")
    leaves = [one.leaf for one in api.list_entries(on_both)]
    assert not any("acct-of-ana" in leaf or "acme.example" in leaf for leaf in leaves)
    assert told.forget("acct-of-ana", by="ben", reason="asked for it") == 2
    assert (told.proofs("acct-of-ana"), told.links()) == ([], [])
    api.redact(on_both, "acct-of-ana", by="ben", reason="asked for it")
    assert api.verify_lines(api.stored_lines(on_both)).holds
    with on_both.reading() as connection:
        for table in metadata.sorted_tables:
            if "account_id" in table.c:
                mine = sql.select(table).where(on_both.mine(table))
                assert connection.execute(mine).all() == []


def test_odd_ids_are_accounts_too(on_both):
    told = desk(on_both)
    for odd in ("nul \x00", "\x01[1]", "ünï", "a/b?c", "x" * 1_000):
        code(told, odd, "email", "ana@acme.example")
        assert told.level_of(odd).level == 0
    assert len(told.links()[0].accounts) == 5


def test_of_two_answers_at_once_one_counts(on_both):
    """One challenge, one code, two threads: the challenge is used once."""
    told = desk(on_both)
    begun = told.begin("one_time_code", {"account_id": "a", "channel": "email", "address": "a@b.cd"})
    answer = {"account_id": "a", "challenge_id": begun.challenge_id, "code": begun.shown["send"]}
    barrier, outcomes = Barrier(4), []

    def complete():
        barrier.wait(10)
        try:
            outcomes.append(told.complete("one_time_code", answer).kind)
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [Thread(target=complete) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(outcomes) == ["email", "used", "used", "used"]
    assert len(told.proofs("a")) == 1


def test_of_two_accounts_with_one_key_at_once_one_has_it(on_both):
    told, made = desk(on_both), new_key()
    barrier, outcomes = Barrier(2), []

    def register(account):
        barrier.wait(10)
        try:
            outcomes.append(key(told, account, made).kind)
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [Thread(target=register, args=[account]) for account in ("a", "b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(outcomes) == ["already_registered", "key_dpop"]
    assert told.links()[0].accounts == ["a", "b"]


def test_one_event_delivered_twice_at_once_counts_once(on_both, monkeypatch):
    monkeypatch.setenv("IDCHECK", SECRET)
    told = desk(on_both, vendors=VENDORS)
    body = event(told.begin("identity_vendor", {"account_id": "a", "vendor": "idcheck"}).challenge_id)
    barrier, outcomes = Barrier(4), []

    def receive():
        barrier.wait(10)
        try:
            outcomes.append(told.receive("idcheck", signed(body), body).kind)
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [Thread(target=receive) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert outcomes.count("identity_ial2") == 1
    assert set(outcomes) <= {"identity_ial2", "replayed", "used"}


def test_step_ups_on_both(on_both):
    ups = StepUps(on_both, office())
    one, other = ups.ask(["a", "b"], 2)
    assert ups.answer(one.challenge_id, "a", {"acr": "kyc-2"}).level == 2
    assert [found.challenge_id for found in ups.standing("b")] == [other.challenge_id]


def test_tenants_share_nothing(store):
    acme, beta = desk(store.tenant("acme")), desk(store.tenant("beta"))
    begun = acme.begin("one_time_code", {"account_id": "a", "channel": "email", "address": "a@b.cd"})
    answer = {"account_id": "a", "challenge_id": begun.challenge_id, "code": begun.shown["send"]}
    with pytest.raises(Refused, match="nothing of one_time_code"):
        beta.complete("one_time_code", answer)
    made = acme.complete("one_time_code", answer)
    with pytest.raises(NotThere):
        beta.revoke(made.proof_id, by="eve", reason="x")
    code(beta, "a", "email", "a@b.cd")
    assert acme.links() == beta.links() == []
    assert acme.proofs("a")[0].subjects != beta.proofs("a")[0].subjects  # one address, two tokens


def test_what_is_open_is_bounded(tenant, clock):
    told = desk(tenant)
    for _ in range(20):
        told.begin("key_dpop", {"account_id": "a"})
    with pytest.raises(Refused, match="open already"):
        told.begin("key_dpop", {"account_id": "a"})
    told.begin("key_dpop", {"account_id": "b"})
    told.begin("key_mtls", {"account_id": "a"})
    clock.now += 11 * MINUTES
    told.begin("key_dpop", {"account_id": "a"})


def test_a_challenge_is_of_one_method(tenant):
    told = desk(tenant)
    begun = told.begin("key_mtls", {"account_id": "a"})
    with pytest.raises(Refused, match="nothing of key_dpop"):
        told.complete("key_dpop", {"account_id": "a", "challenge_id": begun.challenge_id, "proof": "x"})


@pytest.mark.parametrize(
    "asked", [{}, {"account_id": ""}, {"account_id": 5}, {"account_id": "a", "more": 1}, [], None, "x"]
)
def test_what_is_no_beginning(asked, tenant):
    told = desk(tenant)
    with pytest.raises(Refused) as found:
        told.begin("key_dpop", asked)
    assert found.value.reason == "malformed"
    assert told.office.refusals() == {("key_dpop", "malformed"): 1}


def test_methods_that_are_none_and_changes_without_a_reason(tenant):
    told = desk(tenant)
    with pytest.raises(UsageError, match="there are: domain_control, "):
        told.begin("retina", {"account_id": "a"})
    for by, reason in (("", "x"), ("ana", " ")):
        with pytest.raises(UsageError):
            told.revoke("proof-1", by=by, reason=reason)
        with pytest.raises(UsageError):
            told.forget("a", by=by, reason=reason)
    with pytest.raises(NotThere, match="no proof"):
        told.revoke("proof-1", by="ana", reason="x")


def test_tables_are_made_in_a_store_that_has_cases_already_and_not_over_newer_ones(tmp_path):
    url = f"sqlite:///{tmp_path}/cases.db"
    with api.open_store(url, clock=Clock()) as store:
        code(desk(store.tenant("acme")), "a", "email", "a@b.cd")
    with api.open_store(url, clock=Clock()) as store:
        tenant = store.tenant("acme")
        assert desk(tenant).level_of("a").level == 0
        with tenant.writing() as connection:
            connection.execute(versions.insert().values(version=99))
        with pytest.raises(InvalidConfiguration, match="newer Stillwatch"):
            desk(tenant)


def test_another_key_of_tokens_sees_no_links_to_what_the_old_one_made(tenant):
    from stillwatch.features.key import SketchKey  # noqa: PLC0415

    shared = office()
    code(VerificationDesk(tenant, shared), "a", "email", "a@b.cd")
    other = type(shared)(shared.settings, SketchKey(b"2" * 32))
    code(VerificationDesk(tenant, other), "b", "email", "a@b.cd")
    assert VerificationDesk(tenant, shared).links() == []


def test_provenance_in_the_audit_is_a_token(tenant):
    told = desk(tenant)
    made = told.record(record(reference="crm/very-secret"), by="ben")
    (entry,) = api.list_entries(tenant)
    assert "very-secret" not in entry.leaf
    assert json.loads(entry.leaf)["facts"]["proof_id"] == made.proof_id


def test_levels_of_a_file_of_ones_own(tenant, tmp_path):
    rules = "version: 2026-01-01\nkinds: {email: {days: 9, because: x}}\nlevels:\n" + "".join(
        f"  - {{level: {n}, says: x, needs: {{e: [{{all: [email]}}]}}}}\n" for n in range(5)
    )
    (tmp_path / "levels.yaml").write_text(rules)
    told = desk(tenant, tmp_path, levels="levels.yaml")
    assert code(told, "a", "email", "a@b.cd").expires_at == START + 9 * DAY
    assert told.level_of("a").level == 4
    with pytest.raises(InvalidConfiguration, match="knows no proof of the kind"):
        told.record(record(), by="ben")
