"""Marks on torch tensors, for those who serve with torch: the same bits as NumPy's. Needs the extra `lab`."""

from stillwatch.records import InvalidConfiguration

try:
    import torch  # noqa: F401 - tells whether the extra is there
except ImportError as error:
    raise InvalidConfiguration("marks on tensors need torch: pip install 'stillwatch[lab]'") from error

from stillwatch.marks.tensors.marking import (
    RowKeys,
    entropies,
    green_logits,
    gumbel_scores,
    mark_green,
    mark_gumbel,
)
from stillwatch.marks.tensors.prf import as_tensor, digests, encrypt, uniforms, words

__all__ = [
    "RowKeys",
    "as_tensor",
    "digests",
    "encrypt",
    "entropies",
    "green_logits",
    "gumbel_scores",
    "mark_green",
    "mark_gumbel",
    "uniforms",
    "words",
]
