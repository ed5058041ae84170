"""The duel of operators and a live watch: its parts by hand, and one small log from beginning to end."""

from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.features.key import SketchKey
from stillwatch.features.sketchlog import TICK
from stillwatch.lab.arrays import HOUR
from stillwatch.lab.benches.response import POLICY
from stillwatch.lab.duel.feeding import Attempt, Feeder
from stillwatch.lab.duel.gateway import Answer, Gateway
from stillwatch.lab.duel.live import Terms, play
from stillwatch.lab.duel.outcome import Outcome
from stillwatch.lab.duel.reactions import SECOND, GoesOn, Replaces, SlowsDown
from stillwatch.lab.duel.review import Review
from stillwatch.lab.duel.traffic import read
from stillwatch.lab.simulate import simulate
from stillwatch.lab.world import World
from stillwatch.policy import load, parse
from stillwatch.policy.examples import run
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Call, Micros, Verdict

KEY = SketchKey(b"k" * 32)
NOTHING = b"rules: [{id: nobody, mode: enforce, step: tag, reason: r, when: has_verdict}]"
EVERYTHING = (
    b"rules: [{id: all, mode: enforce, step: cap_rate, reason: r, when: 'true', settings: {per_minute: 1}}]"
)
REFUSED = Answer("step_up", 403)
LIMITED = Answer("cap_rate", 429, wait=60.0)
POOL = tuple(
    MappingProxyType(
        {
            "account_id": f"acct-{number}",
            "payment_fp": f"card-{number}",
            "payment_kind": f"kind-{number}",
            "payment_bin": f"bin-{number}",
            "payment_country": f"land-{number}",
            "signup_ip": None,
            "signup_asn": number,
            "signup_country": None,
            "declared_country": None,
            "signup_ja4": None,
            "device_id": f"device-{number}",
            "email_domain": None,
            "phone_country": None,
            "referral": None,
            "status": "banned",
        }
    )
    for number in range(3)
)


@pytest.fixture(scope="module")
def traffic(tmp_path_factory):
    log = tmp_path_factory.mktemp("demo")
    world = World(seed=1, start=1_772_409_600_000_000, days=7, scale=0.0025, activity=2.2)
    simulate(world, "demo", log, progress=lambda _name, _accounts: None)
    return read(log, KEY)


@pytest.fixture(scope="module")
def fought(traffic, tmp_path_factory):
    """Duels under the bench's policy, by reaction, each fought once."""
    done = {}

    def fight(reaction):
        if reaction not in done:
            done[reaction] = duel(traffic, tmp_path_factory.mktemp("duel"), load(POLICY), reaction)
        return done[reaction]

    return fight


def duel(traffic, home, policy, reaction="goes on", newcomer_seconds=1800.0, **more):
    return play(traffic, Terms(policy, reaction, newcomer_seconds=newcomer_seconds, **more), home)


def verdict(**given):
    usual = {
        "campaign_id": "c",
        "state": "open",
        "probability": 0.9999,
        "log_e_value": 9.0,
        "accounts": 30,
        "capability": "",
        "since": Micros(0),
        "active": True,
    }
    return Verdict(**(usual | given))


def test_the_policy_passes_its_own_tests():
    outcome = run(load(POLICY))
    assert outcome.run == 8
    assert not outcome.failures


def test_an_operator_who_goes_on_gives_up_what_is_refused():
    actor = GoesOn(POOL, np.random.default_rng(1))
    assert actor.send("acct-0", 5) == (5, "acct-0")
    assert actor.told("acct-0", REFUSED, 5) is None


def test_a_fresh_account_takes_over_from_a_refused_one_until_means_run_out():
    actor = Replaces(POOL, np.random.default_rng(1))
    assert actor.send("acct-0", 5) == (5, "acct-0")
    names = ["acct-0"]
    for _ in POOL:
        again = actor.told(names[-1], LIMITED, HOUR)
        assert again.ts >= HOUR
        names.append(again.account)
    assert len(set(names)) == 1 + len(POOL)
    assert actor.told(names[-1], REFUSED, HOUR) is None
    assert actor.send("acct-0", 9 * HOUR) == (9 * HOUR, names[-1])
    assert actor.told("acct-0", REFUSED, 9 * HOUR).account == names[-1]
    for made in actor.enrolled:
        cards = {(one["payment_fp"], one["payment_kind"], one["payment_bin"]) for one in POOL}
        assert (made["payment_fp"], made["payment_kind"], made["payment_bin"]) in cards
        assert made["status"] == "active"
        assert made["created_at"] == HOUR


def test_an_operator_who_slows_down_queues_limited_accounts_at_the_pace_it_was_told():
    actor = SlowsDown(POOL, np.random.default_rng(1))
    assert actor.told("acct-0", REFUSED, 0) is None
    assert actor.send("acct-0", 0) == (0, "acct-0")
    first = actor.told("acct-0", LIMITED, 0)
    assert first == (60 * SECOND, "acct-0")
    actor.told("acct-1", LIMITED, 0)
    assert [actor.send(f"acct-{number}", 0).ts for number in (0, 1)] == [180 * SECOND, 240 * SECOND]
    assert actor.send("acct-2", 7) == (7, "acct-2")


def test_people_confirm_a_true_campaign_after_their_hours_and_never_a_false_one():
    found = [(f"bad-{number}", verdict()) for number in range(3)]
    found += [(f"good-{number}", verdict(campaign_id="wrong")) for number in range(3)]
    review = Review(8.0, {f"bad-{number}": "june" for number in range(3)})
    review.look(rows(found), at=0)
    assert review.moments(0, 24 * HOUR) == [8 * HOUR]
    assert set(review.rows(7 * HOUR)["state"].to_pylist()) == {"open"}
    later = review.rows(8 * HOUR).to_pylist()
    assert {(row["campaign_id"], row["state"]) for row in later} == {("c", "confirmed"), ("wrong", "open")}
    assert review.seen["june"].suspected == review.seen["june"].alarmed == 0
    assert set(review.seen) == {"june"}


def test_without_people_nothing_is_confirmed_and_suspicion_is_no_alarm():
    review = Review(None, {"bad": "june"})
    review.look(rows([("bad", verdict(state="suspected"))]), at=5)
    review.look(rows([("bad", verdict())]), at=9)
    assert review.moments(0, 1 << 60) == []
    assert (review.seen["june"].suspected, review.seen["june"].alarmed) == (5, 9)


def test_an_account_that_a_campaign_of_another_came_to_does_not_make_its_operator_suspected():
    review = Review(8.0, {"bad": "june", "other": "july"})
    review.look(rows([("bad", verdict()), ("other", verdict(state="suspected"))]), at=5)
    assert set(review.seen) == {"june"}


def test_a_gateway_answers_by_what_is_published(tmp_path):
    path = tmp_path / "verdicts"
    held = [("sure", verdict()), ("likely", verdict(probability=0.99)), ("unsure", verdict(probability=0.5))]
    publish(path, rows(held), 1)
    gateway = Gateway(load(POLICY), path)

    later = 3 * 24 * HOUR

    def ask(account, at=later, **facts):
        return gateway.ask(Call(account_id=account, ts=Micros(at), **facts))

    assert ask("nobody") == Answer("observe")
    assert (ask("sure", kyc_level=0).status, ask("sure", kyc_level=0).wait) == (403, 0.0)
    assert not ask("sure", at=HOUR, kyc_level=0).refused
    assert ask("unsure").step == "tag"
    first, second = ask("likely"), ask("likely")
    assert (first.status, second.status) == (200, 429)
    assert second.wait > 0
    assert not ask("likely", at=later + round(second.wait + 1) * SECOND).refused
    assert not gateway.asks_about_all
    assert Gateway(parse(EVERYTHING, "p"), path).asks_about_all


def test_the_traffic_is_in_order_and_knows_the_truth(traffic):
    assert (np.diff(traffic.ts) >= 0).all()
    assert traffic.illicit.any()
    assert not (traffic.illicit & traffic.legitimate).any()
    named = {traffic.operators[code] for code in set(traffic.operator.tolist()) if code >= 0}
    assert named == {"feb_a", "feb_c", "september"}


def test_where_no_step_has_consequences_everybody_gets_what_they_got(traffic, tmp_path):
    out = duel(traffic, tmp_path, parse(NOTHING, "p"))
    assert (out.got == traffic.answered).all()
    assert not out.first_act
    assert out.innocents.slowed == out.innocents.refused == 0


@pytest.mark.parametrize("reaction", ["goes on", "replaces", "slows down"])
def test_operators_lose_and_what_they_get_was_answered_in_the_log(traffic, fought, reaction):
    out = fought(reaction)
    assert not (out.got & ~traffic.answered).any()
    outcome = Outcome()
    outcome.add(traffic, out)
    whole = outcome.whole
    assert whole.got + whole.by_fresh > 0
    assert whole.cut > 0.2
    assert whole.got >= whole.before_suspicion
    assert whole.before_alarm >= whole.before_suspicion
    assert out.innocents.calls == traffic.legitimate.sum()
    assert out.failures == 0
    assert (whole.enrolled > 0) == (reaction == "replaces")


def test_the_same_terms_give_the_same_duel(traffic, fought, tmp_path):
    again = duel(traffic, tmp_path, load(POLICY), "replaces")
    assert (again.got == fought("replaces").got).all()
    assert again.steps == fought("replaces").steps


def test_a_policy_that_meets_all_calls_meets_innocents_too(traffic, tmp_path):
    everything = EVERYTHING.replace(b"'true'", b"call.kyc_level >= 0").replace(b"cap_rate", b"hold")
    policy = parse(everything.replace(b"per_minute: 1", b"seconds: 5"), "p")
    out = duel(traffic, tmp_path, policy)
    assert out.innocents.held == 0  # a step needs a campaign or a case for evidence
    assert (out.got == traffic.answered).all()


def test_the_watch_sees_refusals_with_their_status_and_no_answer(traffic):
    feeder = Feeder(traffic, 0.01)
    row = int(np.flatnonzero(traffic.answered)[0])
    own = traffic.names[traffic.account[row]]
    at = int(traffic.ts[row])
    seen = feeder.met(
        [
            Attempt(row, at, own, 200, changed=False),
            Attempt(row, at, own, 403, changed=False),
            Attempt(row, at + 5, "heir", 429, changed=True),
        ]
    ).to_pylist()
    before = traffic.sketches.slice(row, 1).to_pylist()[0]
    assert seen[0] == before
    assert (seen[1]["status"], seen[1]["tokens_out"], seen[1]["exchange_id"]) == (
        403,
        0,
        before["exchange_id"],
    )
    assert (seen[2]["account_id"], seen[2]["status"]) == ("heir", 429)
    assert seen[2]["id"] != before["id"]
    assert seen[2]["api_key"] != before["api_key"]
    assert seen[2]["vector"] == before["vector"]


def test_accounts_are_told_to_the_watch_when_they_are_made(traffic):
    feeder = Feeder(traffic, 0.01)
    tick = int(traffic.ts[0]) // TICK
    feeder.feed(tick, np.arange(0), [], [])
    created = traffic.records["created_at"].cast(pa.int64()).to_numpy()
    known = sum(feeder.loop.ledger.lookup(name) is not None for name in traffic.names)
    assert known == (created < (tick + 1) * TICK).sum()


def test_accounts_that_replace_others_get_less_where_newcomers_are_looked_at(traffic, fought, tmp_path):
    without = duel(traffic, tmp_path, load(POLICY), "replaces", newcomer_seconds=0.0)
    assert 0 < fought("replaces").fresh.sum() < without.fresh.sum()
