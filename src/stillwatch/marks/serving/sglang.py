r"""Marks in SGLang.

    STILLWATCH_MARK_SECRET_FILE=mark.secret python -m sglang.launch_server --model-path MODEL \
        --enable-custom-logit-processor --disable-overlap-schedule

SGLang takes the processor of logits itself from each request, as bytes that it unpickles: whoever may send them may run code
on the server. So nothing but `entrance.SglangEntrance` may reach it: that removes what clients send, whether marked or not, and
names this module's `Marker` with the cohort's ticket. It is middleware of ASGI, for a proxy in front of SGLang or for
SGLang's own application (`sglang.srt.entrypoints.http_server.app.add_middleware(SglangEntrance)` before it is launched).
A client's other processors of logits, SGLang's own among them, go with the rest.

Without `--disable-overlap-schedule` logits are processed before the last token is written to the request: marks would be made
for the token before, and no test would find them. Of the rows of a speculative step only the first of each request is
marked, since drafts are not shown to a processor. `--enable-watermark`, SGLang's own mark, excludes this one.
"""

import json
import pickle
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME
from stillwatch.marks.tensors import RowKeys, mark_green

try:
    from sglang.srt.sampling.custom_logit_processor import CustomLogitProcessor as Processor
except ImportError:  # without SGLang nothing asks for its class
    Processor = object


@lru_cache(maxsize=1)
def own_serving() -> Serving:
    """SGLang makes a processor anew for each batch, without arguments."""
    return Serving.from_environment().by_logits()


class Marker(Processor):
    """Of the interface `sglang.srt.sampling.custom_logit_processor.CustomLogitProcessor`."""

    def __call__(
        self, logits: torch.Tensor, custom_param_list: Sequence[Mapping[str, Any] | None] | None = None
    ) -> torch.Tensor:
        serving = own_serving()
        window = serving.scheme.window
        rows, contexts, keys = [], [], []
        before = None
        for row, params in enumerate(custom_param_list or ()):
            first, before = params is not before, params
            context = _context(params, window) if params is not None and first else None
            if params is not None and context is not None:
                rows.append(row)
                contexts.append(context)
                keys.append(serving.keys_of(params.get(NAME)))
        if not rows:
            return logits
        device = logits.device
        at = torch.tensor(rows, device=device)
        joined = RowKeys.joined(keys, device)
        logits[at] = mark_green(logits[at], torch.tensor(contexts, device=device), joined, serving.scheme)
        return logits


def _context(params: Mapping[str, Any], window: int) -> list[int] | None:
    """The last tokens of the request that SGLang puts beside its parameters."""
    request = params.get("__req__")
    if request is None:
        return None
    found = list(request.output_ids[-window:])
    if len(found) < window:
        found = [*request.origin_input_ids[len(found) - window :], *found]
    return found if len(found) == window else None


def processor_text() -> str:
    """What names `Marker` in a request: a reference to it by name, in the form of SGLang's `to_str`."""
    return json.dumps({"callable": pickle.dumps(Marker, protocol=4).hex()})
