import pytest

from stillwatch.gateways.caller import Caller
from stillwatch.gateways.deciding import FollowedPolicy
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Call, InvalidConfiguration, Micros, Verdict

RULE = """\
rules:
  - {id: block-them, mode: enforce, when: 'verdict.state == "confirmed"', step: %s, reason: member%s}
"""
BLOCK = RULE % ("block", ", reviewers: [Ana]")
TAG = RULE % ("tag", "")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def call():
    return Call(account_id="acc-a", ts=Micros(1_772_438_400_000_000))


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(BLOCK)
    verdict = Verdict(
        campaign_id="camp-1",
        state="confirmed",
        probability=0.99,
        log_e_value=20.0,
        accounts=40,
        capability="coding",
        since=Micros(1_772_000_000_000_000),
        active=True,
    )
    publish(tmp_path / "verdicts", rows([("acc-a", verdict)]), 1)
    return path


def test_a_rule_that_is_taken_away_is_undone(policy, tmp_path):
    clock = Clock()
    followed = FollowedPolicy(policy, tmp_path / "verdicts", clock)
    assert followed.decide(call()).step == "block"
    policy.write_text(TAG)
    clock.now = 1.1
    assert followed.decide(call()).step == "tag"


def test_a_policy_that_no_longer_holds_is_told_and_the_last_one_decides(policy, tmp_path, caplog):
    clock = Clock()
    followed = FollowedPolicy(policy, tmp_path / "verdicts", clock)
    policy.write_text("rules: [")
    clock.now = 1.1
    assert followed.decide(call()).step == "block"
    assert "the policy before it decides on" in caplog.text
    policy.unlink()
    clock.now = 2.2
    assert followed.decide(call()).step == "block"


def test_a_policy_that_does_not_hold_at_the_beginning_is_an_error(tmp_path):
    (tmp_path / "policy.yaml").write_text("rules: 7")
    with pytest.raises(InvalidConfiguration):
        FollowedPolicy(tmp_path / "policy.yaml", None)


def test_settings_name_the_policy_and_the_verdicts(policy, opened):
    gateway = opened(policy=policy.name, verdicts="verdicts")
    refusal = gateway.guard.request(Caller(account_id="acc-a"), "chat", b"{}").refusal
    assert refusal.status == 403
    assert gateway.guard.request(Caller(account_id="acc-b"), "chat", b"{}").refusal is None
