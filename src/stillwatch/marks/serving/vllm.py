r"""Marks in vLLM with its current model runner (V2), speculative decoding included.

    STILLWATCH_MARK_SECRET_FILE=mark.secret vllm serve MODEL \
        --logits-processors stillwatch.marks.serving.vllm:Marker \
        --middleware stillwatch.marks.serving.entrance.VllmEntrance

Every answer is marked: with the cohort's key where the gateway named a cohort, with the global key in the other contexts.
No parameter of a client's has a part in it. Delta is added before the temperature divides logits, so that a temperature
below 1 makes the mark stronger. Wants a scheme of variant `green`.
"""

from typing import Any

import torch

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.slots import Slots
from stillwatch.marks.serving.ticket import NAME
from stillwatch.marks.tensors import mark_green

try:
    from vllm.v1.worker.gpu.sample.logits_processor import LogitsProcessor as Processor
except ImportError:  # vLLM asks that its own class is extended; without vLLM nothing asks
    Processor = object


class Marker(Processor):
    """Of the interface of vLLM 0.33: `add_request`, `apply_staged_writes`, `apply`."""

    def __init__(self, vllm_config: Any, req_states: Any, serving: Serving | None = None) -> None:
        del vllm_config  # of no use here
        own = (Serving.from_environment() if serving is None else serving).by_logits()
        self._scheme = own.scheme
        self._states = req_states
        self._slots = Slots(own, req_states.max_num_reqs, req_states.device)

    def add_request(self, req_idx: int, sampling_params: Any) -> bool:
        self._slots.put(req_idx, (sampling_params.extra_args or {}).get(NAME))
        return True

    def apply_staged_writes(self) -> None:
        self._slots.flush()

    def apply(self, logits: torch.Tensor, ctx: Any) -> torch.Tensor:
        contexts, whole = self._contexts(ctx)
        keys = self._slots.rows(ctx.expanded_idx_mapping.long())
        return logits.copy_(mark_green(logits, contexts, keys, self._scheme, whole))

    def _contexts(self, ctx: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """The tokens up to each row's own position, and which rows have enough of them.

        A request's rows lie side by side, one for each draft token after the first. What a draft stands on is not in the
        history of the request yet: it is in the rows before, as is the token that was drawn last.
        """
        window = self._scheme.window
        row = torch.arange(len(ctx.pos), device=ctx.pos.device)
        slot, pos, local = (one.long() for one in (ctx.expanded_idx_mapping, ctx.pos, ctx.expanded_local_pos))
        history, fed = self._states.all_token_ids.gpu, ctx.input_ids.long()
        columns = []
        for back in reversed(range(window)):
            earlier = history[slot, (pos - back).clamp_min(0)].long()
            columns.append(torch.where(local >= back, fed[(row - back).clamp_min(0)], earlier))
        return torch.stack(columns, dim=1), pos >= window - 1
