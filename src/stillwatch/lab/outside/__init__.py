"""A third traffic simulator, written independently of the other two: it shares only the contract's records with them.

Weights fitted on two simulators learn what these have in common, their authors' reading of the public cases
included; a third reading shows how much of that is habit. Each log draws another provider, other look-alikes
and operators of the same public kinds (`operators/kinds.py`).

Prompts, address tables and loads are real where `STILLWATCH_DATA` names the development data, else from grammars,
a few ranges and composed loads. Accounts, payments and operators are composed.
"""

from pathlib import Path

from stillwatch.lab.outside.cohorts import COHORTS, ordinary
from stillwatch.lab.outside.operators import KINDS, operate
from stillwatch.lab.outside.settling import settle_accounts
from stillwatch.lab.outside.world import World
from stillwatch.lab.outside.writing import write
from stillwatch.records import UsageError

SCENARIOS = ("all", "benign", *KINDS)
FEWEST_DAYS = 14  # events need their time before and after: releases, outages, waves of bans
FEWEST_ORDINARY = 100


def write_log(out: Path, *, seed: int, accounts: int = 15_000, days: int = 21, scenario: str = "all") -> None:
    """Write a log of about `accounts` accounts over `days` days into `out`, and what is true into truth/ in it.

    `scenario` is one of SCENARIOS. The same arguments give the same log. Look-alikes and operators have a
    least size, so that a log of less than about 1,500 accounts has more than it was asked for.
    """
    if scenario not in SCENARIOS:
        raise UsageError(f"unknown scenario {scenario!r}; known: {', '.join(SCENARIOS)}")
    if days < FEWEST_DAYS:
        raise UsageError(f"a log of {days} days is too short; {FEWEST_DAYS} is the least")
    out.mkdir(parents=True, exist_ok=True)
    if any(out.glob("exchanges*")):
        raise UsageError(f"{out} already holds a log; choose an empty directory")
    world = World(seed, accounts, days)
    chosen = {"all": list(KINDS), "benign": []}.get(scenario, [scenario])
    styles = operate(world, chosen) if chosen else {}
    for cohort in COHORTS:
        cohort(world)
    ordinary(world, max(FEWEST_ORDINARY, accounts - len(world.accounts)))
    settle_accounts(world)
    write(world, out, styles)


__all__ = ["FEWEST_DAYS", "SCENARIOS", "write_log"]
