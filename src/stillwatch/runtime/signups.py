"""Sign-ups of a watch: weighed as account records arrive, for the level that accounts are asked to prove.

What is said of a sign-up is that of the moment it came; no alarm and no campaign depends on it.
"""

import numpy as np
import pyarrow as pa

from stillwatch.access.levels.facts import with_column
from stillwatch.access.signup import SignupDesk
from stillwatch.features.key import SketchKey
from stillwatch.records import Micros


class SignUps:
    """The desk, and the accounts of which a level is suggested. Can be pickled; repeated records change nothing."""

    def __init__(self, key: SketchKey) -> None:
        self._desk = SignupDesk(key)
        self._suggested: dict[str, int] = {}

    def observe(self, versions: pa.RecordBatch) -> None:
        """Take account records (schema ACCOUNTS)."""
        self._desk.observe(versions)
        said = self._desk.assess(versions)
        for row in np.flatnonzero(said.suggested_level > 0).tolist():
            account, level = said.account_ids[row], int(said.suggested_level[row])
            self._suggested[account] = max(level, self._suggested.get(account, 0))

    def advance(self, now: Micros) -> None:
        """Forget sign-ups that later ones are not judged by."""
        self._desk.advance(now)

    def told(self, facts: pa.Table) -> pa.Table:
        """Facts (schema FACTS) with the levels suggested."""
        levels = pa.array(list(self._suggested.values()), pa.uint8())
        return with_column(facts, "suggested_level", self._suggested, levels)
