"""What a conversation is about is said in its first turn; "continue" and "test 3 failed" say nothing."""

import numpy as np

from stillwatch.features.distinct import grouped
from stillwatch.features.observed import Observed
from stillwatch.records import CAPABILITIES

SLOTS = 1 << 18
FIRST_TURN = 0.8  # weight of the first turn's shares in those of a later one


class Threads:
    """Remembers the shares of each conversation's first turn, in fixed memory: old ones give way to new ones."""

    def __init__(self) -> None:
        self._mark = np.zeros(SLOTS, np.uint64)
        self._shares = np.zeros((SLOTS, len(CAPABILITIES)), np.float32)

    def followed(self, batch: Observed, shares: np.ndarray) -> np.ndarray:
        """Shares [n, 13] of exchanges in time order, later turns leaning on the first one seen."""
        mark = np.where(batch.conversation != 0, batch.conversation, batch.session)
        slot = (mark >> np.uint64(46)).astype(np.int64)
        conversations = grouped(mark)
        marks, first = conversations.values, conversations.first
        fresh = (marks != 0) & (self._mark[slot[first]] != marks)
        self._mark[slot[first[fresh]]] = marks[fresh]
        self._shares[slot[first[fresh]]] = shares[first[fresh]]
        known = (mark != 0) & (self._mark[slot] == mark)
        out = shares.copy()
        out[known] = FIRST_TURN * self._shares[slot[known]] + (1 - FIRST_TURN) * shares[known]
        return out
