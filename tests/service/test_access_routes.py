"""Standings and appeals over HTTP."""

import pyarrow as pa

from stillwatch.cases import api
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import STANDINGS, Decision, Limit, Micros, Terms

TERMS = Terms("challenge", "asked", Limit("cap_rate", {"per_minute": 10}), Limit("step_up", {"level": 2}))


def test_what_is_asked_of_an_account_and_why(client, token, homes):
    headers = token("read")
    path = "/v1/acme/access?account_id=a%2F1"
    assert client.get(path, headers=headers).status_code == 404
    row = {"account_id": "a/1", "id": 3, "level": 1, "asked": 2, "since": 5, "deadline": 9, "terms": 0}
    table = pa.Table.from_pylist([row | {"region_outside": 0.7, "control": False}], STANDINGS)
    publish_standings(homes["acme"].standings, table, [TERMS], 1)
    found = client.get(path, headers=headers).json()
    assert (found["reason"], found["overdue"]) == ("asked", True)
    assert found["limit"] == {"step": "step_up", "settings": {"level": 2}}
    assert (found["standing"]["asked"], found["standing"]["region_outside"]) == (2, 0.7)
    nobody = client.get("/v1/acme/access?account_id=b", headers=headers).json()
    assert (nobody["standing"], nobody["limit"], nobody["challenges"]) == (None, None, [])


def test_an_appeal_goes_from_the_desk_to_a_judge(client, token, acme):
    api.record_decisions(
        acme, [Decision(decision_id="d-1", ts=Micros(5), account_id="a", step="hold", reason="r")]
    )
    path = "/v1/acme/decisions/d-1"
    why = {"reason": "a school"}
    assert client.post(f"{path}/contest", json=why, headers=token("read")).status_code == 403
    opened = client.post(f"{path}/contest", json=why, headers=token("decide", owner="desk")).json()
    assert opened["outcome"] is None
    verdict = {"outcome": "reversed", "reason": "it is one"}
    assert client.post(f"{path}/settle", json=verdict, headers=token("decide")).status_code == 403
    settled = client.post(f"{path}/settle", json=verdict, headers=token("review", owner="judge")).json()
    assert (settled["outcome"], settled["decided_by"]) == ("reversed", "judge")
    headers = token("read")
    counts = client.get("/v1/acme/appeals/counts", headers=headers).json()
    assert counts == {"waiting": 0, "upheld": 0, "reversed": 1, "reversed_share": 1.0}
    rows = client.get("/v1/acme/appeals?waiting=false", headers=headers).json()["rows"]
    assert [one["decision_id"] for one in rows] == ["d-1"]
    assert client.get("/v1/acme/appeals?waiting=true", headers=headers).json()["rows"] == []
    told = client.get("/metrics").text
    assert 'stillwatch_service_appeals_total{what="reversed"} 1.0' in told
    assert client.post(f"{path}/contest", json=why, headers=token("admin")).status_code in {400, 409, 422}
