"""Lab A finds a campaign and shares it, lab B is told: every part a command, servers and evaluators processes of their own."""

import json
import re
import sys
from pathlib import Path

import pytest

from stillwatch import cases
from stillwatch.lab.partners import Partners
from stillwatch.lab.served.process import free_port
from stillwatch.lab.served.servers import stillwatch_command
from stillwatch.reports import load
from stillwatch.sharing.matching.casework import KIND, WITHDRAWN

sys.path.insert(0, str(Path(__file__).parent / "matching"))
from group_of_members import Group

import pyarrow.parquet as pq  # isort: skip

pytestmark = pytest.mark.slow

START = 1_769_990_400_000_000  # 2026-02-02
POLICY = """version: 1
producer: {name: Lab A}
matching: {fields: [payment_fp], weight: 2}
recipients:
  - {id: lab-b, clearance: amber}
rows:
  - {field: times, recipient: lab-b, tlp: green, transform: raw}
  - {field: account_count, recipient: lab-b, tlp: green, transform: raw}
  - {field: exchange_count, recipient: lab-b, tlp: green, transform: raw}
  - {field: tokens_out, recipient: lab-b, tlp: green, transform: raw}
  - {field: compute, recipient: lab-b, tlp: green, transform: COMPUTE}
  - {field: indicators, recipient: lab-b, tlp: amber, transform: raw}
  - {field: template_sketches, recipient: lab-b, tlp: amber, k: 20, transform: SKETCHES}
  - {field: match_tokens, recipient: lab-b, tlp: amber, transform: oprf}
  - {field: account_tokens, recipient: lab-b, tlp: amber, transform: keyed}
"""


def policy(path, compute="raw", sketches="oprf"):
    path.write_text(POLICY.replace("COMPUTE", compute).replace("SKETCHES", sketches))
    return path


@pytest.fixture
def group(tmp_path):
    labs = Group(asks=())
    folder = labs.write(tmp_path / "labs")
    with labs.served(tmp_path / "evaluators"):
        yield {name: Partners.options(folder, name) for name in labs.identities}


@pytest.fixture
def taxii(stillwatch, tmp_path):
    """Lab A's server; the URL of the collection for lab B, and a token to write and one to read."""
    store = ("--store", f"sqlite:///{tmp_path}/taxii.db")
    stillwatch(
        *(
            "share",
            "collection",
            "for-lab-b",
            "--title",
            "For lab B",
            "--reader",
            "lab-b",
            "--writer",
            "house",
        ),
        *store,
    )
    stillwatch("share", "partner", "lab-b", "--tlp", "amber", *store)
    stillwatch("share", "partner", "house", "--tlp", "red", *store)
    write = stillwatch("tokens", "add", "house", "--scope", "pull", "--scope", "push", *store)[1].strip()
    read = stillwatch("tokens", "add", "lab-b", "--scope", "pull", *store)[1].strip()
    port = free_port()
    server = stillwatch_command(["share", "serve", "--port", str(port), *store], port, tmp_path / "share.log")
    with server:
        yield f"http://127.0.0.1:{port}/taxii2/default/collections/for-lab-b/", write, read


def texts_of(log):
    """Everything that must not leave: account ids, and pieces of prompts."""
    accounts, pieces = set(), set()
    for file in sorted(log.glob("exchanges*")):
        table = pq.read_table(file, columns=["account_id", "prompt", "system", "org_id"])
        accounts |= {one for one in table["account_id"].to_pylist() if one}
        accounts |= {one for one in table["org_id"].to_pylist() if one}
        for name in ("prompt", "system"):
            pieces |= {
                one[at : at + 24]
                for one in table[name].to_pylist()
                if one and len(one) > 60
                for at in (0, 30)
            }
    cards = pq.read_table(next(iter(sorted(log.glob("accounts*")))), columns=["payment_fp"])["payment_fp"]
    return accounts | pieces | {one for one in cards.to_pylist() if one}


@pytest.fixture
def shared(stillwatch, group, taxii, found, tmp_path):
    """Lab A's campaign pushed, and pulled by lab B; the commands by which either goes on."""
    url, write, read = taxii
    a, b = found / "a", found / "b"
    campaign_id = load(a / "result")[1][0].campaign_id
    rules = ("--policy", policy(tmp_path / "release.yaml"))
    store = ("--store", f"sqlite:///{tmp_path}/a.db", "--as", "a.analyst", "--token", write, "--into", url)
    to_b = (a / "result", campaign_id, "--to", "lab-b", *rules, "--log", a / "logs", *group["lab-a"])
    code, said, told = stillwatch("share", "push", *to_b, "--reason", "the same operator", *store)
    assert (code, "objects taken by" in said) == (0, True), told
    (copy,) = (a / "result" / "releases").iterdir()
    key = tmp_path / "lab-a.jwk"
    key.write_text(stillwatch("share", "key", a / "result")[1])
    into = tmp_path / "from-lab-a"
    pull = ("share", "pull", url, "--out", into, "--token", read)
    assert stillwatch(*pull, "--partner", "lab-a", "--partner-key", key)[0] == 0
    match = ("share", "match", b / "logs", "--pulled", into, "--out", b / "result", *group["lab-b"])
    yield {
        "into": into,
        "pull": pull,
        "match": (*match, "--field", "payment_fp"),
        "revoke": ("share", "revoke", copy, "--reason", "a class", *rules, *store),
    }
    copy.unlink()
    (b / "result" / "partners.json").unlink(missing_ok=True)


def case_of(findings, store):
    """The case that lab B's store holds of what it found."""
    with cases.open_store(store) as opened:
        members = pq.read_table(findings / "members.parquet")
        return cases.upsert_findings(opened.tenant(), load(findings)[1], members).opened[0]


def test_what_one_lab_finds_raises_evidence_at_another_until_it_is_taken_back(
    stillwatch, shared, found, tmp_path
):
    out, store = found / "b" / "result", f"sqlite:///{tmp_path}/b.db"
    case_id = case_of(out, store)
    code, table, _ = stillwatch(*shared["match"], "--store", store)
    assert (code, "lab-a" in table) == (1, True)
    (raised,) = json.loads((out / "partners.json").read_text())["raised"]
    assert 0 < raised["nats"] <= 2
    assert raised["raised"] == pytest.approx(raised["own"] + raised["nats"], abs=1e-3)
    assert {one["partner"] for one in raised["voices"]} == {"lab-a"}
    assert all(one["nats"] <= one["stated"] == 2 for one in raised["voices"])
    explain = ("explain", raised["campaign_id"], "--out", out)
    assert re.search(r"lab-a, of its [0-9a-f-]+:", " ".join(stillwatch(*explain)[1].split()))
    document = json.loads(stillwatch(*explain, "--json")[1])
    assert document["partners"]["voices"] == raised["voices"]
    assert document["log_e_value"] == pytest.approx(raised["own"])

    assert stillwatch(*shared["revoke"])[0] == 0
    assert stillwatch(*shared["pull"])[0] == 0
    code, table, _ = stillwatch(*shared["match"], "--store", store)
    assert (code, "lab-a" in table) == (0, False)
    assert json.loads((out / "partners.json").read_text())["raised"] == []
    assert "lab-a" not in stillwatch(*explain)[1]
    with cases.open_store(store) as opened:
        kinds = [one.kind for one in cases.history(opened.tenant(), case_id).rows]
    assert KIND in kinds
    assert kinds.count(WITHDRAWN) == kinds.count(KIND)


def test_what_is_with_the_partner_is_signed_and_holds_nothing_of_a_customer(stillwatch, shared, found):
    text = next(shared["into"].glob("*.jsonl")).read_text()
    for field in ("compute_equivalent", "template_sketches", "match_tokens", "match_weight"):
        assert field in text
    secrets = texts_of(found / "a" / "logs")
    assert len(secrets) > 10_000
    assert not [one for one in secrets if one in text]
    _check_that_signatures_count(stillwatch, shared)


def _check_that_signatures_count(stillwatch, shared):
    """Somebody with access to the collection, or the server itself, changes a weight, or another key signed."""
    (file,) = shared["into"].glob("*.jsonl")
    whole = file.read_bytes()
    changed = whole.replace(b'"match_weight":2,', b'"match_weight":3,')
    assert changed != whole
    file.write_bytes(changed)
    code, table, told = stillwatch(*shared["match"])
    assert (code, "lab-a" in table) == (3, False)
    assert "left aside of lab-a: 1 times a release: the signature does not hold" in " ".join(told.split())
    file.write_bytes(whole)
    partner = json.loads((shared["into"] / "partner.json").read_text())
    other = partner["keys"][0] | {"x": "A" * 43}
    (shared["into"] / "partner.json").write_text(json.dumps(partner | {"keys": [other]}))
    assert stillwatch(*shared["match"])[0] == 3
    (shared["into"] / "partner.json").write_text(json.dumps(partner | {"keys": [other, *partner["keys"]]}))
    code, table, told = stillwatch(*shared["match"])
    assert (code, told) == (1, "")


def test_a_preview_shows_the_fields_as_each_policy_lets_them_go(stillwatch, group, found, tmp_path):
    a = found / "a"
    campaign_id = load(a / "result")[1][0].campaign_id
    to_b = (a / "result", campaign_id, "--to", "lab-b", "--log", a / "logs", "--format", "json")

    def previewed(*more, **rows):
        rules = policy(tmp_path / "release.yaml", **rows)
        code, shown, _ = stillwatch("share", "preview", *to_b, "--policy", rules, *more)
        assert code == 0
        answer = json.loads(shown)
        kept = {one["field"]: one["transform"] for one in answer["view"]["kept"]}
        return answer["view"], kept, {one["field"]: one["because"] for one in answer["dropped"]}

    view, kept, _ = previewed(*group["lab-a"])
    assert (kept["compute"], kept["template_sketches"], kept["match_tokens"]) == ("raw", "oprf", "oprf")
    compute = view["finding"]["compute"]
    assert compute["p10"] < compute["p50"] < compute["p90"]
    again = stillwatch("share", "recompute", compute["query"], "--out", a / "result", "--log", a / "logs")
    assert json.loads(again[1])["interval"]["p50"] == compute["p50"]
    bucketed, kept, dropped = previewed(*group["lab-a"], compute="bucket", sketches="drop")
    assert kept["compute"] == "bucket"
    assert bucketed["finding"]["compute"]["p10"] <= compute["p10"]
    assert bucketed["finding"]["compute"]["p90"] >= compute["p90"]
    assert "drops it" in dropped["template_sketches"]
    assert len(bucketed["finding"]["match_tokens"]) == len(view["finding"]["match_tokens"])
    view, kept, dropped = previewed("--no-matching")
    assert "match_tokens" not in view["finding"]
    assert "share identity" in dropped["match_tokens"]
