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
from stillwatch.lab.students.sampling import Mark, sample
from stillwatch.lab.students.vocabulary import Vocabulary, learn, stream

VOCABULARY = 2_048
PIECE = 200  # tokens of plain text that are drawn together, and of an answer
AT_ONCE = 8_000  # answers sampled side by side


@dataclass(frozen=True)
class School:
    """A teacher, its vocabulary, and plain text it has not seen."""

    vocabulary: Vocabulary
    teacher: CountStudent
    plain: Ints

    def unmarked(self, size: int, rng: Rng) -> Ints:
        """`size` tokens that the teacher wrote without a mark, as a stream."""
        rows = -(-size // (PIECE + 1))
        parts = [
            sample(self.teacher, min(AT_ONCE, rows - start), PIECE, rng).answers
            for start in range(0, rows, AT_ONCE)
        ]
        return stream(list(np.concatenate(parts)))[:size]

    def marked(self, size: int, rng: Rng, mark: Mark) -> tuple[Ints, float]:
        """`size` tokens that it wrote with a mark, as a stream, and what the mark cost: nats a token."""
        rows = -(-size // (PIECE + 1))
        parts = [
            sample(self.teacher, min(AT_ONCE, rows - start), PIECE, rng, mark)
            for start in range(0, rows, AT_ONCE)
        ]
        spent = sum(one.divergence * len(one.answers) for one in parts) / rows
        return stream([row for one in parts for row in one.answers])[:size], spent

    def some_plain(self, size: int, rng: Rng) -> Ints:
        """Pieces of the plain text in a random order."""
        return shuffled(self.plain, size, rng)


def shuffled(tokens: Ints, size: int, rng: Rng) -> Ints:
    """Pieces of a stream in a random order; each once, unless more is asked for than there is."""
    pieces = np.arange(0, len(tokens) - PIECE, PIECE)
    needed = -(-size // PIECE)
    order = [rng.permutation(pieces) for _ in range(-(-needed // len(pieces)))]
    chosen = np.concatenate(order)[:needed] if needed else pieces[:0]
    return tokens[(chosen[:, None] + np.arange(PIECE)).ravel()][:size]


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
