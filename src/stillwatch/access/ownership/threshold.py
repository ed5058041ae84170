"""A share that has to be passed, or reached."""

from typing import Literal, overload

import msgspec
import numpy as np

from stillwatch.access.ownership.graph import Floats, Mask

EXACT = 1e-9  # shares closer than this are the same: they are sums of rounded numbers


class Threshold(msgspec.Struct, frozen=True):
    """`>` is strictly more than the share, `>=` at least it."""

    share: float
    compare: Literal[">", ">="]

    @overload
    def met_by(self, value: float) -> bool: ...
    @overload
    def met_by(self, value: Floats) -> Mask: ...
    def met_by(self, value: "float | Floats") -> "bool | Mask":
        limit = self.share + EXACT if self.compare == ">" else self.share - EXACT
        return np.greater(value, limit) if isinstance(value, np.ndarray) else value > limit
