"""Cases over HTTP: read them, change them, and see who did it."""

import threading

import pytest
from composed_campaigns import names, opened

from stillwatch.cases import api
from stillwatch.records import Decision


@pytest.fixture
def case_id(acme):
    return opened(acme, names(0, 40))


def test_a_case_is_read_in_all_its_parts(client, token, acme, case_id):
    api.record_decisions(
        acme, [Decision(decision_id="d-1", ts=1, account_id="acct-0001", step="tag", case_id=case_id)]
    )
    headers = token("read")

    def get(path):
        answer = client.get(f"/v1/acme{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    (row,) = get("/cases?state=open&limit=1")["rows"]
    assert (row["case_id"], row["accounts"]) == (case_id, 40)
    assert get("/cases?state=closed")["rows"] == []
    assert get(f"/cases/{case_id}")["summary"] == row
    first = get(f"/cases/{case_id}/accounts?limit=30")
    rest = get(f"/cases/{case_id}/accounts?limit=30&after={first['next']}")
    assert [len(first["rows"]), len(rest["rows"]), rest["next"]] == [30, 10, None]
    assert [entry["kind"] for entry in get(f"/cases/{case_id}/history")["rows"]] == ["case_opened"]
    (decided,) = get(f"/cases/{case_id}/decisions")["rows"]
    assert (decided["kind"], decided["accounts"]) == ("decision", ["acct-0001"])
    (proof,) = get(f"/cases/{case_id}/evidence")
    assert {leaf["detector"] for leaf in proof["evidence"]["children"]} == {
        "shared_payment",
        "no_ramp",
        "sustained",
    }
    (line,) = get("/campaigns?active=true")["rows"]
    assert line["case_ids"] == [case_id]
    one = get(f"/campaigns/{line['watch']}/{line['campaign_id']}")
    assert one["campaign"]["accounts"] == 40
    assert get("/campaigns?active=false")["rows"] == []


def test_lists_are_read_page_by_page(client, token, acme):
    for at in range(5):
        opened(acme, names(100 * at, 100 * at + 20), f"c-{at}")
    for path in ("/cases", "/campaigns"):
        seen, after = [], None
        while True:
            asked = {"limit": 2} | ({} if after is None else {"after": after})
            page = client.get(f"/v1/acme{path}", params=asked, headers=token("read")).json()
            seen += [row.get("case_id") or row["campaign_id"] for row in page["rows"]]
            after = page["next"]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 5


def test_a_change_is_made_by_the_owner_of_the_token(client, token, acme, case_id):
    def post(change, headers, **body):
        return client.post(f"/v1/acme/cases/{case_id}/{change}", json=body, headers=headers)

    ana, ben = token("read", "decide", owner="ana"), token("decide", "review", owner="ben")
    assert post("note", ana, text="look at this").status_code == 200
    assert post("assign", ana, owner="ben").json()["case"]["summary"]["owner"] == "ben"
    assert post("confirm", ana, reason="sure", by="eve").status_code == 422
    assert post("confirm", ana, reason="sure", reviewer=True).status_code == 403
    assert post("confirm", ben, reason="sure", reviewer=True).json()["case"]["summary"]["may_block"] is True
    told = post("confirm", ana, reason="sure")
    assert (told.status_code, told.headers["content-type"]) == (409, "application/problem+json")
    assert "confirmed" in told.json()["detail"]
    assert post("clear", ana, accounts=names(0, 2), reason="a class").status_code == 200
    new = post("split", ana, accounts=names(2, 4), reason="others").json()["case"]["summary"]["case_id"]
    assert new != case_id
    assert post("merge", ana, other_id=new, reason="the same after all").status_code == 200
    assert post("close", ana, reason="done").json()["case"]["summary"]["state"] == "closed"
    assert post("reopen", ana, reason="not done").json()["case"]["summary"]["state"] == "open"
    assert post("dismiss", ana, reason="a class").json()["case"]["summary"]["state"] == "dismissed"
    said = [(one.kind, one.by) for one in api.history(acme, case_id).rows]
    assert ("case_confirmed", "ben") in said
    assert ("case_dismissed", "ana") in said


def test_of_two_writers_at_once_one_is_told_what_the_other_did(client, token, case_id):
    answers = []

    def confirm(owner):
        headers = token("decide", owner=owner)
        answers.append(
            client.post(f"/v1/acme/cases/{case_id}/confirm", json={"reason": "sure"}, headers=headers)
        )

    threads = [threading.Thread(target=confirm, args=(name,)) for name in ("ana", "ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_an_appeal_is_answered_with_a_proof_that_holds(client, token, acme, tmp_path):
    api.record_decisions(
        acme, [Decision(decision_id="d-7", ts=1, account_id="acct-1", step="block", reason="why")]
    )
    answer = client.get("/v1/acme/decisions/d-7/appeal", headers=token("read"))
    assert answer.status_code == 200
    assert answer.json()["step"] == "block"
    (tmp_path / "answer.json").write_bytes(answer.content)
    outcome = api.verify_file(tmp_path / "answer.json")
    assert outcome.holds, outcome


def test_the_audit_is_read_proved_and_exported(client, token, acme, case_id, tmp_path):
    headers = token("read")
    before = client.get("/v1/acme/audit/checkpoint", headers=headers).json()
    api.note(acme, case_id, by="ana", text="more")
    page = client.get("/v1/acme/audit/entries?limit=2", headers=headers).json()
    assert [entry["number"] for entry in page["entries"]] == [0, 1]
    assert page["next"] == 2
    proof = client.get("/v1/acme/audit/entries/1/proof", headers=headers).json()
    assert proof["number"] == 1
    old = int(before["checkpoint"].split("\n")[1])
    assert client.get(f"/v1/acme/audit/consistency?old={old}&size={old + 1}", headers=headers).json()[
        "hashes"
    ]
    assert client.get("/v1/acme/audit/consistency?old=9&size=99", headers=headers).status_code == 409
    export = client.get("/v1/acme/audit/export", headers=headers)
    (tmp_path / "audit.jsonl").write_bytes(export.content)
    outcome = api.verify_file(tmp_path / "audit.jsonl")
    assert outcome.holds, outcome
