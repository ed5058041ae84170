"""Accounts that no look at the population has judged yet, held against portraits of the clusters it found.

A banned operator's fresh account buys from the same sellers and runs the same program as those before it. So the
first records that show it, its sign-up among them, are scored as a look would score it. What is kept
of a newcomer is the best mark of each family for each portrait that it shows any mark of; records that come twice
change nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.features.distinct import distinct, grouped
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Names
from stillwatch.linking.growth import Portrait
from stillwatch.linking.keyring import FAMILIES, FAMILY_OF_KIND, KIND_CODE
from stillwatch.linking.keytable import named as name_of
from stillwatch.linking.keytable import ranges

Keys = Iterable[tuple[str, np.ndarray, np.ndarray]]
"""Keys that accounts show, kind by kind: what `keys_of` and `facts_of` give."""


class Likeness(msgspec.Struct, frozen=True):
    """Newcomers and the portrait each is like."""

    accounts: list[str]
    portrait: np.ndarray  # int64 [accounts]
    log_odds: np.ndarray  # float64 [accounts]


class Newcomers:
    """Gathers what newcomers show. Its size follows the newcomers since a look, not their exchanges."""

    def __init__(self, portraits: Sequence[Portrait], least: Sequence[float]) -> None:
        """`least` is the log odds from which an account is told of as like each portrait."""
        self._portraits, self._least = portraits, np.array(least, np.float64)
        sizes = [len(portrait.names) for portrait in portraits]
        names = np.concatenate([np.zeros(0, np.uint64), *(portrait.names for portrait in portraits)])
        marks = grouped(names)
        order = marks.order
        self._names, self._starts = marks.values, np.append(marks.starts, len(order))
        self._of = np.repeat(np.arange(len(portraits)), sizes)[order]
        family = np.concatenate([np.zeros(0, np.int64), *(portrait.family for portrait in portraits)])
        self._family = family[order]
        self._ratio = np.concatenate([np.zeros(0), *(portrait.ratio for portrait in portraits)])[order]
        self._codes = Names()
        self._shown = PerAccount(np.bool_, len(FAMILIES))
        self._place = np.zeros(0, np.int64)  # account, portrait and family in one, ascending
        self._best = np.zeros(0)  # the largest ratio at each place

    def observe(self, keys: Keys, names: Sequence[str]) -> bool:
        """Take in keys of accounts, whose codes are places in `names`; whether anybody may have come to be like one."""
        found = list(self._marks(keys, names))
        if not found:
            return False
        place, ratio = (np.concatenate(part) for part in zip(*found, strict=True))
        place, ratio = np.append(self._place, place), np.append(self._best, ratio)
        places = grouped(place)
        self._place = places.values
        self._best = np.maximum.reduceat(ratio[places.order], places.starts)
        return True

    def _marks(self, keys: Keys, names: Sequence[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Places and ratios of the marks among the keys."""
        for kind, accounts, values in keys:
            if not len(accounts):
                continue
            codes = self._coded(accounts, names)
            self._shown.upto(len(self._codes.names))[codes, FAMILY_OF_KIND[KIND_CODE[kind]]] = True
            name = name_of(kind, values)
            at = np.searchsorted(self._names, name)
            marked = at < len(self._names)
            marked[marked] = self._names[at[marked]] == name[marked]
            mark, row = ranges(self._starts, at[marked])
            if len(mark):
                cell = codes[marked][row] * len(self._portraits) + self._of[mark]
                yield cell * len(FAMILIES) + self._family[mark], self._ratio[mark]

    def _coded(self, accounts: np.ndarray, names: Sequence[str]) -> np.ndarray:
        given = distinct(accounts)
        codes = self._codes.codes(pa.array([names[code] for code in given.tolist()], pa.string()))
        out: np.ndarray = codes.astype(np.int64)[np.searchsorted(given, accounts)]
        return out

    def likeness(self) -> Likeness:
        """Every newcomer that is like a portrait, with the one it is most like."""
        cell, family = np.divmod(self._place, len(FAMILIES))
        cells = grouped(cell)
        account, of = np.divmod(cells.values, max(len(self._portraits), 1))
        best = np.zeros((len(cells.values), len(FAMILIES)))
        best[cells.which, family] = self._best
        shown = self._shown.upto(len(self._codes.names))[account]
        log_odds = np.full(len(account), -np.inf)
        for number in distinct(of).tolist():
            rows = np.flatnonzero(of == number)
            odds, alike = self._portraits[number].judge(best[rows], shown[rows])
            log_odds[rows] = np.where(alike & (odds >= self._least[number]), odds, -np.inf)
        order = np.lexsort((of, -log_odds, account))
        first = order[np.append(True, account[order][1:] != account[order][:-1])] if len(order) else order
        kept = first[np.isfinite(log_odds[first])]
        names = [self._codes.names[code] for code in account[kept].tolist()]
        return Likeness(names, of[kept], log_odds[kept])
