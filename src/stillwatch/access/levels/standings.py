"""The standings of all accounts of which there is something to say, from asks, challenges and what was asked before."""

from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.levels.asking import NOBODY, asks
from stillwatch.access.levels.board import Board, Seen
from stillwatch.access.levels.policy import LEVELS, LevelPolicy
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed
from stillwatch.records import STANDINGS, Limit, Micros, Terms

FREE = Limit("observe")
NOTHING_ASKED = Terms("nothing", "nothing_asked", FREE, FREE)


class Standings(NamedTuple):
    """Rows of schema STANDINGS, and the terms they name by number."""

    rows: pa.Table
    terms: list[Terms]


def standings(
    policy: LevelPolicy, board: Board, seen: Seen, before: pa.Table, key: SketchKey, now: Micros
) -> Standings:
    """What is asked of whom at `now`. `before` are the rows of the last time: a deadline once set is kept.

    Of several levels that are asked of an account the highest counts, of equal ones the challenge. A control account
    stands no longer than to its deadline: then it has told what it was asked for.
    """
    facts = seen.facts
    names = facts["account_id"].combine_chunks()
    terms = [NOTHING_ASKED, *(ask.terms for ask in policy.asks)]
    ask = asks(policy, facts, seen.verdicts)
    ask[np.asarray(pc.is_in(names, pa.array(sorted(seen.excused), pa.string())))] = NOBODY
    level = pc.fill_null(facts["level"], 0).to_numpy().astype(np.uint8)
    asked = np.array([*(one.level for one in policy.asks), 0], np.uint8)[ask]
    wait = np.array([*(one.deadline for one in policy.asks), 0], np.int64)[ask]
    of_terms = (ask + 1).astype(np.uint32)
    _suggested(policy, facts, asked, wait, of_terms, terms)
    since, deadline = _kept(names, asked, np.full(len(names), now, np.int64), now + wait, before)
    challenge, control = np.full(len(names), None, object), np.zeros(len(names), bool)
    places = {name: number for number, name in enumerate(names.to_pylist())} if board.challenges else {}
    if policy.challenge is not None:
        terms.append(policy.challenge.terms)
    for held in board.challenges.values():
        for one in held.asked.values():
            at = places.get(one.account_id)
            if at is None or one.answer == "excused" or (one.control and now >= one.deadline):
                continue
            challenge[at], control[at] = held.challenge_id, one.control
            if held.level >= asked[at]:
                asked[at], since[at], deadline[at] = held.level, one.since, one.deadline
                of_terms[at] = len(terms) - 1
    region = facts["region_outside"]
    doubtful = pc.fill_null(pc.greater_equal(region, _doubt(policy)), False)
    told = (asked > 0) | np.asarray(doubtful)
    rows = pa.table(
        {
            "account_id": names,
            "id": _ids(names, asked, since, of_terms, key),
            "level": level,
            "asked": asked,
            "since": since,
            "deadline": pa.array(deadline, mask=asked == 0),
            "region_outside": region,
            "terms": of_terms,
            "challenge_id": pa.array(challenge.tolist(), pa.string()),
            "control": control,
        }
    )
    return Standings(rows.filter(pa.array(told)).cast(STANDINGS), terms)


def _doubt(policy: LevelPolicy) -> float:
    return policy.regions[1].least if len(policy.regions) > 1 else 2.0


def _suggested(
    policy: LevelPolicy,
    facts: pa.Table,
    asked: np.ndarray,
    wait: np.ndarray,
    of_terms: np.ndarray,
    terms: list[Terms],
) -> None:
    """Where the checks at sign-up suggest a higher level, it is asked on the terms that the policy has for it."""
    if policy.signup is None:
        return
    suggested = np.minimum(pc.fill_null(facts["suggested_level"], 0).to_numpy(), LEVELS[-1])
    for level in LEVELS[1:]:
        rows = (suggested == level) & (asked < level)
        asked[rows], wait[rows], of_terms[rows] = level, policy.signup.deadline, len(terms)
        terms.append(_at_level(policy.signup.terms, level))


def _at_level(terms: Terms, level: int) -> Terms:
    """Terms that ask for a level, wherever they ask for one."""
    until, after = (
        Limit(one.step, {**one.settings, "level": level}) if one.step == "step_up" else one
        for one in (terms.until, terms.after)
    )
    return msgspec.structs.replace(terms, until=until, after=after)


def _kept(
    names: pa.Array, asked: np.ndarray, since: np.ndarray, deadline: np.ndarray, before: pa.Table
) -> tuple[np.ndarray, np.ndarray]:
    """Times of asking and deadlines; those of before where the same level was asked then."""
    at = pc.fill_null(pc.index_in(names, before["account_id"]), -1).to_numpy()
    if not len(before):
        return since, deadline
    same = (at >= 0) & (before["asked"].to_numpy()[at] == asked) & (asked > 0)
    old_since = before["since"].to_numpy()[at]
    old_deadline = pc.fill_null(before["deadline"], 0).to_numpy()[at]
    return np.where(same, old_since, since), np.where(same, old_deadline, deadline)


def _ids(
    names: pa.Array, asked: np.ndarray, since: np.ndarray, terms: np.ndarray, key: SketchKey
) -> np.ndarray:
    """An id that is the same as long as the same is asked of the same account."""
    parts = [names, *(pa.array(part).cast(pa.string()) for part in (asked, since, terms))]
    return keyed(pc.binary_join_element_wise(*parts, "/"), "standing", key)
