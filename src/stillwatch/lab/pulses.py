"""Arrivals of real services: when the clients of a model service were busy, week after week, scaled to any volume.

Where the development data holds ServeGen's windows (`timing/servegen_windows.csv.gz`), their rates per ten
minutes over fourteen days are the shape, and only the shape: volumes are the caller's. Elsewhere a plain
working-day curve stands in.
"""

from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from stillwatch.lab.arrays import DAY, Floats, Ints, Rng
from stillwatch.records import UnreadableInput

WINDOW = 600_000_000  # microseconds, as in the data
WINDOWS = 2016  # fourteen days
BUSY = 800  # windows with traffic that a client needs to stand for a service


class Pulses:
    """Shapes of services' traffic; `root` is the development data's folder or None."""

    def __init__(self, root: Path | None) -> None:
        self._path = root / "timing" / "servegen_windows.csv.gz" if root else None

    @cached_property
    def shapes(self) -> Floats:
        """Relative rates: one row a service, one column a window of two weeks that begin on a Monday."""
        if self._path is None or not self._path.is_file():
            return _working_days()[None, :]
        try:
            table = pyarrow.csv.read_csv(self._path)
        except (OSError, pa.ArrowInvalid) as error:
            raise UnreadableInput(f"{self._path}: {error}") from error
        clients = table["client"].to_numpy(zero_copy_only=False)
        column = (table["t_s"].to_numpy() // 600).astype(np.int64)
        rate = table["rate"].to_numpy()
        shapes = []
        for client in sorted(set(clients)):
            rows = (clients == client) & (column < WINDOWS)
            if client.startswith("m-small") and rows.sum() >= BUSY:
                shape = np.zeros(WINDOWS)
                shape[column[rows]] = rate[rows]
                shapes.append(shape / shape.sum())
        return np.stack(shapes) if shapes else _working_days()[None, :]

    def draw(self, rng: Rng, count: int, begin: int, end: int) -> Ints:
        """Return `count` sorted times between `begin` and `end`, busy when one real service was."""
        shape = self.shapes[int(rng.integers(len(self.shapes)))]
        first = begin // WINDOW
        windows = np.arange(first, max(end // WINDOW, first + 1))
        monday = 4 * DAY // WINDOW  # 1970-01-05 was one
        weight = shape[(windows - monday) % WINDOWS] + 1e-9
        chosen = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(count))
        times = windows[np.minimum(chosen, len(windows) - 1)] * WINDOW + rng.integers(0, WINDOW, count)
        return np.sort(np.clip(times, begin, end - 1)).astype(np.int64)


def _working_days() -> Floats:
    hour = np.arange(WINDOWS) / 6 % 24
    day = np.arange(WINDOWS) // 144 % 7
    shape = (0.15 + np.exp(-(((hour - 14) / 4.5) ** 2))) * np.where(day < 5, 1.0, 0.45)
    shares: Floats = shape / shape.sum()
    return shares
