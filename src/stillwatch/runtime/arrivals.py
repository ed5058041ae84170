"""Which tick an exchange belongs to when it arrives, and which ticks are over.

The mark is how far event time is: the median time of the latest exchanges that came in time, so that a few
wrong clocks do not move it. A tick is over once the mark lies past its end by the lateness allowed and the
streams have nothing more that is known to be waiting: a backlog may be in any order. What comes after its time
was taken into the state counts at the first moment that was not.
"""

from collections import deque
from collections.abc import Mapping

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.features.distinct import distinct
from stillwatch.features.ledger import HOUR
from stillwatch.features.sketchlog import TICK

SECOND = 1_000_000  # microseconds
LATEST = 31  # exchanges whose median time is the mark
IDLE = (
    30.0  # seconds in which nothing at all came, after which a tick that is over by the machine's clock ends
)
BEHIND = 600.0  # seconds that a backlog holds ticks open at the most: a stream that never ends is no backlog
AHEAD = HOUR // 12  # microseconds beyond the machine's clock from which a time is wrong: five minutes


class Sorted(msgspec.Struct, frozen=True):
    """A batch cut by tick. `ahead` rows (their exchange ids) lie in the future and are in no tick."""

    ticks: Mapping[int, pa.RecordBatch]
    late: int
    ahead: list[str]


class Arrivals:
    """Sorts exchanges into ticks; times of the machine's clock are seconds since 1970."""

    def __init__(self, lateness: float, open_from: int | None, now: float) -> None:
        """What is before `open_from` (microseconds) is part of the state; None before anything has come."""
        self.lateness = round(lateness * SECOND)
        self.open_from = open_from
        self.waiting: set[int] = set()  # ticks that hold something and have not ended
        self.mark: int | None = None  # microseconds of event time
        self._latest: deque[int] = deque(maxlen=LATEST)
        self._heard = now
        self._caught_up = now

    def take(self, batch: pa.RecordBatch, now: float) -> Sorted:
        """Cut a batch (schema SKETCHES) by tick, and move the mark."""
        times = batch.column("ts").cast(pa.int64()).to_numpy()
        ahead = times > now * SECOND + AHEAD
        opened = self.open_from or 0
        late = times < opened
        self._move(times[~(ahead | late)])
        self._heard = now
        times = np.maximum(times, opened)
        if late.any():
            batch = _retimed(batch, times)
        ticks = times // TICK
        out = {
            int(number): batch.take(pa.array(np.flatnonzero((ticks == number) & ~ahead)))
            for number in distinct(ticks[~ahead])
        }
        self.waiting.update(out)
        wrong = batch.column("exchange_id").filter(pa.array(ahead)).to_pylist() if ahead.any() else []
        return Sorted(out, int((late & ~ahead).sum()), wrong)

    def _move(self, times: np.ndarray) -> None:
        if len(times):
            self._latest.extend(times[-LATEST:].tolist())
            median = int(np.median(self._latest))
            self.mark = median if self.mark is None else max(self.mark, median)

    def over(self, now: float, *, pending: bool) -> list[int]:
        """Ticks that hold something and are over, in order; `pending`: a stream has more that is known of."""
        end = self.settled(now, pending=pending)
        return sorted(tick for tick in self.waiting if (tick + 1) * TICK <= end)

    def settled(self, now: float, *, pending: bool) -> int:
        """The time (microseconds) before which nothing is waited for; -1 while a backlog is taken."""
        if not pending:
            self._caught_up = now
        elif now - self._caught_up < BEHIND:
            return -1
        end = -1 if self.mark is None else self.mark - self.lateness
        if not pending and now - self._heard > IDLE:
            end = max(end, round(now * SECOND) - self.lateness)
        return end

    def close(self, tick: int) -> None:
        """All of the tick is part of the state now."""
        self.waiting.discard(tick)
        self.open_from = (tick + 1) * TICK


def _retimed(batch: pa.RecordBatch, times: np.ndarray) -> pa.RecordBatch:
    place = batch.schema.get_field_index("ts")
    field = batch.schema.field("ts")
    return batch.set_column(place, field, pa.array(times).cast(field.type))
