"""Where the accounts of a watch are used from: gathered with the exchanges, judged where something changed.

What is said of an account is that of the latest tick that ended; no alarm and no campaign depends on it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.levels.facts import with_column
from stillwatch.access.regions import VERDICTS, Gatherer, Rules, judge
from stillwatch.access.regions.account_records import AccountRecords
from stillwatch.access.regions.evidence import told
from stillwatch.access.regions.scene import scene_of
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Names
from stillwatch.records import Micros

AT_ONCE = 50_000  # accounts judged between two looks at the streams: a second or two


class Whereabouts:
    """What the judge needs of each account, about 1 kB, and its latest verdict. Can be pickled.

    Exchanges are taken once each and in order of time; repeated account records change nothing.
    """

    def __init__(self) -> None:
        self._accounts = Names()
        self._gatherer, self._records = Gatherer(self._accounts), AccountRecords(self._accounts)
        self._probability = PerAccount(np.float64, empty=np.nan)
        self._changed = PerAccount(np.bool_)  # since the account was judged
        self._now: Micros | None = None  # the end of the latest tick
        self._held: tuple[object, ...] = ()  # what held of places when accounts were judged
        self.evidence = VERDICTS.empty_table()  # of accounts with a probability that is worth telling

    def exchanges(self, sketches: pa.RecordBatch) -> None:
        """Take sketches (schema SKETCHES) that say where they come from."""
        self._touch(self._gatherer.observe(sketches))

    def accounts(self, versions: pa.Table) -> None:
        """Take account records as `signed_up` gives them."""
        self._touch(self._records.observe(versions))

    def advance(self, now: Micros) -> None:
        """Judge as of this time from now on."""
        self._now = now

    @property
    def unjudged(self) -> bool:
        """Whether accounts have changed since they were judged."""
        return self._now is not None and bool(self._changed.upto(len(self._accounts.names)).any())

    def judge(self, rules: Rules, most: int = AT_ONCE) -> bool:
        """Judge some of the accounts that changed, which is everybody where other places are supported now.

        Returns whether `evidence` is new.
        """
        if self._now is None:
            return False
        size = len(self._accounts.names)
        changed = self._changed.upto(size)
        held = _held(rules, self._now)
        if held != self._held:
            self._held, changed[:] = held, True
        rows = np.flatnonzero(changed)[:most]
        if not len(rows):
            return False
        verdicts = judge(self._records.table(rows), self._gatherer.table(rows), rules, self._now)
        judged = self._accounts.codes(verdicts["account_id"].combine_chunks())
        self._probability.upto(size)[judged] = verdicts["probability"].to_numpy()
        changed[rows] = False
        before = self.evidence
        again = pc.is_in(before["account_id"], verdicts["account_id"].combine_chunks())
        worth = told(verdicts)
        self.evidence = pa.concat_tables([before.filter(pc.invert(again)), worth]).combine_chunks()
        return bool(len(worth) or pc.any(again).as_py())

    def told(self, facts: pa.Table) -> pa.Table:
        """Facts (schema FACTS) with how probable it is that an account is in a region that is not supported."""
        probability = self._probability.upto(len(self._accounts.names))
        return with_column(
            facts, "region_outside", self._accounts.names, pa.array(probability, from_pandas=True)
        )

    def _touch(self, accounts: np.ndarray) -> None:
        self._changed.upto(len(self._accounts.names))[accounts] = True


def _held(rules: Rules, now: Micros) -> tuple[object, ...]:
    """All that a verdict depends on beside the account: two times for which it is equal give equal verdicts."""
    scene = scene_of(rules, now)
    exempt = tuple(one for one in rules.exemptions if one.span.holds(now))
    clocks = (tuple(scene.offsets_unsupported), tuple(scene.offsets_supported))
    return rules.sha256, scene.unsupported, scene.supported, exempt, clocks
