"""Level policies, facts and verdicts written by hand."""

import pyarrow as pa

from stillwatch.access.levels.facts import completed
from stillwatch.access.levels.load import parse
from stillwatch.features.key import SketchKey

KEY = SketchKey(b"k" * 32)
HOUR = 3_600_000_000
DAY = 24 * HOUR
NOW = 1_772_424_600_000_000

BANDS = """\
tiers: [{name: frontier, models: ["atlas*"], capabilities: [coding]}, {name: standard}]
volumes: [{name: low}, {name: high, from: 100}]
risks: [{name: none}, {name: likely, states: [open], probability: 0.9}]
regions: [{name: inside}, {name: outside, from: 0.9}]
"""
ASKS = """\
asks:
  - {id: outside, region: outside, level: 3, deadline: 24h, reason: region, message: m,
     until: {step: tag}, after: {step: step_up, settings: {level: 3}}}
  - {id: big, tier: frontier, volume: high, level: 2, deadline: 7d, reason: volume, message: m,
     after: {step: cap_rate, settings: {per_minute: 5, shared_by: account}}}
  - {id: likely, risk: likely, level: 2, deadline: 72h, reason: campaign, message: m,
     after: {step: step_up, settings: {level: 2}}}
"""
SIGNUP = """\
signup: {deadline: 7d, reason: signup, message: m, after: {step: step_up, settings: {level: 2}}}
"""
CHALLENGE = """\
challenge:
  when: open
  probability: 0.9
  level: 2
  deadline: 72h
  control_share: 0.001
  expected: {legitimate: 0.8, operator: 0.1, worth: 20}
  until: {step: cap_rate, settings: {per_minute: 5, shared_by: account}}
  after: {step: step_up, settings: {level: 2}}
  reason: asked
  message: m
"""
NO_ASKS = "asks: []\n"


def policy(*parts):
    return parse("".join((BANDS, *parts)).encode(), "levels.yaml")


def facts(count=10, **columns):
    """Accounts a-0, a-1, … that called an hour ago; each column is a list or one value."""
    names = [f"a-{number}" for number in range(count)]
    usual = {"created_at": NOW - 40 * DAY, "exchanges": 50, "last_seen": NOW - HOUR}
    given = {
        name: value if isinstance(value, list) else [value] * count
        for name, value in (usual | columns).items()
    }
    return completed(pa.table({"account_id": names} | given))


def verdicts(accounts, campaign="c", state="open", probability=0.99, capability="general"):
    accounts = list(accounts)
    many = len(accounts)
    return pa.table(
        {
            "account_id": pa.array(accounts, pa.string()),
            "campaign_id": pa.array([campaign] * many, pa.string()),
            "state": pa.array([state] * many, pa.string()),
            "probability": pa.array([probability] * many, pa.float64()),
            "log_e_value": pa.array([9.0] * many, pa.float64()),
            "capability": pa.array([capability] * many, pa.string()),
        }
    )
