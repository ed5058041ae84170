"""The log before it is written: calls lie encoded in a scratch file, only their order and truth in memory."""

import mmap
from array import array
from collections.abc import Iterator
from typing import IO, Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Truth = tuple[str | None, str]
"""Operator and capability of a call."""

_encode = msgspec.json.encode


class Shelf:
    """Calls in the order they are made; `line` gives one back, `order` says when each arrived."""

    def __init__(self, scratch: IO[bytes]) -> None:
        self._file = scratch
        self._begins = array("q", [0])
        self._arrivals = array("d")
        self._micros = array("q")
        self._kinds = array("h")
        self._known: dict[Truth, int] = {}
        self._ids: list[str] = []
        self._accounts: list[str] = []

    def add(self, arrival: float, micros: int, logged: dict[str, Any], truth: Truth) -> None:
        """Keep one call: when it reached the log (seconds), when it was made, its record and its truth."""
        line = _encode(logged)
        self._file.write(line)
        self._begins.append(self._begins[-1] + len(line))
        self._arrivals.append(arrival)
        self._micros.append(micros)
        self._kinds.append(self._known.setdefault(truth, len(self._known)))
        self._ids.append(logged["exchange_id"])
        self._accounts.append(logged["account_id"])

    def arrivals(self) -> NDArray[np.float64]:
        """When each call reached the log, in the order of `add`."""
        return np.array(self._arrivals)

    def lines(self, numbers: NDArray[np.int64]) -> Iterator[bytes]:
        """Give back the encoded records of these calls."""
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as kept:
            for number in numbers:
                yield kept[self._begins[number] : self._begins[number + 1]]

    def truth(self) -> pa.Table:
        """Return one row for each call: `exchange_id`, `account_id`, `operator`, `capability`, `micros`."""
        known = list(self._known)
        kinds = pa.array(np.array(self._kinds))
        return pa.table(
            {
                "exchange_id": pa.array(self._ids, pa.string()),
                "account_id": pa.array(self._accounts, pa.string()),
                "operator": pa.array([operator for operator, _ in known], pa.string()).take(kinds),
                "capability": pa.array([capability for _, capability in known], pa.string()).take(kinds),
                "micros": pa.array(np.array(self._micros)),
            }
        )
