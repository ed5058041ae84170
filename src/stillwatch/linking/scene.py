"""What is known of the population at one moment: the frame in which detectors measure groups."""

import msgspec
import numpy as np

from stillwatch.features.distinct import grouped
from stillwatch.features.groups import Groups
from stillwatch.features.ledger import HOUR, Ledger
from stillwatch.features.migration import Migration
from stillwatch.linking.composites import SHRINKAGE
from stillwatch.linking.keytable import KeyTable, ranges

OCCASION = 36 * HOUR  # to either side
FEWEST_SHARERS = 3  # members that must share a key before it counts as shared


class Scene(msgspec.Struct, frozen=True):
    """The moment `now`; nothing later has been seen. Arrays have one row an account."""

    now: int  # microseconds
    ledger: Ledger
    table: KeyTable
    exchanges: np.ndarray  # int64
    first: np.ndarray  # int64: time of the first exchange, NEVER before it
    last: np.ndarray  # int64
    daily: np.ndarray  # uint16 [accounts, days]: exchanges on the latest days
    bans: list[tuple[int, int]]  # time, account code
    migration: Migration

    @property
    def releases(self) -> list[tuple[int, int]]:
        """Time and model code of each release that is followed."""
        return self.migration.releases

    def moved(self, number: int) -> np.ndarray:
        """Exchanges in the days after release `number`, and those to its model: int32 [accounts, 2]."""
        return self.migration.counts(len(self.ledger), number)


def opened_near(groups: Groups, scene: Scene) -> np.ndarray:
    """For each entry of `groups.members` how many accounts of its group were opened within OCCASION of it.

    An account whose time of opening is unknown was opened near none.
    """
    created = scene.ledger.created.upto(len(scene.ledger))[groups.members]
    reach = OCCASION // HOUR
    hour = np.maximum(created, 0) // HOUR
    span = int(hour.max(initial=0)) + 2 * reach + 2
    place = groups.owner * span + hour + reach + 1
    order = np.sort(place[created >= 0])
    near = np.searchsorted(order, place + reach, "right") - np.searchsorted(order, place - reach)
    return np.where(created >= 0, near, 0)


def shared_by_excess(
    groups: Groups, table: KeyTable, family: str, *, at_most: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Share of each group's accounts that hold a key of the family together with more fellows than chance gives.

    See `excess_of_members`. Returns the share and its binomial error; NaN under three accounts that show
    a key of the family.
    """
    return share_of_shown(groups, *excess_of_members(groups, table, family, at_most=at_most))


def share_of_shown(groups: Groups, part: np.ndarray, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of `part` over the entries of `groups.members` that are `shown`, and its binomial error."""
    count = groups.total_of(shown.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = groups.total_of(part) / count
        error = np.sqrt((share * (1 - share) + 1 / (count + 2)) / count)
    few = count < FEWEST_SHARERS
    return np.where(few, np.nan, share), np.where(few, np.nan, error)


def excess_of_members(
    groups: Groups, table: KeyTable, family: str, *, at_most: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """For each entry of `groups.members` how far its sharing of a key of the family exceeds chance, 0 to 1.

    Chance is the share of non-members in the same stratum that hold the key. Keys that more than
    `at_most` of the group's accounts hold do not count. The second array, bool, says which entries show
    a key of the family at all.
    """
    own, start = table.edges_in(family)
    at, entry = ranges(start, groups.members)
    edges = own[at]
    group = groups.owner[entry]
    pairs = grouped(group * len(table.kind) + table.key[edges])
    which, held = pairs.which, pairs.counts
    inside = held[which]
    chance = _chance(groups, table, edges, group, inside)
    by_pair = np.bincount(which, chance) / held * groups.sizes[pairs.values // len(table.kind)]
    shown = np.zeros(len(groups.members), bool)
    shown[entry] = True
    size = groups.total_of(shown.astype(float))[group]
    counts = (inside >= FEWEST_SHARERS) & (inside <= at_most * size)
    best = np.zeros(len(groups.members))
    np.maximum.at(best, entry, np.where(counts, np.maximum(1 - by_pair[which] / inside, 0.0), 0.0))
    return best, shown


def _chance(
    groups: Groups, table: KeyTable, edges: np.ndarray, group: np.ndarray, inside: np.ndarray
) -> np.ndarray:
    """For each edge of a member the rate of its key among non-members of its stratum, shrunk to that of all."""
    strata = len(table.stratum_size)
    stratum = table.stratum[table.account[edges]]
    of_group = np.bincount(
        groups.owner * strata + table.stratum[groups.members], minlength=len(groups) * strata
    )
    cells = (group * len(table.kind) + table.key[edges]) * strata + stratum
    held = grouped(cells)
    others = np.maximum(table.cell_degree[table.cell[edges]] - held.counts[held.which], 0)
    strangers = np.maximum(table.stratum_size[stratum] - of_group[group * strata + stratum], 0)
    everyone = np.maximum(int(table.stratum_size.sum()) - groups.sizes[group], 1)
    everywhere = (np.maximum(table.degree[table.key[edges]] - inside, 0) + 0.5) / everyone
    out: np.ndarray = np.minimum((others + SHRINKAGE * everywhere) / (strangers + SHRINKAGE), 1.0)
    return out
