r"""Marks in vLLM with its former model runner: `VLLM_USE_V2_MODEL_RUNNER=0`, or a vLLM that has no other.

    VLLM_USE_V2_MODEL_RUNNER=0 STILLWATCH_MARK_SECRET_FILE=mark.secret vllm serve MODEL \
        --logits-processors stillwatch.marks.serving.vllm_legacy:Marker \
        --middleware stillwatch.marks.serving.entrance.VllmEntrance

Otherwise as `stillwatch.marks.serving.vllm`. That runner refuses processors of logits beside speculative decoding. With
asynchronous scheduling (`--async-scheduling`) the last token may not be known yet when logits are processed; vLLM writes
-1 for it, and a row with such a context is not marked: switch it off.
"""

from typing import Any, NamedTuple

import torch

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME
from stillwatch.marks.tensors import RowKeys, mark_green
from stillwatch.marks.watermark.marking import MarkerKeys

try:
    from vllm.v1.sample.logits_processor import LogitsProcessor as Processor
except ImportError:  # as in `vllm`
    Processor = object


class _Request(NamedTuple):
    keys: MarkerKeys
    prompt: list[int]
    output: list[int]  # vLLM's own list, which grows

    def context(self, window: int) -> list[int] | None:
        """The last tokens, where there are enough of them and all are known."""
        found = self.output[-window:]
        if len(found) < window:
            found = [*self.prompt[len(found) - window :], *found]
        return found if len(found) == window and min(found) >= 0 else None


class Marker(Processor):
    """Of the interface `vllm.v1.sample.logits_processor`."""

    def __init__(
        self,
        vllm_config: Any,
        device: Any,
        is_pin_memory: bool,  # noqa: FBT001 - of the form of vLLM
        serving: Serving | None = None,
    ) -> None:
        del vllm_config, is_pin_memory  # of no use here
        own = (Serving.from_environment() if serving is None else serving).by_logits()
        self._serving, self._scheme, self._device = own, own.scheme, device
        self._requests: dict[int, _Request] = {}

    def is_argmax_invariant(self) -> bool:
        return False

    def update_state(self, batch_update: Any) -> None:
        """Removed, added and moved requests, in this order, as vLLM says."""
        if batch_update is None:
            return
        for index in batch_update.removed:
            self._requests.pop(index, None)
        for index, params, prompt, output in batch_update.added:
            keys = self._serving.keys_of((params.extra_args or {}).get(NAME))
            self._requests[index] = _Request(keys, list(prompt or ())[-self._scheme.window :], output)
        for source, target, way in batch_update.moved:
            moved, replaced = self._requests.pop(source, None), self._requests.pop(target, None)
            if moved is not None:
                self._requests[target] = moved
            if replaced is not None and way.name == "SWAP":
                self._requests[source] = replaced

    def apply(self, logits: torch.Tensor) -> torch.Tensor:
        asked = [
            (index, request.keys, context)
            for index, request in sorted(self._requests.items())
            if index < len(logits) and (context := request.context(self._scheme.window)) is not None
        ]
        if not asked:
            return logits
        rows = torch.tensor([index for index, _, _ in asked], device=self._device)
        contexts = torch.tensor([context for _, _, context in asked], device=self._device)
        keys = RowKeys.joined([one for _, one, _ in asked], self._device)
        logits[rows] = mark_green(logits[rows], contexts, keys, self._scheme)
        return logits
