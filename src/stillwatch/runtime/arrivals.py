"""Which tick an exchange belongs to when it arrives, and which ticks are over.

Each origin (a file, a partition) has a mark: the median time of what it handed over, so that a few wrong clocks
do not move it. A tick is over once every origin that is still handing over has its mark past the
end of the tick by the lateness allowed; an origin that has fallen silent holds nothing open. What comes
after its tick is over counts in the next one.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.features.distinct import distinct
from stillwatch.features.ledger import HOUR
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE

SECOND = 1_000_000  # microseconds
SILENT = 5.0  # seconds of the machine's clock after which an origin no longer holds ticks open
IDLE = (
    30.0  # seconds in which nothing at all came, after which a tick that is over by the machine's clock ends
)
AHEAD = HOUR // 12  # microseconds beyond the machine's clock from which a time is wrong: five minutes


class Mark(msgspec.Struct):
    """How far an origin is, in event time, and when (seconds, machine's clock) it last handed something over."""

    at: int
    heard: float


class Sorted(msgspec.Struct, frozen=True):
    """A batch cut by slice. `ahead` rows (their exchange ids) lie in the future and are in no slice."""

    slices: Mapping[int, pa.RecordBatch]
    late: int
    ahead: list[str]


class Arrivals:
    """Sorts exchanges into slices; times of the machine's clock are seconds since 1970."""

    def __init__(self, lateness: float, open_from: int | None) -> None:
        """`open_from` is the first tick that is not over, None before anything has come."""
        self.lateness = round(lateness * SECOND)
        self.open_from = open_from
        self.waiting: set[int] = set()  # ticks that hold something
        self._marks: dict[str, Mark] = {}
        self._heard = 0.0

    @property
    def mark(self) -> int | None:
        """Event time up to which everything has come, as far as anyone can tell; None at the beginning."""
        return min((mark.at for mark in self._marks.values()), default=None)

    def take(self, origin: str, batch: pa.RecordBatch, now: float) -> Sorted:
        """Cut a batch (schema SKETCHES) by slice and move its origin's mark."""
        times = batch.column("ts").cast(pa.int64()).to_numpy()
        ahead = times > now * SECOND + AHEAD
        if ahead.all():
            return Sorted({}, 0, batch.column("exchange_id").to_pylist())
        self._heard = now
        at = int(np.median(times[~ahead]))
        mark = self._marks.setdefault(origin, Mark(at, now))
        mark.at, mark.heard = max(mark.at, at), now
        opened = 0 if self.open_from is None else self.open_from * TICK
        late = times < opened
        times = np.maximum(times, opened)
        if late.any():
            batch = _retimed(batch, times)
        slices = times // SLICE
        out = {
            int(number): batch.take(pa.array(np.flatnonzero((slices == number) & ~ahead)))
            for number in distinct(slices[~ahead])
        }
        self.waiting.update(number * SLICE // TICK for number in out)
        wrong = batch.column("exchange_id").filter(pa.array(ahead)).to_pylist() if ahead.any() else []
        return Sorted(out, int((late & ~ahead).sum()), wrong)

    def over(self, now: float) -> list[int]:
        """Ticks that hold something and are over, in order."""
        for origin in [origin for origin, mark in self._marks.items() if now - mark.heard > SILENT]:
            if len(self._marks) > 1:
                del self._marks[origin]
        mark = self.mark
        if mark is None:
            return []
        end = mark - self.lateness
        if now - self._heard > IDLE:
            end = max(end, round(now * SECOND) - self.lateness)
        return sorted(tick for tick in self.waiting if (tick + 1) * TICK <= end)

    def close(self, tick: int) -> None:
        """The tick is part of the state now."""
        self.waiting.discard(tick)
        self.open_from = tick + 1


def _retimed(batch: pa.RecordBatch, times: np.ndarray) -> pa.RecordBatch:
    place = batch.schema.get_field_index("ts")
    return batch.set_column(
        place, batch.schema.field("ts"), pa.array(times).cast(batch.schema.field("ts").type)
    )
