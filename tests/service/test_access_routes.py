"""Standings and appeals over HTTP."""

import pyarrow as pa
import pytest

from stillwatch.access.regions import VERDICTS, evidence
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


REGIONS = (
    "version: 1\notherwise: supported\nregions:\n  - {country: TH, supported: false, until: 2999-01-01}\n"
)


def test_why_an_account_is_held_to_be_outside(client, token, homes):
    standings = homes["acme"].standings
    row = {"account_id": "a", "id": 3, "level": 0, "asked": 0, "since": 5, "terms": 0, "control": False}
    publish_standings(standings, pa.Table.from_pylist([row | {"region_outside": 0.7}], STANDINGS), [TERMS], 1)
    path, headers = "/v1/acme/access?account_id=a", token("read")
    assert client.get(path, headers=headers).json()["region"] is None
    held = {
        "account_id": "a",
        "probability": 0.7,
        "used": 0.7,
        "owned": 0.0,
        "place": "TH",
        "evidence": [{"signal": "phone", "finding": "here", "nats": 3.5}],
        "prior": -9.0,
        "doubt": -0.5,
        "elsewhere": 0.0,
        "unseen": ["owners"],
        "certainty": 0.8,
        "exempt": False,
    }
    evidence.write(evidence.beside(standings), pa.Table.from_pylist([held], VERDICTS))
    found = client.get(path, headers=headers).json()["region"]
    assert found == {name: value for name, value in held.items() if name != "account_id"}
    assert client.get("/v1/acme/access?account_id=b", headers=headers).json()["region"] is None
    evidence.beside(standings).write_bytes(b"no table")
    assert client.get(path, headers=headers).status_code == 503


def test_a_regions_file_is_linted_as_the_command_does(client, token):
    path = "/v1/acme/access/regions/lint"
    assert client.post(path, json={"regions": REGIONS}).status_code == 401
    found = client.post(path, json={"regions": REGIONS, "at": "2026-06-01"}, headers=token("read")).json()
    assert (found["usable"], found["unsupported"], len(found["supported"])) == (True, ["TH"], 248)
    assert found["turns"] == [{"day": "2999-01-01", "begins": ["TH"], "ends": []}]
    wrong = {"regions": REGIONS.replace("TH", "UK")}
    found = client.post(path, json=wrong, headers=token("read")).json()
    assert found["usable"] is False
    assert found["complaints"] == ["regions:4:15: no such country: 'UK': did you mean GB?"]
    many = {"regions": "otherwise: supported\nregions:\n" + "  - {country: QQ}\n" * 5_000}
    assert len(client.post(path, json=many, headers=token("read")).json()["complaints"]) == 100
    nobody = {"regions": "otherwise: unsupported\nregions:\n  - {country: NZ, until: 2020-01-01}\n"}
    complaints = client.post(path, json=nobody, headers=token("read")).json()["complaints"]
    assert "excludes everybody" in complaints[0]
    assert client.post(path, json={"regions": "x" * 100_001}, headers=token("read")).status_code == 422


OWNERS = "/v1/acme/access/owners"
HOLDINGS = [
    {"owner": "fund", "owned": "middle", "share": 0.6},
    {"owner": "middle", "owned": "firm", "share": 0.6},
    {"owner": "firm", "owned": "middle", "share": 0.4},  # a cycle
    {"owner": "nobody", "owned": "firm", "share": 1.7},
    {"owner": "fund", "owned": "later", "share": 1.0, "from": "2999-01-01"},
]


def test_owners_are_decided_in_both_readings(client, token):
    given = {"holdings": HOLDINGS, "listed": ["fund"], "on": "2026-06-01", "ask": ["firm"]}
    found = client.post(OWNERS, json=given, headers=token("read")).json()
    (ruling,) = [one for one in found["rulings"] if one["rule"] == "listed-half"]
    assert (ruling["answer"], ruling["control"]["share"]) == ("met", 0.6)
    assert ruling["product"]["share"] == pytest.approx(0.6 * 0.6 / (1 - 0.4 * 0.6))
    assert ruling["differ"] is True
    assert ruling["control"]["chain"][0]["owner"] == "fund"
    assert found["left_out"] == [
        {"of": "holdings", "reason": "the share is above 1, the whole", "count": 1, "rows": [4]}
    ]
    assert found["not_in_force"] == 1
    for name in ("ask", "listed"):
        assert "firm" in str(client.post(OWNERS, json=given | {name: ["firm"]}, headers=token("read")).json())


def test_owners_by_country_tell_all_that_meet_a_rule(client, token):
    entities = [{"id": "fund", "country": "th"}, {"id": "firm", "name": "Firm", "country": "NZ"}]
    holdings = [{"owner": "fund", "owned": f"firm-{number}", "share": 0.9} for number in range(60)]
    given = {"holdings": holdings, "entities": entities, "not_served": ["TH"], "on": "2026-06-01"}
    found = client.post(OWNERS, json=given, headers=token("read")).json()
    assert (len(found["rulings"]), found["more"], found["rules"][0]["met"]) == (50, 10, 60)


def test_wrong_questions_about_owners_are_refused(client, token):
    headers = token("read")
    for wrong, status in (
        ({"holdings": HOLDINGS}, 422),
        ({"holdings": HOLDINGS, "not_served": ["UK"]}, 422),
        ({"holdings": HOLDINGS, "listed": ["fund"], "ask": ["stranger"]}, 404),
        ({"holdings": [{"owner": "", "owned": "b", "share": 1}], "listed": []}, 422),
        ({"holdings": [], "listed": ["x" * 1_000] * 4_300}, 413),
    ):
        assert client.post(OWNERS, json=wrong, headers=headers).status_code == status, wrong
    assert client.post(OWNERS, json={"holdings": []}, headers=token("ingest")).status_code == 403
    assert client.post(OWNERS, json={"holdings": [], "listed": []}, headers=headers).json()["rulings"] == []
