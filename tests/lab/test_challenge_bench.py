"""The bench of challenges at a small size, its parts by hand, and the words of its files."""

import numpy as np
import pytest

from stillwatch.access.levels.load import load as load_levels
from stillwatch.lab.benches import challenge
from stillwatch.lab.benches.trials import Traffic
from stillwatch.lab.duel.gateway import Answer
from stillwatch.lab.duel.prices import load_prices
from stillwatch.lab.duel.verifying import FAR, Habits, Verifies
from stillwatch.policy import load
from stillwatch.policy.examples import run
from stillwatch.records import InvalidConfiguration

RECORD = {
    **dict.fromkeys(
        ("payment_fp", "payment_kind", "payment_bin", "payment_country", "signup_ip", "signup_asn")
    ),
    **dict.fromkeys(("signup_country", "declared_country", "signup_ja4", "device_id", "email_domain")),
    **dict.fromkeys(("phone_country", "referral")),
}
POOL = [RECORD | {"account_id": f"acct-{number}"} for number in range(3)]


def actor(**habits):
    return Verifies(POOL, np.random.default_rng(1), Habits(**habits))


def test_the_policies_pass_their_own_tests():
    outcome = run(load(challenge.POLICY))
    assert outcome.run == 3
    assert not outcome.failures
    assert load_levels(challenge.LEVELS).challenge is not None


def test_an_identity_that_is_bought_proves_the_account_later():
    one = actor(buys=1.0, bought_pass=1.0)
    ready = one.asked("acct-0", 5)
    assert ready > 5
    assert one.bought == 1
    assert one.send("acct-0", 6) == (6, "acct-0")
    assert one.told("acct-0", Answer("step_up", 403), 6) == (ready, "acct-0")


def test_the_others_are_replaced_or_left():
    one = actor(buys=0.0)
    assert one.asked("acct-0", 5) is None
    assert one.send("acct-0", 5).account == one.enrolled[0]["account_id"]
    left = actor(buys=0.0, others="abandoned")
    assert left.asked("acct-0", 5) is None
    assert left.send("acct-0", 5) == (FAR, "acct-0")
    assert left.told("acct-0", Answer("step_up", 403), 5) is None
    assert not left.enrolled


def test_prices_name_their_sources_and_rise(tmp_path):
    prices = load_prices()
    assert prices.spent(10, 2)["usual"] == pytest.approx(10 * 0.26 + 2 * 30)
    assert "404 Media" in prices.identity.source
    wrong = tmp_path / "prices.yaml"
    wrong.write_text(
        "account: {low: 2, usual: 1, high: 3, source: s}\nidentity: {low: 1, usual: 1, high: 1, source: s}\n"
    )
    with pytest.raises(InvalidConfiguration, match=r"prices\.yaml:1"):
        load_prices(wrong)


def test_a_campaign_is_challenged_and_figures_have_their_denominators(tmp_path):
    report = challenge.measure(
        tmp_path,
        [Traffic("demo", 0.0025, 1, (), 1)],
        lambda _line: None,
        habits={"verifies a few": Habits()},
    )
    figures = report.figures["habits"]["verifies a few"]
    assert figures["logs"] == 1
    assert figures["logs_with_an_alarm"] > 0
    assert figures["legitimate_accounts"] > 1_000
    assert figures["conditions_failed"] == 0
    assert 0 < figures["challenged_in_time"] <= 1
    assert figures["legitimate_challenged"] < 10
    assert [floor.limit for floor in report.floors] == [challenge.CHALLENGED, challenge.LEGITIMATE, 0]
    assert len(report.tables) == 2
