"""Arrays with one row an account that grow as accounts appear: the only state whose size follows the log."""

import numpy as np


class PerAccount:
    """A numpy array [accounts, *shape] that is extended with `empty` when a larger account code is met."""

    def __init__(self, dtype: np.typing.DTypeLike, *shape: int, empty: float = 0) -> None:
        self._empty = empty
        self._rows = np.full((0, *shape), empty, dtype)

    def upto(self, accounts: int) -> np.ndarray:
        """A view of the first `accounts` rows, writable; rows never seen hold `empty`."""
        have = len(self._rows)
        if accounts > have:
            more = np.full(
                (max(accounts, have + have // 2) - have, *self._rows.shape[1:]), self._empty, self._rows.dtype
            )
            self._rows = np.concatenate([self._rows, more])
        return self._rows[:accounts]
