"""The challenges of a provider: opened when a campaign is called, joined by its newcomers, read once at the deadline.

A campaign has one challenge. Everything is a function of what is given and the time, so that the same turn taken twice
changes nothing the second time.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.levels import control
from stillwatch.access.levels.policy import ChallengePolicy, When
from stillwatch.access.levels.weighing import weigh
from stillwatch.cases.challenge_records import Answer, Challenge, Challenged
from stillwatch.features.key import SketchKey
from stillwatch.records import Micros

STATES: Mapping[When, tuple[str, ...]] = {"open": ("open", "confirmed"), "confirmed": ("confirmed",)}


class Turn(msgspec.Struct):
    """What changed: ids of challenges, and accounts by challenge."""

    opened: list[str] = []
    joined: dict[str, list[str]] = {}
    answered: dict[str, list[str]] = {}
    weighed: list[str] = []

    @property
    def empty(self) -> bool:
        return not (self.opened or self.joined or self.answered or self.weighed)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn goes by: FACTS, verdicts (columns account_id, campaign_id, state and probability), who is excused."""

    facts: pa.Table
    verdicts: pa.Table
    excused: frozenset[str] = frozenset()  # by a person, on an appeal


class Board:
    """All challenges by id."""

    def __init__(self, challenges: Iterable[Challenge] = ()) -> None:
        self.challenges = {one.challenge_id: one for one in challenges}

    def turn(self, policy: ChallengePolicy, seen: Seen, key: SketchKey, now: Micros) -> Turn:
        """Take answers up, ask whoever is to be asked, and weigh what is over."""
        turn = Turn()
        levels = self._levels(seen)
        for challenge in self.challenges.values():
            if names := _answers(challenge, levels, _refusals(seen.facts, challenge), seen.excused, now):
                turn.answered[challenge.challenge_id] = names
        self._ask(policy, seen, levels, key, now, turn)
        for challenge in self.challenges.values():
            if challenge.weight is None and now >= challenge.deadline:
                challenge.weight = weigh(challenge, self.challenges.values(), policy.expected, now)
                turn.weighed.append(challenge.challenge_id)
        return turn

    def _ask(
        self,
        policy: ChallengePolicy,
        seen: Seen,
        levels: Mapping[str, int],
        key: SketchKey,
        now: Micros,
        turn: Turn,
    ) -> None:
        busy = {name for one in self.challenges.values() for name in one.asked}
        called = STATES[policy.when]
        for campaign, accounts in _clusters(seen.verdicts, policy.least).items():
            name = f"challenge-{campaign}"
            wanted = {
                one: state
                for one, state in accounts.items()
                if one not in busy and levels.get(one, 0) < policy.level and one not in seen.excused
            }
            challenge = self.challenges.get(name)
            if challenge is None and (not wanted or not set(accounts.values()) & set(called)):
                continue
            until = Micros(now + policy.deadline)
            fresh = [
                Challenged(
                    account_id=one,
                    control=False,
                    first=challenge is None and state in called,
                    since=now,
                    deadline=until,
                )
                for one, state in wanted.items()
            ]
            if challenge is None:
                fresh += self._controls(policy, seen, set(wanted), name, key, now)
                challenge = Challenge(
                    challenge_id=name,
                    campaign_id=campaign,
                    level=policy.level,
                    opened_at=now,
                    deadline=until,
                    asked={},
                )
                self.challenges[name] = challenge
                turn.opened.append(name)
            elif fresh:
                turn.joined[name] = [one.account_id for one in fresh]
            challenge.asked |= {one.account_id: one for one in fresh}
            busy |= {one.account_id for one in fresh}

    def _levels(self, seen: Seen) -> dict[str, int]:
        """What the accounts have proved that were asked or may be."""
        asked = [name for one in self.challenges.values() for name in one.asked]
        names = {*asked, *seen.verdicts["account_id"].to_pylist()}
        own = seen.facts.filter(pc.is_in(seen.facts["account_id"], pa.array(list(names), pa.string())))
        levels = pc.fill_null(own["level"], 0).to_pylist()
        return dict(zip(own["account_id"].to_pylist(), levels, strict=True))

    def _controls(
        self,
        policy: ChallengePolicy,
        seen: Seen,
        cluster: set[str],
        name: str,
        key: SketchKey,
        now: Micros,
    ) -> list[Challenged]:
        """Accounts drawn by lot, so few that all that were ever drawn and are known stay within the share."""
        drawn = sum(len(other.controls) for other in self.challenges.values())
        accused = pc.unique(seen.verdicts["account_id"]).to_pylist()
        left = int(policy.control_share * (len(seen.facts) - len(accused))) - drawn
        proved = seen.facts.filter(pc.greater_equal(pc.fill_null(seen.facts["level"], 0), policy.level))
        busy = [account for other in self.challenges.values() for account in other.asked]
        outside = pa.array(
            sorted({*accused, *busy, *seen.excused, *proved["account_id"].to_pylist()}), pa.string()
        )
        until = Micros(now + policy.deadline)
        return [
            Challenged(account_id=one, control=True, first=True, since=now, deadline=until)
            for one in control.draw(seen.facts, cluster, outside, min(left, len(cluster)), name, key, now)
        ]


def _refusals(facts: pa.Table, challenge: Challenge) -> dict[str, int]:
    own = facts.filter(
        pc.and_(
            pc.is_valid(facts["refused_at"]),
            pc.is_in(facts["account_id"], pa.array(list(challenge.asked), pa.string())),
        )
    )
    return dict(zip(own["account_id"].to_pylist(), own["refused_at"].to_pylist(), strict=True))


def _answers(
    challenge: Challenge,
    levels: Mapping[str, int],
    refused: Mapping[str, int],
    excused: Collection[str],
    now: Micros,
) -> list[str]:
    """Note what became of the accounts; a proof that comes after the deadline is one all the same."""
    changed = []
    for one in challenge.asked.values():
        if one.answer in {"passed", "excused"}:
            continue
        answer: Answer = one.answer
        if one.account_id in excused:
            answer = "excused"
        elif levels.get(one.account_id, 0) >= challenge.level:
            answer = "passed"
        elif refused.get(one.account_id, -1) >= one.since:
            answer = "failed"
        elif one.answer == "waiting" and now >= one.deadline:
            answer = "silent"
        if answer != one.answer:
            one.answer, one.answered_at = answer, now
            changed.append(one.account_id)
    return changed


def _clusters(verdicts: pa.Table, least: float) -> dict[str, dict[str, str]]:
    """By campaign its accounts, each with the state of its row, the first row of an account counting."""
    out: dict[str, dict[str, str]] = {}
    placed: set[str] = set()
    columns = (verdicts[name].to_pylist() for name in ("account_id", "campaign_id", "state", "probability"))
    for account, campaign, state, probability in zip(*columns, strict=True):
        if account in placed or probability < least:
            continue
        placed.add(account)
        out.setdefault(campaign, {})[account] = state
    return out
