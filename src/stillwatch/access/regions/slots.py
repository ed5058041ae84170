"""A few named counters for each account: the first that appear have a slot, the rest are only counted."""

import numpy as np

from stillwatch.features.distinct import grouped, rank_within
from stillwatch.features.growing import PerAccount

FREE = -1


class Slots:
    """Up to `width` codes an account (0 or more, below `CODES`), each with counters of its own."""

    CODES = 1 << 15

    def __init__(self, width: int, *counters: str) -> None:
        self.width = width
        self.codes = PerAccount(np.int16, width, empty=FREE)
        self.counts = {name: PerAccount(np.int32, width) for name in counters}
        self.last = PerAccount(np.int64, width, empty=-1)

    def find(self, account: np.ndarray, code: np.ndarray, accounts: int) -> np.ndarray:
        """The slot of each row's code, made where it is new and there is room; else `FREE`."""
        codes = self.codes.upto(accounts)
        pairs = grouped(account * self.CODES + code)
        who, what = np.divmod(pairs.values, self.CODES)
        new = ~(codes[who] == what[:, None]).any(axis=1)
        order = np.lexsort((pairs.first[new], who[new]))  # slots go to codes as they appear
        who, what = who[new][order], what[new][order]
        slot = (codes[who] != FREE).sum(axis=1) + rank_within(who)
        fits = slot < self.width
        codes[who[fits], slot[fits]] = what[fits]
        same = codes[account] == code[:, None]
        return np.where(same.any(axis=1), same.argmax(axis=1), FREE)

    def add(self, name: str, account: np.ndarray, slot: np.ndarray, accounts: int) -> None:
        """Count each row in its slot; rows without a slot are left out."""
        counts = self.counts[name].upto(accounts)
        held = slot != FREE
        np.add.at(counts, (account[held], slot[held]), 1)

    def seen(self, account: np.ndarray, slot: np.ndarray, ts: np.ndarray, accounts: int) -> None:
        """Keep the latest time of each slot."""
        held = slot != FREE
        np.maximum.at(self.last.upto(accounts), (account[held], slot[held]), ts[held])
