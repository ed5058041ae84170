"""From a few accounts to a whole cluster: a profile of what they share, and everyone who fits it.

For each family of keys the profile holds log likelihood ratios of a key among members against everyone
else. Within a family keys follow from each other, so only an account's best key of a family counts; a
family is capped. Text and software have an innocent cause in common, a product: the stronger of the two counts
for both, up to twice the cap. No family carries an account in alone, since two must speak.
"""

import msgspec
import numpy as np

from stillwatch.features.distinct import counted, grouped
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.keytable import KeyTable

CAP = 4.0  # nats a family can add; membership needs about 4.6 at a prior of one in a hundred
WORST = -4.0  # nats a family can take away
TYPICAL = 1.0  # nats: a key that is this typical of members counts as the family's mark
PRODUCT = [FAMILIES.index("software"), FAMILIES.index("text")]
ROUNDS = 4  # what does not settle by then, more rounds make worse (decision 0045)
FARTHEST = 8  # rounds after which what has not settled is led astray
LEAST_HOLDERS = 3  # members that must share a key before it says anything
PRIOR_FLOOR = 1e-3


class Membership(msgspec.Struct, frozen=True):
    """Accounts of a cluster with the log odds that the cluster's operator runs them.

    `firm` are the odds of `linking.firmness`; it is empty until a look is through with the cluster.
    """

    accounts: np.ndarray  # int64, ascending
    log_odds: np.ndarray  # float64
    names: np.ndarray  # uint64: names of the keys typical of the members
    carried: int | None = None  # which of the clusters known before it continues
    firm: np.ndarray = msgspec.field(default_factory=lambda: np.zeros(0))  # float64


class Portrait(msgspec.Struct, frozen=True):
    """What marks a cluster's accounts, apart from any account, so that one not seen yet can be held against it."""

    names: np.ndarray  # uint64: names of the keys that mark its accounts
    family: np.ndarray  # int64 [names]: code of the family of each
    ratio: np.ndarray  # float64 [names]: log likelihood ratio of holding it
    absent: np.ndarray  # float64 [families]: that of showing keys of the family and none of these
    prior: float  # log odds before anything is known

    def judge(self, best: np.ndarray, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log odds of accounts, and whether two families speak for them.

        `best` is the largest ratio of an account's keys by family, 0 without one: float64 [accounts, families];
        `shown`, bool, whether it has keys of the family at all.
        """
        product = np.minimum(best[:, PRODUCT].max(axis=1), 2 * CAP)
        capped = np.minimum(best, CAP)
        told = capped.sum(axis=1) - capped[:, PRODUCT].sum(axis=1) + product
        missing = shown & (best <= 0)
        log_odds = told + (missing * np.maximum(self.absent, WORST)).sum(axis=1) + self.prior
        return log_odds, (best > TYPICAL).sum(axis=1) > 1


def grow(table: KeyTable, seed: np.ndarray) -> Membership:
    """Iterate profile and membership from seed accounts until it settles (at most ROUNDS)."""
    members = seed
    result = Membership(seed, np.zeros(len(seed)), np.zeros(0, np.uint64))
    for _ in range(ROUNDS):
        result = _fit(table, members)
        if len(result.accounts) < LEAST_HOLDERS or np.array_equal(result.accounts, members):
            break
        members = result.accounts
    return result


def settled(table: KeyTable, members: np.ndarray, elsewhere: np.ndarray) -> Membership | None:
    """What growth comes to from a cluster that is known, if it comes to an end within FARTHEST rounds.

    It has been led astray, and the answer is None, where it takes an account that is `elsewhere` (bool [accounts]).
    """
    for _ in range(FARTHEST):
        grown = _fit(table, members)
        if len(grown.accounts) < LEAST_HOLDERS or elsewhere[grown.accounts].any():
            return None
        if np.array_equal(grown.accounts, members):
            return grown
        members = grown.accounts
    return None


def profile(table: KeyTable, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys that mark the members and their log likelihood ratios against everyone else."""
    edges, _ = table.edges_of(members)
    keys, held = counted(table.key[edges])
    total = int((np.diff(table.first_edge) > 0).sum())
    outside = max(total - len(members), 1)
    inside_rate = (held + 0.1) / (len(members) + 1.0)
    outside_rate = (table.degree[keys] - held + 0.5) / (outside + 1.0)
    ratio = np.log(inside_rate / outside_rate)
    marks = (held >= LEAST_HOLDERS) & (ratio > TYPICAL)
    return keys[marks], ratio[marks]


def portray(table: KeyTable, members: np.ndarray) -> Portrait:
    """What tells an account of the members from everyone else."""
    keys, ratio = profile(table, members)
    return portrait_of(table, members, keys, ratio, *best_marks(table, keys, ratio))


def _fit(table: KeyTable, members: np.ndarray) -> Membership:
    keys, ratio = profile(table, members)
    holders, best = best_marks(table, keys, ratio)
    portrait = portrait_of(table, members, keys, ratio, holders, best)
    log_odds, alike = portrait.judge(best, table.shown[holders])
    kept = (log_odds > 0) & alike
    return Membership(holders[kept], log_odds[kept], portrait.names)


def best_marks(table: KeyTable, keys: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Accounts that hold any of the keys, ascending, and by family the largest ratio of those they hold."""
    edges, which = table.holders(keys)
    holders = grouped(table.account[edges])
    best = np.zeros((len(holders.values), len(FAMILIES)))
    np.maximum.at(best, (holders.which, table.family[keys][which]), ratio[which])
    return holders.values, best


def portrait_of(
    table: KeyTable,
    members: np.ndarray,
    keys: np.ndarray,
    ratio: np.ndarray,
    holders: np.ndarray,
    best: np.ndarray,
) -> Portrait:
    inside = np.isin(holders, members)
    total = max(int((np.diff(table.first_edge) > 0).sum()), 1)
    having = best > 0
    coverage = having[inside].mean(axis=0) if inside.any() else np.zeros(len(FAMILIES))
    common = (having.sum(axis=0) - having[inside].sum(axis=0)) / max(total - len(members), 1)
    absent = np.log((1 - np.minimum(coverage, 0.98)) / (1 - np.minimum(common, 0.98)))
    prior = float(np.log(max(len(members) / total, PRIOR_FLOOR)))
    return Portrait(table.name[keys], table.family[keys], ratio, absent, prior)
