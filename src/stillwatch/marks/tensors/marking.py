"""Marked logits and scores on tensors: what `watermark.marking` does, for requests of several cohorts side by side."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import torch

from stillwatch.marks.tensors.prf import as_tensor, digests, uniforms, words
from stillwatch.marks.watermark.marking import MarkerKeys
from stillwatch.marks.watermark.prf import threshold
from stillwatch.marks.watermark.scheme import Scheme


class RowKeys(NamedTuple):
    """The keys of rows [n]: each row has the cohort of its own request, or none."""

    selector: torch.Tensor  # [4]
    overall: torch.Tensor  # [4]
    cohort: torch.Tensor  # [n, 4]; of rows without a cohort it says nothing
    has_cohort: torch.Tensor  # [n], bool

    @classmethod
    def joined(cls, keys: Sequence[MarkerKeys], device: torch.device | str = "cpu") -> Self:
        """Of rows that are each of another request; all are of one tenant."""
        return cls(
            as_tensor(keys[0].selector, device),
            as_tensor(keys[0].overall, device),
            torch.stack(
                [as_tensor(one.overall if one.cohort is None else one.cohort, device) for one in keys]
            ),
            torch.tensor([one.cohort is not None for one in keys], device=device),
        )

    def for_contexts(self, contexts: torch.Tensor, scheme: Scheme) -> tuple[torch.Tensor, torch.Tensor]:
        """The key of each row [n, 4], and which rows have one."""
        own = digests(self.selector, contexts)[..., 0] < threshold(scheme.identity_share)
        return torch.where(own[:, None], self.cohort, self.overall), ~own | self.has_cohort


def entropies(logits: torch.Tensor) -> torch.Tensor:
    """In nats, of each row."""
    logs = torch.log_softmax(logits.to(torch.float64), dim=1)
    likely = logs.exp()
    return -torch.where(likely > 0, likely * logs, 0.0).sum(dim=1)


def green_logits(
    logits: torch.Tensor, made: torch.Tensor, scheme: Scheme, marked: torch.Tensor
) -> torch.Tensor:
    """Add delta to green tokens, in rows that are `marked` and of enough entropy."""
    rows = marked & (entropies(logits) >= scheme.least_entropy)
    raised = (made < threshold(scheme.gamma)) & rows[:, None]
    return torch.where(raised, logits + scheme.delta, logits)


def gumbel_scores(
    logits: torch.Tensor,
    made: torch.Tensor,
    own_chance: torch.Tensor,
    scheme: Scheme,
    marked: torch.Tensor,
) -> torch.Tensor:
    """Logits with Gumbel noise, of `own_chance` in rows that are not `marked` or of little entropy."""
    rows = marked & (entropies(logits) >= scheme.least_entropy)
    noise = -torch.log(-torch.log(uniforms(torch.where(rows[:, None], made, own_chance))))
    return logits.to(torch.float64) + noise


def mark_green(
    logits: torch.Tensor,
    contexts: torch.Tensor,
    keys: RowKeys,
    scheme: Scheme,
    whole: torch.Tensor | None = None,
) -> torch.Tensor:
    """Marked logits [n, vocabulary] for contexts [n, k]; rows that are not `whole` have too short a context for a mark."""
    own, marked = keys.for_contexts(contexts, scheme)
    if whole is not None:
        marked &= whole
    return green_logits(logits, words(own, contexts, logits.shape[1]), scheme, marked)


def mark_gumbel(
    logits: torch.Tensor,
    contexts: torch.Tensor,
    keys: RowKeys,
    scheme: Scheme,
    own_chance: torch.Tensor,
    fresh: torch.Tensor,
) -> torch.Tensor:
    """Marked scores; `fresh` rows have a whole context that is new to their answer."""
    own, marked = keys.for_contexts(contexts, scheme)
    made = words(own, contexts, logits.shape[1])
    return gumbel_scores(logits, made, own_chance, scheme, marked & fresh)
