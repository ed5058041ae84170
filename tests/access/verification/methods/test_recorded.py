"""Records that a person enters and vouches for."""

import json

import pytest
from vouching import DAY, START, desk, record

from stillwatch.access.verification.api import Refused
from stillwatch.cases import api
from stillwatch.records import UsageError


@pytest.fixture
def records(tenant):
    return desk(tenant)


def test_a_record_has_its_person_date_and_provenance(records, tenant):
    proof = records.record(record(kind="contract", identifier="C-9", ends_at=START + 9 * DAY), by="ana")
    assert (proof.by, proof.made_at, proof.expires_at) == ("ana", START - DAY, START + 9 * DAY)
    assert proof.provenance == {"reference": "crm/1", "source": "register"}
    assert "C-9" not in str(proof)
    (entry,) = api.list_entries(tenant)
    said = json.loads(entry.leaf)
    assert (said["kind"], said["by"], said["facts"]["proof"]) == ("proof_added", "ana", "contract")
    assert "acct-1" not in entry.leaf


def test_it_ends_with_its_kind_at_the_latest(records):
    proof = records.record(record(kind="audit", ends_at=START + 4_000 * DAY), by="ana")
    assert proof.expires_at == proof.made_at + 365 * DAY


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("clock_skewed", {"checked_at": START + DAY}),
        ("expired", {"checked_at": START - 400 * DAY}),
        ("expired", {"ends_at": START}),
        ("malformed", {"kind": "email"}),
        ("malformed", {"note": " "}),
        ("malformed", {"reference": ""}),
        ("malformed", {"passport": "X123"}),
        ("malformed", {"checked_at": -1}),
    ],
)
def test_what_is_no_record(reason, told, records):
    with pytest.raises(Refused) as found:
        records.record(record(**told), by="ana")
    assert found.value.reason == reason
    assert records.proofs("acct-1") == []


def test_a_record_needs_a_person(records):
    with pytest.raises(UsageError, match="name of the person"):
        records.record(record(), by=" ")
    with pytest.raises(UsageError, match="no beginning"):
        records.begin("recorded", {"account_id": "a"})
    with pytest.raises(UsageError, match="not completed by whom"):
        records.complete("recorded", record())


def test_one_registry_number_behind_two_accounts_is_a_link(records):
    for account, number in (("acct-1", "HRB 1"), ("acct-2", "HRB 1"), ("acct-3", "HRB 2")):
        records.record(record(account, "registry_number", identifier=number), by="ana")
    (link,) = records.links()
    assert (link.kind, link.accounts, link.of) == ("registry_number", ["acct-1", "acct-2"], 3)
