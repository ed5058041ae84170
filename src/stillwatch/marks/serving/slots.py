"""The keys of the requests that a server works on, by the number it gave each."""

from typing import TYPE_CHECKING

import torch

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.tensors import RowKeys, as_tensor

if TYPE_CHECKING:
    from stillwatch.marks.watermark.marking import MarkerKeys


class Slots:
    """Keys are written on the host, and go to the device together by `flush`."""

    def __init__(self, serving: Serving, size: int, device: torch.device | str) -> None:
        self._serving = serving
        overall = serving.keys_of(None)
        self._selector = as_tensor(overall.selector, device)
        self._overall = as_tensor(overall.overall, device)
        self._cohort = torch.zeros((size, 4), dtype=torch.int64, device=device)
        self._has_cohort = torch.zeros(size, dtype=torch.bool, device=device)
        self._staged: dict[int, MarkerKeys] = {}

    def put(self, slot: int, ticket: object) -> None:
        """A request takes the slot; of the one that had it before nothing remains."""
        self._staged[slot] = self._serving.keys_of(ticket)

    def flush(self) -> None:
        if not self._staged:
            return
        device = self._cohort.device
        slots = torch.tensor(list(self._staged), dtype=torch.int64, device=device)
        held = [keys.overall if keys.cohort is None else keys.cohort for keys in self._staged.values()]
        self._cohort[slots] = torch.stack([as_tensor(one, device) for one in held])
        self._has_cohort[slots] = torch.tensor(
            [keys.cohort is not None for keys in self._staged.values()], device=device
        )
        self._staged.clear()

    def rows(self, slots: torch.Tensor) -> RowKeys:
        """The keys of rows of logits, each of the request in a slot."""
        return RowKeys(self._selector, self._overall, self._cohort[slots], self._has_cohort[slots])
