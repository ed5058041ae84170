"""The cases before the court: clusters followed from look to look, and the error level at which they are called.

A cluster is looked at again and again. Look k of a cluster weighs (1 + a) / ((k + a) (k + a + 1)) with
a = PATIENCE; these weights sum to one, so the largest weighted e-value so far is at most the weighted
sum of all, which is an e-value under any dependence between looks. e-BH (Wang and Ramdas 2022) over all
clusters tested so far then keeps the false discovery rate of what is called at a look. A running
maximum without the weights would not (arXiv 2501.19360). Half of the level is kept for the close of a
log, where the clusters of the moment are tested by their latest evidence alone.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from stillwatch.linking.growth import Membership

SHARE_OF_LEVEL = 0.5  # of the level that running looks have, and as much the close of the log
PATIENCE = 6  # the larger, the dearer are early looks and the cheaper late ones
FRESH = 1.25  # growth of a cluster's exchanges that makes another look worth its price
RECENT = 5  # looks whose evidence counts as recent
REMEMBERED = 15  # looks whose clusters vote on who is a member
STANDS = 4.0  # nats: median log e-value of recent looks under which a campaign is withdrawn
FEWEST = 15  # accounts under which a cluster is followed, but not tested and not called industrial
SAME = 0.4  # share of the smaller of two sets that the larger must hold to be the same cluster


class Suspect(msgspec.Struct):
    """One cluster through time. Accounts are codes, ascending."""

    number: int
    accounts: np.ndarray
    log_odds: np.ndarray
    looks: int = 0
    exchanges: int = -1  # at the last look
    weighed: int = 0  # exchanges at the last look that counted
    best: float = -np.inf  # largest weighted log e-value
    opened_at: int | None = None
    opened_with: np.ndarray | None = None  # accounts at the first alarm
    campaign_id: str | None = None
    recent: list[tuple[int, Membership]] = []  # the latest looks' clusters, with their times
    lately: list[float] = []  # log e-values of the latest looks, unweighted
    joined: dict[int, int] = {}  # account to the time of the first look that placed it here
    told: int = 0  # accounts at the last alarm that gave a number
    quiet: bool = False
    followed: dict[int, int] = {}  # time of a release to time of the pivot alarm
    replaced: set[int] = set()  # banned accounts whose successor was told

    @property
    def lately_mean(self) -> float:
        """Log of the mean e-value of the latest looks, which is an e-value however they depend on each other."""
        return float(np.logaddexp.reduce(self.lately) - np.log(len(self.lately)))

    @property
    def surest(self) -> float:
        """The mean of the e-values of running looks and of the latest ones, which is an e-value too; its log."""
        return float(np.logaddexp(self.best, self.lately_mean) - np.log(2))

    @property
    def core(self) -> np.ndarray:
        """The accounts it is known by: those of the first alarm, or those it has now."""
        return self.accounts if self.opened_with is None else self.opened_with

    def times_held(self, since: int) -> np.ndarray:
        """For each of the accounts the number of looks since a time whose clusters held it."""
        out = np.zeros(len(self.accounts), np.int64)
        for at, cluster in self.recent:
            if at >= since:
                out += np.isin(self.accounts, cluster.accounts)
        return out


def look_weight(number: int) -> float:
    """What look `number` (from 1) of a cluster weighs; all of them sum to one."""
    return (1 + PATIENCE) / ((number + PATIENCE) * (number + PATIENCE + 1))


class Docket:
    """All clusters ever tested and the campaigns among them."""

    def __init__(self, fdr: float) -> None:
        self.fdr = fdr
        self.suspects: list[Suspect] = []

    def followed(self) -> list[Suspect]:
        """Suspects to look for again, in order of seniority: campaigns, then what the latest look saw."""
        latest = max((s.recent[-1][0] for s in self.suspects if s.recent), default=None)
        rest = [s for s in self.suspects if s.opened_at is None and s.recent and s.recent[-1][0] == latest]
        return [*self.campaigns(), *rest]

    def match(self, clusters: list[Membership], followed: Sequence[Suspect]) -> list[Suspect]:
        """The suspect each cluster continues, by `carried` or by its accounts; else a new one is entered."""
        taken = {followed[c.carried].number for c in clusters if c.carried is not None}
        holder = self._holders(taken)
        out: list[Suspect] = []
        for cluster in clusters:
            chosen = followed[cluster.carried] if cluster.carried is not None else None
            if chosen is None:
                chosen = self._resembling(cluster, holder, taken)
            if chosen is None:
                chosen = Suspect(len(self.suspects), cluster.accounts, cluster.log_odds)
                self.suspects.append(chosen)
            taken.add(chosen.number)
            out.append(chosen)
        return out

    def _resembling(self, cluster: Membership, holder: np.ndarray, taken: set[int]) -> Suspect | None:
        known = holder[cluster.accounts[cluster.accounts < len(holder)]]
        numbers, counts = np.unique(known[known >= 0], return_counts=True)
        for at in np.argsort(-counts, kind="stable"):
            suspect = self.suspects[int(numbers[at])]
            smaller = min(len(suspect.accounts), len(cluster.accounts))
            if suspect.number not in taken and counts[at] >= SAME * smaller:
                return suspect
        return None

    def weigh(self, suspect: Suspect, log_e: float, exchanges: int) -> None:
        """Count a look if the cluster has grown enough since the last one that counted.

        A look that saw nothing new says nothing new.
        """
        if exchanges == suspect.exchanges:
            return
        suspect.exchanges = exchanges
        suspect.lately = [*suspect.lately[1 - RECENT :], log_e]
        if suspect.looks and exchanges < FRESH * suspect.weighed:
            return
        suspect.looks += 1
        suspect.weighed = exchanges
        suspect.best = max(suspect.best, log_e + float(np.log(look_weight(suspect.looks))))

    def rejected(self) -> list[Suspect]:
        """Suspects that e-BH calls campaigns at the level of running looks now."""
        tested = self.tested()
        return self._called(tested, [suspect.best for suspect in tested])

    def closing(self) -> list[Suspect]:
        """Suspects that e-BH calls campaigns at the close of a log: a time that is fixed, so looking costs nothing.

        Those that the latest look saw are judged by the mean of their latest e-values; the others count as
        clusters without evidence.
        """
        latest = max((s.recent[-1][0] for s in self.suspects if s.recent), default=None)
        seen = [suspect.recent[-1][0] == latest for suspect in self.tested()]
        evidence = [suspect.lately_mean for suspect in self.tested()]
        return self._called(
            self.tested(), [e if now else -np.inf for e, now in zip(evidence, seen, strict=True)]
        )

    def _called(self, tested: list[Suspect], log_e: list[float]) -> list[Suspect]:
        evidence = np.array(log_e)
        order = np.argsort(-evidence, kind="stable")
        level = self.fdr * SHARE_OF_LEVEL * np.arange(1, len(tested) + 1)
        passing = np.flatnonzero(evidence[order] >= np.log(max(len(tested), 1)) - np.log(level))
        called = [tested[i] for i in order[: passing[-1] + 1]] if len(passing) else []
        return [suspect for suspect in called if len(suspect.accounts) >= FEWEST]

    def tested(self) -> list[Suspect]:
        """Suspects that were ever weighed: those that had FEWEST accounts at some look."""
        return [suspect for suspect in self.suspects if suspect.looks]

    def campaigns(self) -> list[Suspect]:
        """Suspects with an open campaign, in order of opening."""
        opened = [s for s in self.suspects if s.opened_at is not None]
        return sorted(opened, key=lambda s: (s.opened_at, s.number))

    def standing(self) -> list[Suspect]:
        """Campaigns for which most recent looks still speak; the others are withdrawn."""
        return [suspect for suspect in self.campaigns() if np.median(suspect.lately) >= STANDS]

    def _holders(self, taken: set[int]) -> np.ndarray:
        """The suspect that holds each account, campaigns before others; -1 none, or one that is `taken`."""
        size = 1 + max((int(s.accounts[-1]) for s in self.suspects if len(s.accounts)), default=-1)
        holder = np.full(size, -1)
        for suspect in [*(s for s in self.suspects if s.opened_at is None), *self.campaigns()]:
            if suspect.number not in taken:
                holder[suspect.accounts] = suspect.number
        return holder
