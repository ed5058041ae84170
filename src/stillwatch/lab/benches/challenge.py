"""How soon a campaign's accounts are challenged, who else is, and what surviving it costs an operator.

The proxy operator that mixes customers' requests with its own and replaces accounts plays against a live watch, in event
time (see `lab.duel`). Verdicts, standings, decisions and steps are the real ones. How operators and customers answer a
challenge is assumed, and said with the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from rich.table import Table

from stillwatch.access.levels.load import load as load_levels
from stillwatch.access.levels.weighing import interval
from stillwatch.features.key import SketchKey
from stillwatch.lab.arrays import MINUTE
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic as Simulated
from stillwatch.lab.benches.trials import simulated
from stillwatch.lab.duel.challenged import Challenged, Customers, Held, Plan
from stillwatch.lab.duel.live import Terms
from stillwatch.lab.duel.prices import COLUMNS, load_prices
from stillwatch.lab.duel.traffic import Traffic, read
from stillwatch.lab.duel.verifying import Habits
from stillwatch.policy import load

FOLDER = Path(__file__).parent.parent / "duel"
POLICY, LEVELS = FOLDER / "challenge-policy.yaml", FOLDER / "levels.yaml"
SCENARIO = "hydra_proxy"
WITHIN = 10 * MINUTE  # of the alarm
CHALLENGED = 0.9
LEGITIMATE = 0.001
MOONSHOT: Figures = {"challenged_in_time": 0.99, "legitimate_challenged": 0.0001}
HABITS: Mapping[str, Habits] = {
    "verifies a few, replaces the others": Habits(),
    "verifies a few, leaves the others": Habits(others="abandoned"),
    "verifies all it can": Habits(buys=1.0),
}


@dataclass
class Result:
    """Sums over logs."""

    wanted: int = 0  # accounts of operators that could be asked at the alarm
    in_time: int = 0
    ever: int = 0
    shares: list[float] = field(default_factory=list)  # asked in time, by log
    alarmed: int = 0
    logs: int = 0
    joined: list[float] = field(
        default_factory=list
    )  # hours from the first call until asked, of later accounts
    customers: int = 0
    controls: int = 0
    others: int = 0
    control_passed: int = 0
    control_measured: int = 0
    cluster_passed: int = 0
    cluster_measured: int = 0
    evidence: list[float] = field(default_factory=list)  # nats, by weighed challenge
    bought: int = 0
    made: int = 0
    pool: int = 0
    unhindered: int = 0
    refused: int = 0  # calls of legitimate accounts
    failures: int = 0

    @property
    def share_in_time(self) -> float | None:
        return self.in_time / self.wanted if self.wanted else None

    @property
    def share_legitimate(self) -> float | None:
        return (self.controls + self.others) / self.customers if self.customers else None


def measure(
    root: Path,
    logs: Sequence[Simulated],
    tell: Tell,
    *,
    review_hours: float = 0.0,
    customers: Customers | None = None,
    levels: Path = LEVELS,
    habits: Mapping[str, Habits] = HABITS,
) -> Report:
    """Play each log with each habit of the operator; 0 hours leave people, and their blocks, out."""
    policy, asked_by, prices = load(POLICY), load_levels(levels), load_prices()
    people = customers or Customers()
    results = {name: Result() for name in habits}
    for log in logs:
        traffic = read(simulated(root, log, tell), SketchKey(sha256(b"the laboratory's own").digest()))
        for name, result in results.items():
            tell(f"playing {log.folder}: an operator who {name}")
            terms = Terms(policy, "replaces", review_hours or None, newcomer_seconds=300.0, seed=log.seed)
            with TemporaryDirectory(prefix="duel-", dir=root) as home:
                game = Challenged(
                    traffic, terms, Path(home), Plan(levels=asked_by, habits=habits[name], customers=people)
                )
                _add(result, traffic, game, game.hold(), terms)
    figures: Figures = {
        "scale": logs[0].scale,
        "weeks": logs[0].weeks,
        "scenario": logs[0].scenario,
        "review_hours": review_hours,
        "level_policy": levels.name,
        "level_policy_sha256": asked_by.sha256,
        "assumed": {
            "customers": msgspec.to_builtins(people),
            "operators": {name: msgspec.to_builtins(one) for name, one in habits.items()},
            "prices": msgspec.to_builtins(prices),
        },
        "moonshot": MOONSHOT,
        "habits": {name: _figures(one) for name, one in results.items()},
    }
    floors = [floor for name, one in results.items() for floor in _floors(name, one)]
    tables = [_reach_table(results), _cost_table(results)]
    return Report("challenge", figures, floors, [log.seed for log in logs], tables)


def _add(result: Result, traffic: Traffic, game: Challenged, held: Held, terms: Terms) -> None:
    result.logs += 1
    result.customers += held.customers
    result.controls += len(held.asked.controls)
    result.others += len(held.asked.others)
    result.refused += held.duel.innocents.refused
    result.failures += held.duel.failures
    for challenge in held.challenges:
        if challenge.weight is not None:
            weight = challenge.weight
            result.control_passed += weight.control_passed
            result.control_measured += weight.control
            result.cluster_passed += weight.cluster_passed
            result.cluster_measured += weight.cluster
            result.evidence.append(weight.log_e_value)
    for operator in traffic.operators:
        survival = held.survival[operator]
        for name in ("bought", "made", "pool", "unhindered"):
            setattr(result, name, getattr(result, name) + getattr(survival, name))
        seen = held.duel.seen.get(operator)
        if seen is not None and seen.alarmed is not None:
            _add_reach(result, game, held.asked.operators.get(operator, {}), operator, seen.alarmed, terms)


def _add_reach(
    result: Result, game: Challenged, asked: dict[str, int], operator: str, published: int, terms: Terms
) -> None:
    """How much of an operator's accounts that were there at the alarm was asked within the time."""
    alarm = published - round(terms.publish_seconds * 1_000_000)
    wanted = game.askable(operator, alarm)
    in_time = sum(asked.get(name, alarm + WITHIN + 1) <= alarm + WITHIN for name in wanted)
    result.alarmed += 1
    result.wanted += len(wanted)
    result.in_time += in_time
    result.ever += sum(name in asked for name in wanted)
    result.shares.append(in_time / len(wanted) if wanted else 0.0)
    first = game.first_calls()
    later = set(asked) - set(wanted)
    result.joined += [(asked[name] - first[name]) / (60 * MINUTE) for name in later if name in first]


def _floors(habit: str, result: Result) -> list[Floor]:
    return [
        Floor(f"{habit}: challenged within 10 min", result.share_in_time, CHALLENGED),
        Floor(
            f"{habit}: legitimate accounts challenged", result.share_legitimate, LEGITIMATE, at_least=False
        ),
        Floor(f"{habit}: conditions that failed", result.failures, 0, at_least=False),
    ]


def _figures(result: Result) -> Figures:
    low, high = interval(result.control_passed, result.control_measured)
    return {
        "logs": result.logs,
        "logs_with_an_alarm": result.alarmed,
        "cluster_at_the_alarm": result.wanted,
        "challenged_in_time": result.share_in_time,
        "challenged_in_time_by_log": result.shares,
        "challenged_at_last": result.ever / result.wanted if result.wanted else None,
        "later_accounts_asked": len(result.joined),
        "median_hours_until_later_accounts_are_asked": float(np.median(result.joined))
        if result.joined
        else None,
        "legitimate_accounts": result.customers,
        "legitimate_challenged": result.controls + result.others,
        "of_them_by_lot": result.controls,
        "share_of_legitimate": result.share_legitimate,
        "control_passed": result.control_passed,
        "control_measured": result.control_measured,
        "control_pass_rate_interval": [low, high],
        "cluster_passed": result.cluster_passed,
        "cluster_measured": result.cluster_measured,
        "challenge_log_e_values": result.evidence,
        "legitimate_requests_refused": result.refused,
        "identities_bought": result.bought,
        "accounts_made": result.made,
        "accounts_of_the_pool": result.pool,
        "accounts_unhindered_at_the_end": result.unhindered,
        "spent": _spent(result),
        "spent_per_surviving_account": _per_survivor(result),
        "conditions_failed": result.failures,
    }


def _spent(result: Result) -> dict[str, float]:
    """On the pool, on accounts in the place of others, and on identities."""
    return load_prices().spent(result.pool + result.made, result.bought)


def _per_survivor(result: Result) -> dict[str, float] | None:
    if not result.unhindered:
        return None
    return {column: amount / result.unhindered for column, amount in _spent(result).items()}


def _reach_table(results: Mapping[str, Result]) -> Table:
    table = Table(
        "an operator who",
        title="Who is challenged",
        caption="The cluster: accounts of the operator that had called by the alarm, were not banned and had not proved the "
        "level. By lot: the control group. Evidence: median log e-value of the weighed challenges.",
    )
    for name in (
        "cluster",
        "in 10 min",
        "worst log",
        "legitimate",
        "by lot",
        "share",
        "lot passed",
        "cluster passed",
        "evidence",
    ):
        table.add_column(name, justify="right")
    for name, one in results.items():
        table.add_row(
            name,
            f"{one.wanted:,}",
            _percent(one.share_in_time),
            _percent(min(one.shares, default=None)),
            f"{one.controls + one.others:,}",
            f"{one.controls:,}",
            _percent(one.share_legitimate, 4),
            f"{one.control_passed}/{one.control_measured}",
            f"{one.cluster_passed}/{one.cluster_measured}",
            f"{np.median(one.evidence):.1f}" if one.evidence else "-",
        )
    return table


def _cost_table(results: Mapping[str, Result]) -> Table:
    table = Table(
        "an operator who",
        title="What surviving costs",
        caption="Surviving: under no unmet ask and no block at the end of the log. Dollars for accounts and identities at "
        "published prices (lab/duel/prices.yaml); cards, mail, proxies and labour are not counted.",
    )
    for name in ("pool", "made", "identities", "surviving", *(f"$ each, {column}" for column in COLUMNS)):
        table.add_column(name, justify="right")
    for name, one in results.items():
        each = _per_survivor(one)
        costs = [f"{each[column]:,.2f}" if each else "none survives" for column in COLUMNS]
        table.add_row(
            name, f"{one.pool:,}", f"{one.made:,}", f"{one.bought:,}", f"{one.unhindered:,}", *costs
        )
    return table


def _percent(share: float | None, digits: int = 1) -> str:
    return "-" if share is None else f"{share:.{digits}%}"
