"""Which exchanges open a new occasion: turns of one conversation are not independent looks at an account."""

import numpy as np

from stillwatch.features.distinct import stable_order
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed


class Occasions:
    """Remembers each account's last conversation, so that cuts between batches do not matter."""

    def __init__(self) -> None:
        self._last = PerAccount(np.uint64)

    def opened(self, batch: Observed) -> np.ndarray:
        """Bool a row: the exchange starts another conversation or session than the account's previous one."""
        mark = np.where(batch.session != 0, batch.session, batch.conversation)
        order = stable_order(batch.account)
        account, mark = batch.account[order], mark[order]
        last = self._last.upto(batch.accounts)
        starts = np.append(True, account[1:] != account[:-1])[: len(account)]
        before = np.concatenate([[np.uint64(0)], mark[:-1]])[: len(mark)]
        before[starts] = last[account[starts]]
        opened = np.empty(len(account), bool)
        opened[order] = (mark == 0) | (mark != before)
        ends = np.append(starts[1:], True)[: len(account)]
        last[account[ends]] = mark[ends]
        return opened
