"""What is deleted is gone, and the audit still holds."""

import pytest
from composed_campaigns import HOUR, accounts_of, find, names, opened

from stillwatch.cases import api
from stillwatch.records import Decision, UsageError


def exported(tenant):
    return b"".join(api.export(tenant))


def test_purging_takes_the_accounts_of_old_dismissed_cases_only(tenant):
    old = opened(tenant, names(0, 20))
    kept = opened(tenant, names(20, 40), "campaign-002")
    api.dismiss(tenant, old, by="ana", reason="a class")
    tenant.clock.now += 100 * HOUR
    young = opened(tenant, names(40, 60), "campaign-003")
    api.dismiss(tenant, young, by="ana", reason="a class")
    result = api.purge(tenant, before=tenant.clock() - 50 * HOUR, by="ana")
    assert (result.cases, result.rows) == ([old], 20)
    assert api.list_accounts(tenant, old).rows == []
    assert len(accounts_of(tenant, kept)) == len(accounts_of(tenant, young)) == 20
    kinds = [one.kind for one in api.history(tenant, old).rows]
    assert kinds == ["case_opened", "case_dismissed", "accounts_purged"]
    assert api.verify_lines(api.stored_lines(tenant)).holds


def test_after_a_purge_the_accounts_are_still_cleared(tenant):
    old = opened(tenant, names(0, 20))
    api.dismiss(tenant, old, by="ana", reason="a class")
    api.purge(tenant, before=tenant.clock(), by="ana")
    again = find(tenant, names(0, 22), "campaign-007")
    assert (again.opened, again.cleared) == ([], ["campaign-007"])


def test_one_account_is_taken_out_of_the_audit(tenant):
    case_id = opened(tenant, names(0, 20))
    decisions = [
        Decision(decision_id=f"d-{n}", ts=1, account_id=f"acct-000{n % 2}", step="tag") for n in range(6)
    ]
    api.record_decisions(tenant, decisions)
    older = api.signed(tenant)
    with pytest.raises(UsageError, match="holds the account"):
        api.redact(tenant, "acct-0001", by="ana", reason="asked for it")
    api.close(tenant, case_id, by="ana", reason="done")
    assert api.redact(tenant, "acct-0001", by="ana", reason="asked for it") == 4
    said = exported(tenant)
    assert b"acct-0001" not in said
    assert b"acct-0000" in said
    assert "acct-0001" not in [one.account_id for one in api.list_accounts(tenant, case_id).rows]
    assert api.verify_lines(api.stored_lines(tenant), older=older).holds
    answer = api.appeal(tenant, "d-1")
    assert answer.account_id is None
    assert api.verify_appeal(answer).holds


def test_salts_differ_so_that_equal_accounts_cannot_be_told(tenant):
    decisions = [Decision(decision_id=f"d-{n}", ts=1, account_id="acct-1", step="tag") for n in range(2)]
    api.record_decisions(tenant, decisions)
    commitments = {
        line.entry.items[0].commitment for line in api.stored_lines(tenant) if hasattr(line, "entry")
    }
    assert len(commitments) == 2


def test_redaction_needs_a_reason(tenant):
    with pytest.raises(UsageError, match="a person and a reason"):
        api.redact(tenant, "acct-1", by="ana", reason="")
