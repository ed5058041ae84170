"""What gateways look up, made from the state after a look: one row for each account of a campaign or a suspect."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.assembly import SURE, named
from stillwatch.campaigns.docket import Suspect
from stillwatch.campaigns.findings import ACTIVE_WITHIN, HIGHEST_ODDS
from stillwatch.policy.publish import VERDICTS
from stillwatch.records import State
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.told import name_of, told

LEAST_BOUND = 6.0  # nats: no account is bound further, however little looks are firm in it: caps do without


def verdicts(loop: Loop, capabilities: Mapping[str, str]) -> pa.Table:
    """Rows of schema VERDICTS. `capabilities` gives what each campaign mostly takes, where that is known.

    An account stands in one campaign; one that stands in none may stand with a suspect: a cluster of the latest
    look that the error control has not called, or no longer calls. An account that one of the recent looks held
    and most do not is told of too: an operator's account that rests for a day is still the operator's. So are kin of a
    cluster, always as suspected. But none is told of as surer than looks were firm in it: a refusal takes that, a cap
    does not.
    """
    if loop.heard is None:
        return VERDICTS.empty_table()
    placed = np.zeros(len(loop.heard), bool)
    parts = [VERDICTS.empty_table()]
    members: dict[int, np.ndarray] = {}
    for state, group in told(loop.court.docket, loop.looked_at):
        kept, of, odds = named(group, loop.heard)
        for number, suspect in enumerate(kept):
            codes = np.flatnonzero((of == number) & ~placed)
            placed[codes] = True
            late, late_odds = _held(suspect, placed | (of >= 0))
            placed[late] = True
            codes, known = np.append(codes, late), np.append(odds[codes], late_odds)
            members[suspect.number] = codes
            joined = [max(suspect.joined.get(code, 0), suspect.opened_at or 0) for code in codes.tolist()]
            sure = np.minimum(known, _agreed(suspect, codes))
            told_of = _Told(suspect, state, capabilities.get(name_of(suspect), ""), codes)
            parts.append(_rows(loop, told_of, codes, sure, np.array(joined, np.int64)))
    return pa.concat_tables([*parts, *_kin(loop, capabilities, members, placed)])


def _kin(
    loop: Loop, capabilities: Mapping[str, str], members: Mapping[int, np.ndarray], placed: np.ndarray
) -> Iterator[pa.Table]:
    """Rows of accounts that clusters come to and do not hold.

    `members` are accounts with a row, by the number of their suspect: one without any was a mixture of others, and has
    no kin either. Who is `placed`, bool [accounts], has a row.
    """
    for suspect, kin in zip(loop.portrayed.suspects, loop.portrayed.kin, strict=True):
        if suspect.number not in members:
            continue
        free = ~placed[kin.accounts]
        codes = kin.accounts[free]
        placed[codes] = True
        sure = np.minimum(kin.log_odds, np.clip(kin.firm, LEAST_BOUND, HIGHEST_ODDS))
        told_of = _Told(suspect, "suspected", capabilities.get(name_of(suspect), ""), members[suspect.number])
        yield _rows(loop, told_of, codes, sure[free], kin.since[free])


def _held(suspect: Suspect, elsewhere: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Accounts that a recent look was sure of and that have no row, with the odds of the latest such look."""
    latest: dict[int, float] = {}
    for _, cluster in suspect.recent:
        sure = (cluster.log_odds >= SURE) & ~elsewhere[cluster.accounts]
        latest |= zip(cluster.accounts[sure].tolist(), cluster.log_odds[sure].tolist(), strict=True)
    codes = np.array(sorted(latest), np.int64)
    return codes, np.array([latest[code] for code in codes.tolist()], np.float64)


def _agreed(suspect: Suspect, codes: np.ndarray) -> np.ndarray:
    """The most that is stated of each account, in nats: what looks since its first were firm in, on average.

    A look that did not hold it was firm in nothing, and none counts for more than HIGHEST_ODDS.
    """
    looks = np.array([at for at, _ in suspect.recent])
    joined = np.array([suspect.joined.get(code, 0) for code in codes.tolist()], np.int64)
    firm = np.zeros(len(codes))
    for _, cluster in suspect.recent:
        _, here, there = np.intersect1d(codes, cluster.accounts, assume_unique=True, return_indices=True)
        firm[here] += np.clip(cluster.firm[there], 0.0, HIGHEST_ODDS)
    since = np.maximum(len(looks) - np.searchsorted(looks, joined), 1)
    out: np.ndarray = np.clip(firm / since, LEAST_BOUND, HIGHEST_ODDS)
    return out


class _Told(NamedTuple):
    """What the rows of a cluster have in common."""

    suspect: Suspect
    state: State
    capability: str
    members: np.ndarray  # account codes


def _rows(loop: Loop, told_of: _Told, codes: np.ndarray, odds: np.ndarray, since: np.ndarray) -> pa.Table:
    """Rows of some accounts of a suspect, each as sure as its `odds` in nats."""
    suspect, count = told_of.suspect, len(codes)
    last = int(loop.population.last(len(loop.ledger))[told_of.members].max(initial=0))
    columns = {
        "account_id": [loop.ledger.names[code] for code in codes.tolist()],
        "campaign_id": [name_of(suspect)] * count,
        "state": [told_of.state] * count,
        "probability": 1 / (1 + np.exp(-odds)),
        "log_e_value": np.full(count, suspect.surest if told_of.state == "open" else suspect.lately_mean),
        "accounts": np.full(count, len(told_of.members)),
        "capability": [told_of.capability] * count,
        "since": since,
        "active": [loop.looked_at - last <= ACTIVE_WITHIN] * count,
        "case_id": [None] * count,
    }
    return pa.table(columns, schema=VERDICTS)
