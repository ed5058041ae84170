"""What a count student is asked: the contexts that its reference has seen, as often as it has."""

import numpy as np

from stillwatch.lab.arrays import Floats, Ints
from stillwatch.lab.students.counting import CountStudent
from stillwatch.lab.students.vocabulary import END
from stillwatch.records import UsageError

AT_ONCE = 4_096  # contexts
MOST = 200_000


def probes_of(reference: CountStudent, window: int) -> list[tuple[Ints, Floats]]:
    """Sequences [n, window] and how often each came, for a window that a count student knows: one or two tokens."""
    if window >= reference.order:
        raise UsageError(
            f"a count student of order {reference.order} knows contexts of {reference.order - 1} tokens: it cannot be"
            f" asked about a window of {window}"
        )
    if window == 1:
        often = np.bincount(
            reference.pairs // reference.vocabulary, reference.pair_counts, reference.vocabulary
        ).astype(np.float64)
        often[END] = 0
        contexts = np.arange(reference.vocabulary, dtype=np.int64)[:, None]
    else:
        best = np.sort(np.argsort(-reference.pair_counts, kind="stable")[:MOST])
        contexts = np.column_stack(np.divmod(reference.pairs[best], reference.vocabulary))
        often = reference.pair_counts[best].astype(np.float64)
    kept = often > 0
    contexts, often = contexts[kept], often[kept]
    return [
        (contexts[start : start + AT_ONCE], often[start : start + AT_ONCE])
        for start in range(0, len(often), AT_ONCE)
    ]
