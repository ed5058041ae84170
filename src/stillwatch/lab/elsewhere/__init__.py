"""A second traffic simulator that shares nothing with the first but the contract's records.

Weights fitted on one simulator learn its author's habits along with the world's. This one composes the same
public cases and the same innocent look-alikes by other means: other texts, rhythms, networks and records,
and a setting (`setting.py`, `operators/crew.py`) drawn anew for each log. What holds on both is worth more.

Prompts and address tables are real where `STILLWATCH_DATA` names the development data, else from grammars and
a few prefixes. Accounts, payments and operators are composed.
"""

from pathlib import Path
from tempfile import TemporaryFile

from stillwatch.lab.elsewhere.cohorts import COHORTS
from stillwatch.lab.elsewhere.operators import OPERATORS
from stillwatch.lab.elsewhere.operators.crew import Crew
from stillwatch.lab.elsewhere.provider import Provider
from stillwatch.lab.elsewhere.shelf import Shelf
from stillwatch.lab.elsewhere.writing import write
from stillwatch.records import UsageError

SCENARIOS = ("all", "benign", *OPERATORS)
FEWEST_DAYS = 7  # a week has the week-end that some cohorts meet on


def write_log(
    out: Path,
    *,
    seed: int,
    accounts: int,
    days: int,
    scenario: str = "all",
    knowing: bool = False,
    malformed: bool = False,
) -> None:
    """Write a log of about `accounts` accounts over `days` days into `out`, and what is true into truth/ in it.

    `scenario` is one of SCENARIOS; `knowing` operators hide; `malformed` puts broken lines among the good
    ones. The same arguments give the same log, and the innocent part of it is the same in every scenario.
    """
    if scenario not in SCENARIOS:
        raise UsageError(f"unknown scenario {scenario!r}; known: {', '.join(SCENARIOS)}")
    if days < FEWEST_DAYS:
        raise UsageError(f"a log of {days} days is too short; {FEWEST_DAYS} is the least")
    out.mkdir(parents=True, exist_ok=True)
    if any(out.glob("exchanges*")):
        raise UsageError(f"{out} already holds a log; choose an empty directory")
    with TemporaryFile(dir=out) as scratch:
        provider = Provider(seed, accounts, days, Shelf(scratch))
        for cohort in COHORTS:
            cohort(provider)
        chosen = {"all": list(OPERATORS), "benign": []}.get(scenario, [scenario])
        for name in chosen:
            OPERATORS[name][1](Crew(provider, name, knowing=knowing))
        kinds = {name: OPERATORS[name][0] for name in chosen}
        write(provider, out, kinds, knowing=knowing, malformed=malformed)


__all__ = ["FEWEST_DAYS", "SCENARIOS", "write_log"]
