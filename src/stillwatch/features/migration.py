"""How much of each account's traffic goes to a model in the days after its release."""

import numpy as np

from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Observed

WINDOW = 48 * HOUR
FOLLOWED = 4  # the latest releases are followed


class Migration:
    """Counts exchanges, and those to the new model, within WINDOW of each release."""

    def __init__(self) -> None:
        self.releases: list[tuple[int, int]] = []
        self._counts = PerAccount(np.int32, 2 * FOLLOWED)
        self._accounts = 0

    def released(self, at: int, model: int) -> None:
        """A model came out; `model` is its code among the exchanges' model names. The oldest one gives way."""
        if len(self.releases) == FOLLOWED:
            del self.releases[0]
            counts = self._counts.upto(self._accounts)
            counts[:, :-2] = counts[:, 2:]
            counts[:, -2:] = 0
        self.releases.append((at, model))

    def observe(self, batch: Observed) -> None:
        """Take in exchanges in event-time order, after the releases before them."""
        self._accounts = max(self._accounts, batch.accounts)
        counts = self._counts.upto(batch.accounts)
        for number, (at, model) in enumerate(self.releases):
            inside = (batch.ts >= at) & (batch.ts < at + WINDOW)
            np.add.at(counts[:, 2 * number], batch.account[inside], 1)
            np.add.at(counts[:, 2 * number + 1], batch.account[inside & (batch.model == model)], 1)

    def counts(self, accounts: int, number: int) -> np.ndarray:
        """Exchanges in the window of release `number`, and those to its model: int32 [accounts, 2]."""
        return self._counts.upto(accounts)[:, 2 * number : 2 * number + 2]
