"""What gateways look up, made from the state after a look: one row for each account of a campaign or a suspect."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.assembly import SURE, named
from stillwatch.campaigns.docket import Suspect
from stillwatch.campaigns.findings import ACTIVE_WITHIN, HIGHEST_ODDS
from stillwatch.policy.publish import VERDICTS
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.told import name_of, told

LEAST_BOUND = 6.0  # nats: no account is bound further, however little looks are firm in it: caps do without


def verdicts(loop: Loop, capabilities: Mapping[str, str]) -> pa.Table:
    """Rows of schema VERDICTS. `capabilities` gives what each campaign mostly takes, where that is known.

    An account stands in one campaign; one that stands in none may stand with a suspect: a cluster of the latest
    look that the error control has not called, or no longer calls. An account that one of the recent looks held
    and most do not is told of too: an operator's account that rests for a day is still the operator's. But none is told
    of as surer than looks were firm in it: a refusal takes that, a cap does not.
    """
    if loop.heard is None:
        return VERDICTS.empty_table()
    placed = np.zeros(len(loop.heard), bool)
    parts = [VERDICTS.empty_table()]
    for state, group in told(loop.court.docket, loop.looked_at):
        kept, of, odds = named(group, loop.heard)
        for number, suspect in enumerate(kept):
            codes = np.flatnonzero((of == number) & ~placed)
            placed[codes] = True
            late, late_odds = _held(suspect, placed | (of >= 0))
            placed[late] = True
            codes, known = np.append(codes, late), np.append(odds[codes], late_odds)
            name = name_of(suspect)
            columns = {"campaign_id": name, "state": state, "capability": capabilities.get(name, "")}
            parts.append(_rows(loop, suspect, codes, known, columns))
    return pa.concat_tables(parts)


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


def _rows(
    loop: Loop, suspect: Suspect, codes: np.ndarray, odds: np.ndarray, same: Mapping[str, str]
) -> pa.Table:
    """Rows of some accounts of a suspect; `same` are the columns that say the same of all."""
    joined = [max(suspect.joined.get(code, 0), suspect.opened_at or 0) for code in codes.tolist()]
    last = loop.population.last(len(loop.ledger))[codes]
    active = bool(len(codes)) and loop.looked_at - int(last.max()) <= ACTIVE_WITHIN
    count = len(codes)
    columns = {
        "account_id": [loop.ledger.names[code] for code in codes.tolist()],
        "probability": 1 / (1 + np.exp(-np.minimum(odds, _agreed(suspect, codes)))),
        "log_e_value": np.full(count, suspect.surest if same["state"] == "open" else suspect.lately_mean),
        "accounts": np.full(count, count),
        "since": joined,
        "active": [active] * count,
        "case_id": [None] * count,
    }
    columns |= {field: [value] * count for field, value in same.items()}
    return pa.table(columns, schema=VERDICTS)
