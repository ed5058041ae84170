"""Move the shares of the situations, by at most a factor of two, to where composed accounts are told apart best.

Logistic regression with the mixture of situations inside it, by gradient steps, held near the shares that were set by
hand. It is made on seeds that no figure is reported on.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.access.regions.situations import INNOCENT, UNSUPPORTED, shares_by_hand
from stillwatch.access.regions.weighing import SIGNALS
from stillwatch.lab.arrays import Bools, Floats, Ints
from stillwatch.lab.benches import Tell
from stillwatch.lab.borders.judged import best_findings, gather
from stillwatch.lab.borders.people import ABROAD

SEEDS = (1, 2, 3, 4, 5)
LIMIT = np.log(2.0)  # of each factor, either way
STEPS, STEP, PULL = (
    150,
    0.02,
    0.5,
)  # gradient steps, their length, and how strongly the shares set by hand hold
ACCUSED = (
    0.002  # share of those abroad at which the threshold is put: twice the floor's, so that there is a slope
)
CAUTION = 10.0  # how much more the innocent weigh

Tables = list[Floats]  # for each signal log shares [situations, findings]


def adjust(tell: Tell, write: Path, *, scale: float = 1.0, seeds: Sequence[int] = SEEDS) -> None:
    """Fit the factors and write them."""
    found, evades, abroad = _examples(tell, scale, seeds)
    situations = (*UNSUPPORTED, *INNOCENT)
    by_hand = [np.log(np.stack([shares_by_hand(one, signal) for one in situations])) for signal in SIGNALS]
    tables = [table.copy() for table in by_hand]
    share = _log_shares()
    threshold = 0.0
    for step in range(STEPS):
        if step % 10 == 0:
            score = _scores(tables, share, found)[0]
            threshold = float(np.quantile(score[abroad], 1 - ACCUSED))
            missed = 1 - np.mean(score[evades] > threshold)
            tell(f"step {step}: {missed:.1%} of evaders missed at {ACCUSED:.1%} of those abroad")
        slopes = _slopes(tables, share, found, evades, threshold)
        tables = [_moved(*each) for each in zip(tables, by_hand, slopes, strict=True)]
    factors = {
        one.name: {
            signal: tuple(round(float(f), 3) for f in np.exp(tables[i][row] - by_hand[i][row]))
            for i, signal in enumerate(SIGNALS)
        }
        for row, one in enumerate(situations)
    }
    write.write_bytes(msgspec.json.format(msgspec.json.encode(factors), indent=1) + b"\n")


def _moved(table: Floats, by_hand: Floats, slope: Floats) -> Floats:
    moved = table + STEP * (slope / (1 + np.abs(slope) / 3) - PULL * (table - by_hand))
    moved = by_hand + np.clip(moved - by_hand, -LIMIT, LIMIT)
    out: Floats = moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))
    return out


def _examples(tell: Tell, scale: float, seeds: Sequence[int]) -> tuple[Ints, Bools, Bools]:
    parts = []
    for seed in seeds:
        world = gather(seed, scale)
        kind = world.people.kind
        abroad = (kind >= ABROAD.start) & (kind < ABROAD.stop)
        some = abroad | world.people.evades() | (np.arange(len(kind)) % 4 == 0)  # residents are easily told
        parts.append((best_findings(world)[some], world.people.evades()[some], abroad[some]))
        tell(f"seed {seed}: {some.sum():,} accounts")
    found, evades, abroad = (np.concatenate(column) for column in zip(*parts, strict=True))
    return found, evades, abroad


def _log_shares() -> Floats:
    groups = [np.array([one.share for one in group]) for group in (UNSUPPORTED, INNOCENT)]
    return np.concatenate([np.log(group / group.sum()) for group in groups])


def _likelihoods(tables: Tables, share: Floats, found: Ints) -> Floats:
    out = np.tile(share, (len(found), 1))
    for signal, table in enumerate(tables):
        out += np.append(table, np.zeros((len(table), 1)), axis=1)[:, found[:, signal]].T
    return out


def _total(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    out: Floats = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
    return out


def _scores(tables: Tables, share: Floats, found: Ints) -> tuple[Floats, Floats, list[Floats]]:
    """The log-odds of each account, of each of its places, and for each place the part of each situation in it."""
    ours = len(UNSUPPORTED)
    each, parts = [], []
    for place in range(found.shape[1]):
        logs = _likelihoods(tables, share, found[:, place])
        up, down = _total(logs[:, :ours]), _total(logs[:, ours:])
        each.append(up - down)
        parts.append(
            np.append(np.exp(logs[:, :ours] - up[:, None]), -np.exp(logs[:, ours:] - down[:, None]), axis=1)
        )
    places = np.stack(each, axis=1)
    return _total(places), places, parts


def _slopes(tables: Tables, share: Floats, found: Ints, evades: Bools, threshold: float) -> Tables:
    score, places, parts = _scores(tables, share, found)
    weight = np.where(evades, 1 / evades.sum(), CAUTION / (~evades).sum())
    pull = weight * (evades - 1 / (1 + np.exp(threshold - score))) * len(score) / 100
    slopes = [np.zeros_like(table) for table in tables]
    for place, part in enumerate(parts):
        pulled = part * (pull * np.exp(places[:, place] - score))[:, None]
        for signal, slope in enumerate(slopes):
            for finding in range(slope.shape[1]):
                slope[:, finding] += pulled[found[:, place, signal] == finding].sum(axis=0)
    return slopes
