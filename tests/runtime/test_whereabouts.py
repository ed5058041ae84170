"""Where accounts of a watch are used from: gathered once each, judged where something changed, kept over a restart."""

import pickle

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from abroad import ABROAD, DAYS, HOME, PEOPLE, REGIONS, THERE, account_batch, accounts, exchange_batch, table

from stillwatch.access.levels.facts import completed
from stillwatch.access.regions import Gazetteer, evidence, signed_up
from stillwatch.access.regions.account_records import AccountRecords
from stillwatch.access.regions.load import parse
from stillwatch.features.key import SketchKey
from stillwatch.features.observed import Names
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK
from stillwatch.linking.rehearsal import DAY, START
from stillwatch.records import ACCOUNTS, UnreadableInput
from stillwatch.runtime import whereabouts as module
from stillwatch.runtime.ingest import Piece, Settings, with_places
from stillwatch.runtime.judging_regions import JudgingRegions, Regions
from stillwatch.runtime.watch import Watch
from stillwatch.runtime.whereabouts import Whereabouts
from stillwatch.sources import Block

KEY = SketchKey(bytes(32))
NOW = (START + DAYS * DAY) // TICK * TICK
RULES = parse(REGIONS.encode(), "regions.yaml", now=NOW)


@pytest.fixture(scope="module")
def sketched():
    batch = exchange_batch()
    return with_places(sketch(batch, KEY), batch, Gazetteer().opened())


def full(sketched):
    whereabouts = Whereabouts()
    whereabouts.accounts(signed_up(account_batch()))
    whereabouts.exchanges(sketched)
    whereabouts.advance(NOW)
    return whereabouts


def outside(whereabouts, names=tuple(PEOPLE)):
    facts = completed(pa.table({"account_id": list(names), "exchanges": [1] * len(names)}))
    return dict(zip(names, whereabouts.told(facts)["region_outside"].to_pylist(), strict=True))


def test_those_abroad_are_told_from_those_at_home_with_the_evidence(sketched):
    whereabouts = full(sketched)
    assert whereabouts.judge(RULES)
    probability = outside(whereabouts, (*PEOPLE, "nobody"))
    assert all(probability[name] > 0.95 for name in ABROAD)
    assert all(probability[name] < 0.01 for name in HOME)
    assert probability["nobody"] is None
    assert set(whereabouts.evidence["account_id"].to_pylist()) == set(ABROAD)
    assert set(whereabouts.evidence["place"].to_pylist()) == {THERE}


def test_nothing_is_judged_before_a_tick_has_ended(sketched):
    whereabouts = Whereabouts()
    whereabouts.exchanges(sketched)
    assert not whereabouts.judge(RULES)
    assert set(outside(whereabouts).values()) == {None}


def test_many_are_judged_some_at_a_time(sketched):
    whole, parts = full(sketched), full(sketched)
    whole.judge(RULES)
    assert parts.unjudged
    rounds = 0
    while parts.unjudged:
        parts.judge(RULES, most=5)
        rounds += 1
    assert rounds == 3
    assert outside(parts) == outside(whole)
    assert not whole.unjudged


def test_only_accounts_that_changed_are_judged_again(sketched, monkeypatch):
    judged = []

    def judge(*given):
        found = module_judge(*given)
        judged.append(found["account_id"].to_pylist())
        return found

    module_judge = module.judge
    monkeypatch.setattr(module, "judge", judge)
    whereabouts = full(sketched)
    whereabouts.judge(RULES)
    assert not whereabouts.judge(RULES)
    whereabouts.accounts(signed_up(account_batch()))  # told again
    assert not whereabouts.judge(RULES)
    moved = {**accounts()[0], "valid_from": START + DAY, "declared_country": THERE}
    whereabouts.accounts(signed_up(table([moved], ACCOUNTS)))
    whereabouts.advance(NOW + TICK)
    whereabouts.judge(RULES)
    assert [len(names) for names in judged] == [len(PEOPLE), 1]
    assert judged[1] == ["home-0"]


def test_where_other_places_are_supported_everybody_is_judged_again(sketched):
    whereabouts = full(sketched)
    whereabouts.judge(RULES)
    text = REGIONS.replace("supported: false", "supported: false, until: 2999-01-01")
    later = parse(text.replace("TH", "NO").encode(), "regions.yaml", now=NOW)
    assert whereabouts.judge(later)
    assert max(outside(whereabouts).values()) < 0.05
    assert not len(whereabouts.evidence)


def test_it_is_the_same_however_it_is_cut_and_saved(sketched):
    whole, parts = full(sketched), Whereabouts()
    whole.judge(RULES)
    for first in range(0, len(sketched), 331):
        parts.exchanges(sketched.slice(first, 331))
        parts.advance(NOW - DAY)
        parts.judge(RULES)
        parts = pickle.loads(pickle.dumps(parts))
    parts.accounts(signed_up(account_batch()))
    parts.advance(NOW)
    parts.judge(RULES)
    assert outside(parts) == outside(whole)
    names = ["account_id", "probability", "place", "unseen", "certainty"]
    kept = [one.evidence.select(names).sort_by("account_id") for one in (parts, whole)]
    assert kept[0].equals(kept[1])


def test_the_latest_version_of_an_account_counts_whatever_the_order():
    told = [
        {**accounts()[0], "valid_from": START + day * DAY, "phone_country": place}
        for day, place in ((3, "NO"), (1, "CH"), (3, "PE"))
    ]
    for rows in (told, [told[1], told[0], told[2]]):
        names = Names()
        records = AccountRecords(names)
        changed = [records.observe(signed_up(table([row], ACCOUNTS))).tolist() for row in rows]
        (kept,) = records.table(pc.unique(pa.array([0])).to_numpy()).to_pylist()
        assert (kept["phone_country"], kept["owner_countries"]) == ("PE", [("TH", 0.2)])
        assert changed[-1] == [0]
        assert "signup_ip" not in kept


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        ("virtual", "a virtual or prepaid line of a supported place"),
        ("mobile", "an ordinary line"),
        (None, None),
    ],
)
def test_the_kind_of_a_telephone_line_is_known_to_a_watch(sketched, kind, finding):
    whereabouts = Whereabouts()
    lines = {"phone_country": PEOPLE["home-0"], "phone_kind": kind}
    rows = [row | lines if row["account_id"] == "abroad-0" else row for row in accounts()]
    whereabouts.accounts(signed_up(table(rows, ACCOUNTS)))
    whereabouts.exchanges(sketched)
    whereabouts.advance(NOW)
    assert whereabouts.judge(RULES)
    (told,) = [one for one in whereabouts.evidence.to_pylist() if one["account_id"] == "abroad-0"]
    found = {one["signal"]: one["finding"] for one in told["evidence"]}
    assert found.get("phone kind") == finding
    assert ("phone kind" in told["unseen"]) == (finding is None)


def test_no_address_is_kept(sketched):
    data = pickle.dumps(full(sketched))
    assert b"192.0.2" not in data


def test_the_evidence_is_for_the_owner_alone_and_is_read_by_account(sketched, tmp_path):
    whereabouts = full(sketched)
    judging = JudgingRegions(Regions(RULES, tmp_path / "standings"))
    judging.told(whereabouts, completed(pa.table({"account_id": ["abroad-0"], "exchanges": [1]})))
    path = evidence.beside(tmp_path / "standings")
    assert path.stat().st_mode & 0o77 == 0
    kept = evidence.read_verdict(path, "abroad-0")
    assert (kept.place, kept.probability > 0.95, "owners" in kept.unseen) == (THERE, True, True)
    assert {one.signal for one in kept.evidence} >= {"presence", "payment", "phone", "signup"}
    assert evidence.read_verdict(path, "home-0") is None
    assert evidence.read_verdict(tmp_path / "none", "abroad-0") is None
    path.write_bytes(b"PAR1 and more")
    with pytest.raises(UnreadableInput, match="no evidence"):
        evidence.read_verdict(path, "abroad-0")


def test_levels_are_asked_though_the_evidence_cannot_be_written(sketched, tmp_path, caplog):
    judging = JudgingRegions(Regions(RULES, tmp_path / "none" / "standings"))
    facts = completed(pa.table({"account_id": ["abroad-0"], "exchanges": [1]}))
    assert judging.told(full(sketched), facts)["region_outside"][0].as_py() > 0.95
    assert "evidence about regions waits" in caplog.text


@pytest.mark.parametrize("saved", [False, True])
def test_a_watch_that_judges_regions_goes_on_after_a_restart_as_if_there_had_been_none(
    saved, sketched, tmp_path
):
    settings = Settings(KEY, gazetteer=Gazetteer())
    cut = len(sketched) // 2

    def feed(watch, batch):
        watch.take(
            Block("canonical_jsonl", "exchanges", "log", 1, None),
            Piece("exchanges", batch, [], {}),
            NOW / 1e6,
        )
        watch.commit({"log": str(len(batch))})

    def began(folder):
        watch = Watch(folder, settings, 0.01, 60.0)
        watch.take(
            Block("canonical_jsonl", "accounts", "log", 1, None),
            Piece("accounts", account_batch(), [], {}),
            0,
        )
        feed(watch, sketched.slice(0, cut))
        return watch

    def finish(watch):
        for tick in sorted(watch.arrivals.waiting):
            watch.close(tick)
        watch.whereabouts.judge(RULES)
        return outside(watch.whereabouts)

    whole = began(tmp_path / "whole")
    feed(whole, sketched.slice(cut))
    killed = began(tmp_path / "killed")
    for tick in sorted(killed.arrivals.waiting)[:-1]:
        killed.close(tick)
    if saved:
        killed.save()
    again = Watch(tmp_path / "killed", settings, 0.01, 60.0)
    feed(again, sketched.slice(cut))
    found = finish(again)
    assert found == finish(whole)
    assert min(found[name] for name in ABROAD) > 0.95


def test_a_watch_without_regions_keeps_nothing_of_them(tmp_path):
    watch = Watch(tmp_path, Settings(KEY), 0.01, 60.0)
    assert watch.state.whereabouts is watch.whereabouts is None
