"""What the watch leaves, over HTTP: findings, alarms and their stream, verdicts, the policy; and what is handed to it."""

import json
import threading
import time

import msgspec
import pytest
from composed_campaigns import START, campaign, members, names, write_result

from stillwatch.cases import api
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Alarm, Decision, Micros, Notice, TakenDecision, Verdict
from stillwatch.sinks import append

POLICY = """\
rules:
  - {id: tagged, mode: enforce, when: 'verdict.state == "open"', step: observe, reason: open}
tests:
  - {verdict: {state: open}, expect: {rule: tagged}}
"""
JSONL = {"content-type": "application/x-ndjson"}


def notice(number):
    alarm = Alarm(
        ts=Micros(START + number),
        campaign_id=f"c-{number % 2}",
        kind="grew",
        accounts=9,
        exchanges_so_far=99,
        log_e_value=12.0,
        summary="it grew",
    )
    return Notice(
        alarm_id=f"id-{number}", alarm=alarm, tenant="acme", watch="watch", written_at=Micros(START)
    )


def test_findings_are_there_once_the_watch_has_concluded(client, token, tmp_path):
    headers = token("read")
    assert client.get("/v1/acme/findings/report.html", headers=headers).status_code == 404
    write_result(
        tmp_path / "acme", [campaign("campaign-001", accounts=20)], members(campaign_001=names(0, 20))
    )
    found = client.get("/v1/acme/findings/campaigns.json", headers=headers)
    assert found.json()["campaigns"][0]["campaign_id"] == "campaign-001"
    page = client.get("/v1/acme/findings/report.html", headers=headers)
    assert page.headers["content-type"].startswith("text/html")
    assert "sandbox" in page.headers["content-security-policy"]


def test_alarms_are_listed_latest_first(client, token, homes):
    headers = token("read")
    assert client.get("/v1/acme/alarms", headers=headers).json() == {"rows": [], "next": None}
    append(homes["acme"].alarms, [notice(number) for number in range(5)])
    page = client.get("/v1/acme/alarms?limit=2", headers=headers).json()
    append(homes["acme"].alarms, [notice(5)])
    rest = client.get(f"/v1/acme/alarms?limit=9&after={page['next']}", headers=headers).json()
    assert [row["alarm_id"] for row in page["rows"] + rest["rows"]] == [f"id-{n}" for n in (4, 3, 2, 1, 0)]
    only = client.get("/v1/acme/alarms?campaign_id=c-1&limit=2", headers=headers).json()
    assert [row["alarm_id"] for row in only["rows"]] == ["id-5", "id-3"]


def events(text):
    return [json.loads(line[6:])["alarm_id"] for line in text.splitlines() if line.startswith("data: ")]


def test_the_stream_of_alarms_tells_those_to_come_and_resumes(client, token, homes):
    headers, alarms = token("read"), homes["acme"].alarms
    append(alarms, [notice(0), notice(1)])
    assert events(client.get("/v1/acme/alarms/stream?seconds=0", headers=headers).text) == ["id-0", "id-1"]
    later = threading.Timer(0.5, append, (alarms, [notice(2)]))
    later.start()
    told = client.get("/v1/acme/alarms/stream?seconds=2", headers=headers)
    later.join()
    assert told.headers["content-type"].startswith("text/event-stream")
    assert events(told.text) == ["id-2"]
    resumed = client.get("/v1/acme/alarms/stream?seconds=0", headers=headers | {"last-event-id": "id-0"})
    assert events(resumed.text) == ["id-1", "id-2"]


def test_streams_are_bounded_in_number(client, token, standing):
    standing.streams = 64
    assert client.get("/v1/acme/alarms/stream?seconds=0", headers=token("read")).status_code == 503


def test_the_stream_ends_with_its_token_and_with_the_service(client, token, standing, clock):
    headers = token("read", days=1)
    later = threading.Timer(0.5, lambda: setattr(clock, "now", clock.now + 2 * 86_400_000_000))
    later.start()
    begun = time.monotonic()
    client.get("/v1/acme/alarms/stream?seconds=60", headers=headers)
    standing.ending.set()
    client.get("/v1/acme/alarms/stream?seconds=60", headers=token("read"))
    assert time.monotonic() - begun < 10


def test_a_verdict_is_looked_up(client, token, homes):
    headers = token("read")
    path = "/v1/acme/verdicts"
    assert client.get(path, params={"account_id": "acc/1"}, headers=headers).status_code == 404
    verdict = Verdict(
        campaign_id="c",
        state="open",
        probability=0.9,
        log_e_value=9.0,
        accounts=20,
        capability="coding",
        since=Micros(1),
        active=True,
    )
    publish(homes["acme"].verdicts, rows([("acc/1", verdict)]), 7)
    held = client.get(path, params={"account_id": "acc/1"}, headers=headers).json()
    assert (held["verdict"]["state"], held["version"]) == ("open", 7)
    assert client.get(path, params={"account_id": "acc-2"}, headers=headers).json()["verdict"] is None


def test_a_policy_is_shown_linted_tested_and_compared(client, token, homes):
    headers = token("read")
    assert client.get("/v1/acme/policy", headers=headers).status_code == 404
    homes["acme"].policy.write_text(POLICY)
    shown = client.get("/v1/acme/policy", headers=headers).json()
    assert (shown["policy"], shown["rules"][0]["rule_id"]) == (POLICY, "tagged")
    changed = POLICY.replace("mode: enforce", "mode: shadow")

    def post(what, **body):
        return client.post(f"/v1/acme/policy/{what}", json=body, headers=headers)

    linted = post("lint", policy=changed).json()
    assert linted["usable"]
    assert any("does not come out" in note for note in linted["notes"])
    bad = post("lint", policy=POLICY.replace("verdict.state", "verdict.sate")).json()
    assert not bad["usable"]
    assert bad["complaints"][0].startswith("policy:2:")
    assert post("test", policy=POLICY).json() == {"run": 1, "failures": []}
    assert len(post("test", policy=changed).json()["failures"]) == 1
    assert post("test", policy="rules: 3").status_code == 422
    assert post("diff", policy=changed).json()["differences"] == ["rule tagged: in shadow mode, was enforced"]
    assert post("diff", policy=POLICY, old=POLICY).json()["differences"] == []


def exchange(number):
    return b'{"exchange_id": "ex-%d", "ts": 1772438403000000, "account_id": "acc-1"}\n' % number


def test_exchanges_are_on_disk_before_they_are_acknowledged(client, token, homes):
    headers = token("ingest") | JSONL
    answer = client.post(
        "/v1/acme/exchanges", content=exchange(1) + b"{}\n" + exchange(2)[:-1], headers=headers
    )
    assert answer.status_code == 200
    said = answer.json()
    assert (said["accepted"], said["rejected"], said["rejections"][0]["line"]) == (2, 1, 2)
    (segment,) = homes["acme"].spooler.folder.glob("exchanges-*.jsonl")
    assert segment.read_bytes() == exchange(1) + b"{}\n" + exchange(2)
    assert segment.stat().st_mode & 0o777 == 0o600
    for wrong in (b"", b"\n", b"{}\n", b"\xff"):
        assert client.post("/v1/acme/exchanges", content=wrong, headers=headers).status_code == 422


def test_many_senders_share_the_disk(client, token, homes):
    headers = token("ingest") | JSONL
    answers = []

    def send(number):
        answers.append(
            client.post("/v1/acme/exchanges", content=exchange(number), headers=headers).status_code
        )

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    kept = b"".join(path.read_bytes() for path in homes["acme"].spooler.folder.glob("exchanges-*.jsonl"))
    assert sorted(kept.splitlines(True)) == sorted(exchange(number) for number in range(20))


def taken(name, **changed):
    decision = Decision(decision_id=name, ts=Micros(START), account_id="acc-1", step="tag", **changed)
    return (
        msgspec.json.encode(
            TakenDecision(decision=decision, exchange_id="ex", route="chat", outcome="applied")
        )
        + b"\n"
    )


def test_decisions_handed_in_again_are_recorded_once(client, token, acme):
    headers = token("ingest") | JSONL
    body = taken("d-1") + taken("d-2") + b"no decision\n"
    first = client.post("/v1/acme/decisions", content=body, headers=headers).json()
    again = client.post("/v1/acme/decisions", content=body, headers=headers).json()
    assert (first["written"], first["repeated"], len(first["rejected"])) == (2, 0, 1)
    assert (again["written"], again["repeated"]) == (0, 2)
    assert (
        client.post("/v1/acme/decisions", content=taken("x" * 3_000), headers=headers).json()["written"] == 0
    )
    appeal = api.appeal(acme, "d-2")
    assert appeal.step == "tag"
    assert '"outcome":"applied"' in appeal.entry.leaf


@pytest.mark.parametrize("path", ["/alarms", "/findings/campaigns.json", "/verdicts?account_id=a", "/policy"])
def test_a_tenant_without_a_watch_here_is_told_so(client, token, path):
    assert client.get(f"/v1/other{path}", headers=token("read", tenant="other")).status_code == 404
