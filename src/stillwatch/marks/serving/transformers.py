"""Marks in transformers' `generate`.

    from stillwatch.marks.serving.transformers import Marker

    marker = Marker(Serving.from_environment(), [cohort])  # of the gateway's header; None: the global key alone
    model.generate(**inputs, do_sample=True, logits_processor=[marker])

Of the variant `green` it adds delta before the temperature divides logits. Of `gumbel` it draws the token itself, at the
`temperature` given to it: what `generate` does to logits afterwards (temperature, top-k, top-p) then finds only that
token. One marker serves one call of `generate`; beam search, which makes one row out of another, is not for `gumbel`.
"""

from collections.abc import Sequence

import torch

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.tensors import RowKeys, mark_green, mark_gumbel
from stillwatch.marks.watermark.marking import marker_keys
from stillwatch.records import InvalidConfiguration, UsageError

try:
    from transformers import LogitsProcessor as Processor
except ImportError as missing:
    raise InvalidConfiguration("transformers is not installed: pip install 'stillwatch[lab]'") from missing


class Marker(Processor):
    """`cohorts` are those of the rows of the batch, or one for all rows."""

    def __init__(
        self,
        serving: Serving,
        cohorts: Sequence[str | None],
        *,
        temperature: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> None:
        if not temperature > 0:
            raise UsageError("a temperature is above 0")
        self._scheme, self._temperature, self._generator = serving.scheme, temperature, generator
        self._keys = [marker_keys(serving.keys, cohort) for cohort in cohorts]
        self._seen: list[set[tuple[int, ...]]] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        window = self._scheme.window
        if input_ids.shape[1] < window:
            return scores
        contexts = input_ids[:, -window:]
        keys = self._of_rows(len(scores), scores.device)
        if self._scheme.variant == "green":
            return mark_green(scores, contexts, keys, self._scheme)
        chance = torch.randint(0, 2**32, scores.shape, generator=self._generator, device=scores.device)
        drawn = mark_gumbel(
            scores / self._temperature, contexts, keys, self._scheme, chance, self._fresh(contexts)
        ).argmax(dim=1)
        return torch.full_like(scores, -torch.inf).scatter(1, drawn[:, None], 0.0)

    def _of_rows(self, rows: int, device: torch.device) -> RowKeys:
        """A request's rows lie side by side, where several answers to one are asked for."""
        if rows % len(self._keys):
            raise UsageError(f"{len(self._keys)} cohorts do not go into {rows} rows")
        each = [keys for keys in self._keys for _ in range(rows // len(self._keys))]
        return RowKeys.joined(each, device)

    def _fresh(self, contexts: torch.Tensor) -> torch.Tensor:
        """Which contexts are new to their answer: of the others the noise would repeat."""
        if len(self._seen) != len(contexts):
            self._seen = [set() for _ in contexts]
        found = []
        for row, seen in zip(contexts.tolist(), self._seen, strict=True):
            found.append(tuple(row) not in seen)
            seen.add(tuple(row))
        return torch.tensor(found, device=contexts.device)
