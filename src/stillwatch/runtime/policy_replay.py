"""A policy run over stored history: whom each step and rule would have met, and who of them is innocent."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.policy import Decider, Policy
from stillwatch.policy.decide import Choice, Taken
from stillwatch.records import STEPS, Micros, State, Step, UnreadableInput, Verdict
from stillwatch.records.ladder import REFUSING
from stillwatch.reports import load as load_campaigns
from stillwatch.runtime.stored_calls import Counted, StoredCalls, stored_calls

MEMBER = 0.5  # probability from which an account counts as one of a campaign
REFUSED_INNOCENTS = 0.01  # of them: more is no policy to turn on
EVERYBODY = 0.5  # of all accounts
KEPT_CHOICES = 200_000  # a policy that reads the time of a call has as many choices as there are calls


K = TypeVar("K")


class Reach(msgspec.Struct):
    """Whom something meets; innocents are accounts of no campaign."""

    accounts: int = 0
    exchanges: int = 0
    innocent_accounts: int = 0
    innocent_exchanges: int = 0

    def add(self, exchanges: int, *, innocent: bool) -> None:
        self.accounts += 1
        self.exchanges += exchanges
        if innocent:
            self.innocent_accounts += 1
            self.innocent_exchanges += exchanges


class Replayed(msgspec.Struct):
    """What a policy would have done. Keys of `changes` are the older policy's step and this one's."""

    whole: Reach
    steps: dict[Step, Reach]  # what is enforced
    shadow_steps: dict[Step, Reach]  # what rules in shadow mode would have done instead
    rules: dict[str, Reach]
    changes: dict[tuple[Step, Step], Reach]
    failures: dict[str, int]  # rule: facts on which its condition failed
    held_back: dict[str, int]  # rule: facts on which it lacked a second reviewer
    rejected: int
    warnings: list[str]


def replay(
    policy: Policy,
    logs: Sequence[Path],
    findings: Path,
    *,
    against: Policy | None = None,
    truth: Path | None = None,
    state: State = "open",
) -> Replayed:
    """Decide every exchange of a log with the verdicts of `findings`, held as if they had stood all along.

    `state` is what the campaigns count as. Raises UnreadableInput.
    """
    verdicts = verdicts_of(findings, state)
    guilty = (
        _operated(truth) if truth else {name for name, one in verdicts.items() if one.probability >= MEMBER}
    )
    new, old = _Judge(policy), None if against is None else _Judge(against)
    fields = new.fields | (old.fields if old else set())
    with stored_calls(logs, fields) as calls:
        return _replay(calls, verdicts, guilty, new, old)


def verdicts_of(findings: Path, state: State) -> dict[str, Verdict]:
    """A verdict for each account of a `detect` run; that of the likeliest campaign where there are several."""
    _, campaigns = load_campaigns(findings)
    by_id = {campaign.campaign_id: campaign for campaign in campaigns}
    path = findings / "members.parquet"
    try:
        members = pq.read_table(path, columns=["account_id", "campaign_id", "probability", "flagged_at"])
    except (OSError, pa.ArrowException, KeyError) as error:
        raise UnreadableInput(f"{path}: {error}") from error
    members = members.set_column(3, "flagged_at", members["flagged_at"].cast(pa.int64()))
    out: dict[str, Verdict] = {}
    for row in members.sort_by([("probability", "ascending"), ("campaign_id", "ascending")]).to_pylist():
        campaign = by_id.get(row["campaign_id"])
        if campaign is None:
            raise UnreadableInput(f"{path}: campaign {row['campaign_id']} is not in campaigns.json")
        out[row["account_id"]] = Verdict(
            campaign_id=campaign.campaign_id,
            state=state,
            probability=row["probability"],
            log_e_value=campaign.log_e_value,
            accounts=campaign.accounts,
            capability=campaign.capabilities[0].name if campaign.capabilities else "",
            since=Micros(row["flagged_at"]),
            active=campaign.active,
        )
    return out


def _operated(truth: Path) -> set[str]:
    """Accounts that an operator runs, by the truth of a simulated log."""
    path = truth / "accounts.parquet" if truth.is_dir() else truth
    try:
        table = pq.read_table(path, columns=["account_id", "operator"])
    except (OSError, pa.ArrowException, KeyError) as error:
        raise UnreadableInput(f"{path}: {error}") from error
    return set(table.filter(pc.is_valid(table["operator"]))["account_id"].to_pylist())


class _Judge:
    """A policy's choices, each made once for the same facts."""

    def __init__(self, policy: Policy) -> None:
        self.decider = Decider(policy)
        self.fields = set(self.decider.call_fields)
        self._reads = self.decider.verdict_fields
        self._made: dict[tuple[object, ...], Choice] = {}

    def choose(self, counted: Counted, verdict: Verdict | None) -> Choice:
        held = (
            None if verdict is None else (verdict.accounts, *(getattr(verdict, name) for name in self._reads))
        )
        key = (held, counted.facts)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= KEPT_CHOICES:
                self._made.clear()
            made = self._made[key] = self.decider.choose(counted.call, verdict)
        return made


class _Tally:
    """One account's exchanges by what would have become of them."""

    def __init__(
        self, counted: Sequence[Counted], verdict: Verdict | None, new: _Judge, old: _Judge | None
    ) -> None:
        self.steps, self.shadows, self.rules = Counter[Step](), Counter[Step](), Counter[str]()
        self.changes = Counter[tuple[Step, Step]]()
        for one in counted:
            taken, shadow = new.choose(one, verdict)
            step = _step(taken)
            self.steps[step] += one.exchanges
            if taken is not None:
                self.rules[taken.rule.id] += one.exchanges
            if shadow is not None:
                self.rules[shadow.rule.id] += one.exchanges
                self.shadows[shadow.limit.step] += one.exchanges
            before = step if old is None else _step(old.choose(one, verdict).taken)
            if before != step:
                self.changes[before, step] += one.exchanges


def _replay(
    calls: StoredCalls, verdicts: dict[str, Verdict], guilty: set[str], new: _Judge, old: _Judge | None
) -> Replayed:
    whole, refused, would_refuse = Reach(), Reach(), Reach()
    steps, shadows = {step: Reach() for step in STEPS}, {step: Reach() for step in STEPS}
    rules = {rule.id: Reach() for rule in new.decider.policy.rules}
    changes: dict[tuple[Step, Step], Reach] = {}
    for account, counted in calls.by_account():
        tally = _Tally(counted, verdicts.get(account), new, old)
        innocent = account not in guilty
        whole.add(tally.steps.total(), innocent=innocent)
        _add(tally.steps, steps, innocent=innocent)
        _add(tally.shadows, shadows, innocent=innocent)
        _add(tally.rules, rules, innocent=innocent)
        _add(tally.changes, changes, innocent=innocent)
        for found, reach in ((tally.steps, refused), (tally.shadows, would_refuse)):
            if exchanges := sum(found[step] for step in REFUSING):
                reach.add(exchanges, innocent=innocent)
    return Replayed(
        whole=whole,
        steps=steps,
        shadow_steps=shadows,
        rules=rules,
        changes=changes,
        failures=dict(new.decider.failures),
        held_back=dict(new.decider.held_back),
        rejected=len(calls.rejected),
        warnings=[
            *_warnings(refused, whole, "would refuse"),
            *_warnings(would_refuse, whole, "would, once its shadow rules are enforced, refuse"),
        ],
    )


def _add(found: "Counter[K]", reaches: dict[K, Reach], *, innocent: bool) -> None:
    for name, exchanges in found.items():
        reaches.setdefault(name, Reach()).add(exchanges, innocent=innocent)


def _step(taken: Taken | None) -> Step:
    return "observe" if taken is None else taken.limit.step


def _warnings(refused: Reach, whole: Reach, would: str) -> list[str]:
    out = []
    if whole.accounts and refused.accounts > EVERYBODY * whole.accounts:
        out.append(
            f"this policy blocks everybody: it {would} {refused.accounts:,} of {whole.accounts:,} accounts"
        )
    innocents = whole.innocent_accounts
    if innocents and refused.innocent_accounts > REFUSED_INNOCENTS * innocents:
        share = refused.innocent_accounts / innocents
        out.append(
            f"this policy {would} {refused.innocent_accounts:,} of {innocents:,} accounts that are in no campaign "
            f"({share:.1%}; more than {REFUSED_INNOCENTS:.0%} is too many)"
        )
    return out
