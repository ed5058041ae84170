"""A simulated February: the public case AML.CS0056 from its findings, and the alarms again from Sigma rules in SQLite."""

import json
import sqlite3
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

from stillwatch.features.key import ENVIRONMENT, load_key
from stillwatch.features.sketch import sketch
from stillwatch.lab.simulate import simulate
from stillwatch.lab.world import World
from stillwatch.records import EXCHANGES, Micros
from stillwatch.runtime import detect
from stillwatch.sharing import finding as sharing
from stillwatch.sharing.formats import atlas, sigma

pytestmark = pytest.mark.slow

FEBRUARY = 1_769_990_400_000_000  # 2026-02-02
NOW = Micros(FEBRUARY + 30 * 86_400_000_000)
# The public case as ATLAS 5.6 has it (data/case-studies/AML.CS0056.yaml), tactic and technique by step. Its last two
# steps, harm to society and to users, are what the takers' models do later: traffic does not show them.
PUBLIC = [
    ("AML.TA0003", "AML.T0008.005"),
    ("AML.TA0003", "AML.T0065"),
    ("AML.TA0000", "AML.T0040"),
    ("AML.TA0010", "AML.T0024.002"),
    ("AML.TA0011", "AML.T0048.004"),
    ("AML.TA0011", "AML.T0048.002"),
    ("AML.TA0011", "AML.T0048.003"),
]
SEEN_IN_TRAFFIC = 5
TAKEN = {"agentic_reasoning", "tool_use", "coding", "reasoning_traces"}  # as the public summary lists them
FAMILIES = 8  # of each campaign: SQLite joins a call with all others of its family
SHARED_BY = 10  # members that send a text before it is taken for the campaign's own


class February:
    """The log and what was found in it."""

    def __init__(self, place):
        world = World(seed=8000, start=FEBRUARY, days=6, scale=0.001, activity=2.2)
        simulate(world, "february", place / "log", progress=lambda _name, _accounts: None)
        detect([place / "log"], place / "found")
        self.log, self.found = place / "log", place / "found"
        self.key = load_key(self.found)
        self.folder = sharing.Folder(self.found, log=self.log)
        truth = pq.read_table(self.log / "truth" / "accounts.parquet", columns=["account_id", "operator"])
        self.operators = {row["account_id"]: row["operator"] for row in truth.to_pylist() if row["operator"]}

    def operator(self, campaign_id):
        """The one that runs most of a campaign's accounts."""
        names = [self.operators.get(one) for one in self.folder.members(campaign_id)]
        return max(set(names), key=names.count)

    def calls(self):
        """The table that the rules read: a row for each family of a call's fixed texts."""
        for file in sorted(self.log.glob("exchanges*")):
            for batch in pq.read_table(file).cast(EXCHANGES).to_batches():
                made = sketch(batch, self.key)
                columns = [made[name].to_pylist() for name in ("ts", "account_id", "fragments")]
                for ts, account, families in zip(*columns, strict=True):
                    for family in {one for one in families if one}:
                        yield ts.isoformat(), account, f"{family:016x}", None

    def view(self, campaign_id, sketches=()):
        said = sharing.Said(template_sketches=list(sketches))
        finding = sharing.build_finding(self.folder, campaign_id, said=said)
        text = (
            Path(sharing.load_policy().file)
            .read_bytes()
            .replace(b"k: 20, transform: oprf", b"k: 10, transform: oprf")
        )
        keys = sharing.release_keys(self.key, NOW)
        return sharing.view_for(
            finding, sharing.parse_policy(text, "release.yaml"), "authority", at=NOW, keys=keys
        ).view


@pytest.fixture(scope="module")
def february(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, "5e" * 32)
        yield February(tmp_path_factory.mktemp("february"))


def test_the_public_case_is_reproduced_from_the_log(february):
    assert {february.operator(one) for one in february.folder.campaigns} == {"feb_a", "feb_b", "feb_c"}
    taken = set()
    for campaign_id in february.folder.campaigns:
        view = february.view(campaign_id)
        study = yaml.safe_load(next(iter(atlas.files(view).values())))
        steps = [(step["tactic"], step["technique"]) for step in study["procedure"]]
        assert steps == PUBLIC[:SEEN_IN_TRAFFIC]
        assert study["incident-date"].isoformat().startswith("2026-02-0")
        assert f"{view.finding.cluster.accounts.value} accounts" in study["summary"]
        assert f"{view.finding.haul.exchanges.value:,} exchanges" in study["summary"]
        taken |= {one.capability for one in view.finding.haul.capabilities}
    assert taken >= TAKEN


def test_the_rules_reproduce_the_alarms_in_sqlite(february):
    rows = list(february.calls())
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE logs (timestamp TEXT, account_id TEXT, template_family TEXT, ja4 TEXT)")
    database.executemany("INSERT INTO logs VALUES (?, ?, ?, ?)", rows)
    account_of = dict(database.execute("SELECT rowid, account_id FROM logs"))
    alarmed = set()
    for campaign_id in february.folder.campaigns:
        members = set(february.folder.members(campaign_id))
        text = next(iter(sigma.files(february.view(campaign_id, _sketches(rows, members))).values())).decode()
        query, *_ = sqliteBackend().convert(SigmaCollection.from_yaml(text))  # then those of clients
        hits = database.execute(query)
        names = [column[0] for column in hits.description]
        found = [dict(zip(names, hit, strict=True)) for hit in hits]
        if not found:
            continue
        first, _, alarm, _ = february.folder.times(campaign_id)
        assert first / 1e6 <= min(one["occurrence_time"] for one in found) <= alarm / 1e6
        met = {
            account_of[int(event.partition(":")[2])]
            for one in found
            for event in json.loads(one["event_ids"])
        }
        operator = february.operator(campaign_id)
        assert sum(february.operators.get(one) == operator for one in met) >= 0.9 * len(met)
        alarmed.add(operator)
    database.close()
    # feb_b varies its texts: whether five of its 20 accounts send one within an hour depends on which are sketched.
    assert alarmed >= {"feb_a", "feb_c"}


def _sketches(rows, members):
    """What the campaign's members send and hardly anybody else, in the place of sketches shared among partners."""
    own, others = defaultdict(set), defaultdict(set)
    for _, account, family, _ in rows:
        (own if account in members else others)[family].add(account)
    found = [
        sharing.TemplateSketch("oprf-fragment", "2026-q1", family, len(users))
        for family, users in sorted(own.items())
        if len(users) >= SHARED_BY and len(others[family]) * 10 < len(users)
    ]
    return found[:FAMILIES]


def test_the_switch_of_models_is_in_the_finding(february):
    (campaign_id,) = (one for one in february.folder.campaigns if february.operator(one) == "feb_c")
    events = pq.read_table(february.log / "events.parquet").to_pylist()
    (release,) = (
        one["ts"] for one in events if one["kind"] == "model_release" and one["model"] == "atlas-large-4"
    )
    (switch,) = february.view(campaign_id).finding.model_switches
    assert (switch.origin, switch.target) == ("atlas-large-3", "atlas-large-4")
    assert abs(datetime.fromtimestamp(switch.at / 1e6, release.tzinfo) - release).days <= 1
