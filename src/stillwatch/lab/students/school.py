"""A teacher, and students that learned from a mixture: so much marked text of the teacher, the rest plain text.

The corpus is cut by source file: the teacher learns from one part, plain text comes from the other, so that a student's
plain text is not what the teacher was trained on.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.students import corpus
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.vocabulary import Vocabulary, learn, stream

VOCABULARY = 2_048
PIECE = 200  # tokens of plain text that are drawn together


@dataclass(frozen=True)
class School:
    """A teacher, its vocabulary, and plain text it has not seen."""

    vocabulary: Vocabulary
    teacher: CountStudent
    plain: Ints

    def mixture(self, marked: Ints, size: int, rng: Rng) -> Ints:
        """A stream of `size` tokens: all of `marked` (answers [rows, length], or none), the rest plain text."""
        own = stream(list(marked))[:size] if marked.size else np.empty(0, np.int64)
        return np.concatenate([own, self.some_plain(size - len(own), rng)])

    def some_plain(self, size: int, rng: Rng) -> Ints:
        """Pieces of the plain text in a random order; each once, unless more is asked for than there is."""
        pieces = np.arange(0, len(self.plain) - PIECE, PIECE)
        needed = -(-size // PIECE)
        order = np.concatenate([rng.permutation(pieces) for _ in range(-(-needed // len(pieces)))])[:needed]
        return self.plain[(order[:, None] + np.arange(PIECE)).ravel()][:size]


def open_school(files: list[Path] | None = None, size: int = VOCABULARY, order: int = 3) -> School:
    """Read the corpus, and teach the teacher."""
    found = corpus.modules() if files is None else files
    taught, plain = list(corpus.paragraphs(found[::2])), list(corpus.paragraphs(found[1::2]))
    vocabulary = learn(taught, size)
    return School(
        vocabulary,
        train(stream(vocabulary.encode(taught)), len(vocabulary), order),
        stream(vocabulary.encode(plain)),
    )
