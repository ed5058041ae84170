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
ROUNDS = 4
LEAST_HOLDERS = 3  # members that must share a key before it says anything
PRIOR_FLOOR = 1e-3


class Membership(msgspec.Struct, frozen=True):
    """Accounts of a cluster with the log odds that the cluster's operator runs them."""

    accounts: np.ndarray  # int64, ascending
    log_odds: np.ndarray  # float64
    names: np.ndarray  # uint64: names of the keys typical of the members
    carried: int | None = None  # which of the clusters known before it continues


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


def _fit(table: KeyTable, members: np.ndarray) -> Membership:
    keys, ratio = profile(table, members)
    edges, which = table.holders(keys)
    if not len(edges):
        return Membership(np.zeros(0, np.int64), np.zeros(0), table.name[keys])
    families = len(FAMILIES)
    holders = grouped(table.account[edges])
    touched = holders.values
    best = np.zeros((len(touched), families))
    np.maximum.at(best, (holders.which, table.family[keys][which]), ratio[which])
    product = np.minimum(best[:, PRODUCT].max(axis=1), 2 * CAP)
    best = np.minimum(best, CAP)
    missing = table.shown[touched] & (best <= 0)
    inside = np.isin(touched, members)
    total = int((np.diff(table.first_edge) > 0).sum())
    coverage = (best[inside] > 0).mean(axis=0) if inside.any() else np.zeros(families)
    common = ((best > 0).sum(axis=0) - (best[inside] > 0).sum(axis=0)) / max(total - len(members), 1)
    absent = np.log((1 - np.minimum(coverage, 0.98)) / (1 - np.minimum(common, 0.98)))
    told = best.sum(axis=1) - best[:, PRODUCT].sum(axis=1) + product
    score = told + (missing * np.maximum(absent, WORST)).sum(axis=1)
    prior = np.log(max(len(members) / total, PRIOR_FLOOR))
    log_odds = score + prior
    kept = (log_odds > 0) & ((best > TYPICAL).sum(axis=1) > 1)
    return Membership(touched[kept], log_odds[kept], table.name[keys])
