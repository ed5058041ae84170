"""Gateway decisions and appeals: one entry each, whatever is delivered twice, and proofs that hold offline."""

import msgspec
import pytest
from composed_campaigns import as_json, names, opened

from stillwatch.cases import api
from stillwatch.records import Decision, UsageError


def decision(number=1, **said):
    told = {
        "step": "hold",
        "rule_id": "r-1",
        "reason": "DISTILL",
        "message": "Please verify.",
        "appeal": True,
    }
    return Decision(decision_id=f"d-{number}", ts=5, account_id="acct-0007", **(told | said))


def test_each_decision_is_one_entry(tenant):
    first = api.record_decisions(tenant, [decision(1), decision(2), decision(1)])
    assert (first.written, first.repeated) == (2, 1)
    again = api.record_decisions(tenant, [decision(2), decision(3)])
    assert (again.written, again.repeated) == (1, 1)
    assert api.verify_lines(api.stored_lines(tenant)).entries == 3


def test_one_that_cannot_be_written_does_not_keep_the_others_back(tenant):
    result = api.record_decisions(
        tenant,
        [
            decision(1, settings={"rate": float("nan")}),
            decision(2),
            Decision(decision_id="", ts=1, account_id="a", step="tag"),
        ],
    )
    assert result.written == 1
    assert [one.line for one in result.rejected] == [1, 3]


def test_an_answer_says_what_was_decided_and_verifies_offline(tenant, tmp_path):
    api.record_decisions(tenant, [decision(number) for number in range(300)])
    answer = api.appeal(tenant, "d-7")
    assert (answer.step, answer.reason, answer.account_id) == ("hold", "DISTILL", "acct-0007")
    assert "without a person" in answer.automatic
    path = tmp_path / "answer.json"
    path.write_bytes(msgspec.json.encode(answer))
    assert api.verify_file(path, public=tenant.signer.public).holds
    path.write_bytes(msgspec.json.format(path.read_bytes(), indent=1))
    assert api.verify_file(path, public=tenant.signer.public).holds


@pytest.mark.parametrize(
    ("old", "new"),
    [("hold", "block"), ("DISTILL", "OTHER"), ("acct-0007", "acct-0008"), ('"number":7', '"number":8')],
)
def test_a_changed_answer_does_not_hold(tenant, old, new):
    api.record_decisions(tenant, [decision(number) for number in range(30)])
    text = msgspec.json.encode(api.appeal(tenant, "d-7")).decode()
    changed = msgspec.json.decode(text.replace(old, new), type=api.Appeal)
    assert text.replace(old, new) != text
    assert not api.verify_appeal(changed, public=tenant.signer.public).holds


def test_an_answer_names_who_had_confirmed_the_case(tenant):
    case_id = opened(tenant, names(0, 20))
    api.confirm(tenant, case_id, by="ana", reason="cards", reviewer=True)
    api.record_decisions(tenant, [decision(1, step="block", case_id=case_id)])
    api.reopen(tenant, case_id, by="ben", reason="a doubt")
    api.record_decisions(tenant, [decision(2, case_id=case_id)])
    assert "ana confirmed" in api.appeal(tenant, "d-1").automatic
    assert "without a person" in api.appeal(tenant, "d-2").automatic
    assert len(api.history(tenant, case_id).rows) == 3
    assert len(api.history(tenant, case_id, decisions=True).rows) == 5


@pytest.mark.parametrize("odd", ["half \ud800", "nul \x00", "\x01[1]", ""])
def test_any_id_and_text_is_kept(tenant, odd):
    told = Decision(decision_id=f"d-{odd}", ts=1, account_id=odd, step="tag", message=odd)
    assert api.record_decisions(tenant, [told]).written == 1
    answer = api.appeal(tenant, f"d-{odd}")
    spelled = odd.encode("utf-8", errors="backslashreplace").decode()
    assert (answer.account_id, answer.message or "") == (spelled, spelled)
    assert as_json(answer)["decision_id"] == f"d-{spelled}"
    assert api.verify_lines(api.stored_lines(tenant)).holds


def test_an_unknown_decision(tenant):
    with pytest.raises(UsageError, match="no decision 'd-9'"):
        api.appeal(tenant, "d-9")
    assert as_json(api.record_decisions(tenant, []))["written"] == 0
