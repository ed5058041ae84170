"""How long a gateway waits for a decision: look-ups among a million verdicts and standings, and twelve rules all on."""

import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.policy import Decider, Follower, StandingFollower, VerdictTable, parse
from stillwatch.policy.publish import publish
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import CAPABILITIES, STANDINGS, Call, Limit, Micros, Terms

SEED = 1000
P99_MICROSECONDS = 100.0  # a thousandth of what the fastest model takes for its first token
HITS = 0.5  # of calls, from accounts with a verdict: far more than a provider sees
CAMPAIGNS = 500
WARM = 2_000
NOW = 1_772_424_600_000_000

TERMS = [
    Terms(f"ask-{level}", "asked", Limit("cap_rate", {"per_minute": 10}), Limit("step_up", {"level": level}))
    for level in (1, 2, 3)
]
POLICY = b"""
rules:
  - {id: asked, mode: enforce, step: as_asked, reason: r, ttl: 24h,
     when: 'has_access && access.asked > access.level && access.overdue'}
  - {id: outside, mode: enforce, step: step_up, settings: {level: 3}, reason: r, message: m, ttl: 24h,
     when: 'access.region_outside >= 0.999 && call.kyc_level < 3'}
  - {id: region, mode: enforce, step: step_up, settings: {level: 1}, reason: r, message: m,
     when: 'call.country in ["XA", "XB"] && call.kyc_level < 1'}
  - {id: programme, mode: enforce, step: observe, reason: r,
     when: 'call.programme in ["research", "edu"] && has_verdict && verdict.state != "confirmed"'}
  - {id: block, mode: enforce, step: block, reviewers: [first, second], reason: r, message: m, ttl: 7d,
     when: 'verdict.state == "confirmed" && verdict.active && verdict.probability >= 0.999'}
  - {id: hold, mode: enforce, step: hold, settings: {seconds: 20}, reason: r, message: m, ttl: 24h,
     when: 'verdict.state == "confirmed" && verdict.probability >= 0.99'}
  - {id: verify, mode: shadow, step: step_up, settings: {level: 2}, reason: r, message: m, ttl: 7d,
     when: 'verdict.state == "open" && verdict.probability >= 0.99 && verdict.accounts >= 900 && call.kyc_level < 2'}
  - {id: strip, mode: enforce, step: strip_reasoning, reason: r, ttl: 24h,
     when: 'verdict.probability >= 0.97 && verdict.capability in ["reasoning_traces", "agentic_reasoning"]'}
  - {id: recent, mode: shadow, step: mark, reason: r, ttl: 24h,
     when: 'now - verdict.since < duration("24h") && call.model.startsWith("atlas")'}
  - {id: cap, mode: enforce, step: cap_rate, settings: {per_minute: 120}, reason: r, message: m, ttl: 24h,
     when: 'verdict.state in ["open", "confirmed"] && verdict.active && verdict.probability >= 0.9'}
  - {id: surface, mode: enforce, step: reduce_surface, reason: r, ttl: 24h,
     when: 'verdict.probability >= 0.5 && (call.logprobs > 0 || call.n_choices > 1)'}
  - {id: tag, mode: enforce, step: tag, reason: r, ttl: 24h, when: has_verdict}
"""


def measure(root: Path, verdicts: int, calls: int, tell: Tell) -> Report:
    """Publish, open, then time each decision alone."""
    rng = np.random.default_rng(SEED)
    tell(f"publishing {verdicts:,} verdicts")
    rows, path = _rows(rng, verdicts), root / "verdicts"
    published = _seconds(lambda: publish(path, rows, version=1))
    publish_standings(root / "standings", _standings(rng, verdicts), TERMS, version=1)
    opened = _seconds(lambda: VerdictTable.open(path))
    policy = parse(POLICY, "the benchmark's policy")
    decider = Decider(policy, Follower(path), StandingFollower(root / "standings"))
    tell(f"deciding on {calls:,} calls")
    asked = _calls(rng, verdicts, calls)
    for call in asked[:WARM]:
        decider.decide(call)
    spent, hit = _spent(decider, asked)
    groups = {"all": spent, "with a verdict": spent[hit], "without": spent[~hit]}
    found = {name: _percentiles(times) for name, times in groups.items()}
    figures: Figures = {
        "verdicts": verdicts,
        "standings": verdicts,
        "calls": calls,
        "rules": len(policy.rules),
        "publish_seconds": published,
        "open_seconds": opened,
        "microseconds": found,
        "failed_conditions": decider.failures.total(),
    }
    floors = [
        Floor("p99 of a decision, microseconds", found["all"]["p99"], P99_MICROSECONDS, at_least=False),
        Floor("conditions that failed", decider.failures.total(), 0, at_least=False),
    ]
    return Report("decide", figures, floors, [SEED], [_table(found, verdicts, published, opened)])


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _rows(rng: np.random.Generator, verdicts: int) -> pa.Table:
    campaign = rng.integers(CAMPAIGNS, size=verdicts)
    capability, state = rng.integers(len(CAPABILITIES), size=CAMPAIGNS), rng.integers(3, size=CAMPAIGNS)
    return pa.table(
        {
            "account_id": pa.array(_accounts(np.arange(verdicts))),
            "campaign_id": pa.array([f"c-{number:04d}" for number in range(CAMPAIGNS)]).take(
                pa.array(campaign)
            ),
            "state": pa.array(["suspected", "open", "confirmed"]).take(pa.array(state[campaign])),
            "probability": rng.beta(5, 1, size=verdicts),
            "log_e_value": rng.gamma(20.0, size=CAMPAIGNS)[campaign],
            "accounts": np.bincount(campaign, minlength=CAMPAIGNS)[campaign],
            "capability": pa.array(CAPABILITIES).take(pa.array(capability[campaign])),
            "since": NOW - rng.integers(30 * 86_400_000_000, size=verdicts),
            "active": rng.random(verdicts) < 0.9,
            "case_id": pa.nulls(verdicts, pa.string()),
        }
    )


def _standings(rng: np.random.Generator, accounts: int) -> pa.Table:
    """One for each account that has a verdict."""
    level = rng.integers(4, size=accounts)
    return pa.table(
        {
            "account_id": pa.array(_accounts(np.arange(accounts))),
            "id": rng.integers(1 << 63, size=accounts),
            "level": level,
            "asked": np.minimum(level + rng.integers(2, size=accounts), 4),
            "since": NOW - rng.integers(30 * 86_400_000_000, size=accounts),
            "deadline": NOW + rng.integers(-86_400_000_000, 30 * 86_400_000_000, size=accounts),
            "region_outside": rng.beta(1, 5, size=accounts),
            "terms": rng.integers(len(TERMS), size=accounts),
            "challenge_id": pa.array([f"challenge-{number}" for number in range(100)]).take(
                pa.array(rng.integers(100, size=accounts))
            ),
            "control": rng.random(accounts) < 0.1,
        }
    ).cast(STANDINGS)


def _accounts(numbers: np.ndarray) -> list[str]:
    return [f"acct_{number:012x}" for number in numbers.tolist()]


def _calls(rng: np.random.Generator, verdicts: int, calls: int) -> Sequence[Call]:
    known = rng.integers(verdicts, size=calls)
    accounts = _accounts(np.where(rng.random(calls) < HITS, known, known + verdicts))
    countries, kyc, n = rng.integers(6, size=calls), rng.integers(5, size=calls), rng.integers(3, size=calls)
    return [
        Call(
            account_id=account,
            ts=Micros(NOW + at),
            route="chat",
            pathway="api",
            model="atlas-2" if choices else "vega-1",
            programme="edu" if country == 5 else None,
            kyc_level=level or None,
            stream=level > 2,
            n_choices=choices + 1,
            logprobs=choices or None,
            country=f"X{'ABCDEF'[country]}",
            user_agent="client/1.2",
        )
        for at, (account, country, level, choices) in enumerate(
            zip(accounts, countries.tolist(), kyc.tolist(), n.tolist(), strict=True)
        )
    ]


def _spent(decider: Decider, calls: Sequence[Call]) -> tuple[np.ndarray, np.ndarray]:
    """Nanoseconds of each decision, and whether its account had a verdict."""
    spent = np.empty(len(calls), np.int64)
    hit = np.empty(len(calls), bool)
    clock = time.perf_counter_ns
    gc.freeze()  # the calls made ahead are the benchmark's: a gateway has none for the collector to walk over
    for at, call in enumerate(calls):
        start = clock()
        decision = decider.decide(call)
        spent[at] = clock() - start
        hit[at] = decision.campaign_id is not None
    gc.unfreeze()
    return spent, hit


def _percentiles(nanoseconds: np.ndarray) -> dict[str, float]:
    values = np.percentile(nanoseconds, [50, 99, 99.9]) / 1000
    return {name: round(float(value), 2) for name, value in zip(("p50", "p99", "p99.9"), values, strict=True)}


def _table(found: dict[str, dict[str, float]], verdicts: int, published: float, opened: float) -> Table:
    table = Table(
        "calls",
        title=f"Microseconds a decision, of {verdicts:,} verdicts and standings (published in {published:.1f} s, "
        f"opened in {opened * 1000:.1f} ms)",
    )
    for name in ("p50", "p99", "p99.9"):
        table.add_column(name, justify="right")
    for name, values in found.items():
        table.add_row(name, *(f"{value:.1f}" for value in values.values()))
    return table
