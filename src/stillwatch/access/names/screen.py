"""Customers' names against the names of lists: which may be the same, how probably, and what agrees.

Spellings are compared, not rows: names that are spelled alike are compared once. Memory grows with the number of
names, not with that of pairs.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from stillwatch.access.names.book import NONE, Book, Ints, Lexicon, Vocabulary, lexicon
from stillwatch.access.names.compare import STRATA, compare
from stillwatch.access.names.keys import CANDIDATES, Keys, candidates, initial_keys, keys
from stillwatch.access.names.spelling import Kind

WEIGHTS = Path(__file__).with_name("weights.json")
THREADS = 2  # most of the work is done outside Python's lock
CHUNK = 50_000  # spellings of customers whose keys are held at once
LIKELY = (
    0.4  # precision was above .95 there on both composers the weights are fitted on (lab.names, seeds 6-8)
)


class Weights(msgspec.Struct, frozen=True):
    """Of the features, for each kind of pair; `prior` is the share of true pairs among those they were fitted on."""

    features: list[str]
    weights: dict[str, list[float]]
    prior: float
    seeds: list[int]


class Word(msgspec.Struct, frozen=True):
    """A word of the list's name, the customer's word beside it, and how alike they sound."""

    listed: str
    asked: str | None
    alike: float


class Found(NamedTuple):
    """Rows of the list and of the customers, with the probability that both are one name."""

    listed: Ints
    asked: Ints
    probability: npt.NDArray[np.float32]


@cache
def weights() -> Weights:
    return msgspec.json.decode(WEIGHTS.read_bytes(), type=Weights)


class Screen:
    """Names of lists, ready to be compared with customers' names."""

    def __init__(
        self,
        listed: Iterable[str | None],
        asked: Iterable[str | None],
        *,
        listed_kind: Sequence[Kind] | None = None,
        asked_kind: Sequence[Kind] | None = None,
    ) -> None:
        vocabulary = Vocabulary()
        self.listed: Book = vocabulary.book(listed, listed_kind)
        self.asked: Book = vocabulary.book(asked, asked_kind)
        self.compared = 0  # pairs of spellings, so far
        self.lexicon: Lexicon = lexicon(vocabulary, [self.listed, self.asked])

    def pairs(self) -> Iterator[tuple[Ints, Ints]]:
        """Spellings worth comparing; a pair may come more than once."""
        if not self.lexicon.words:
            return
        entries, book = len(self.listed.words), self.asked
        by_words = keys(self.listed, self.lexicon, 0, entries).ordered()
        initials, written = (
            initial_keys(self.listed, self.lexicon, 0, entries, of_initials=which).ordered()
            for which in (True, False)
        )
        for first in range(0, len(book.words), CHUNK):
            last = min(first + CHUNK, len(book.words))
            yield from candidates(by_words, keys(book, self.lexicon, first, last))
            for there, which in ((initials, False), (written, True)):
                yield from candidates(there, self._initials(first, last, of_initials=which))

    def _initials(self, first: int, last: int, *, of_initials: bool) -> Keys:
        return initial_keys(self.asked, self.lexicon, first, last, of_initials=of_initials)

    def spellings(self, likely: float = LIKELY, prior: float | None = None) -> Found:
        """Pairs of spellings that are at least so likely one, each once."""
        fitted = weights()
        shift = 0.0 if prior is None else _logit(prior) - _logit(fitted.prior)
        logits = np.array([fitted.weights[stratum] for stratum in STRATA], np.float32)

        def judge(pair: tuple[Ints, Ints]) -> Found:
            compared = compare(self.listed, self.asked, self.lexicon, *pair)
            score = np.einsum("ij,ij->i", compared.features, logits[compared.stratum])
            probability = 1 / (1 + np.exp(-(score + shift)))
            kept = probability >= likely
            return Found(pair[0][kept], pair[1][kept], probability[kept].astype(np.float32))

        parts = [Found(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))]
        with ThreadPoolExecutor(THREADS) as pool:
            waiting: deque[Future[Found]] = deque()
            for pair in self.pairs():
                self.compared += len(pair[0])
                waiting.append(pool.submit(judge, pair))
                if len(waiting) > THREADS:  # no more pairs are held than are being compared
                    parts.append(waiting.popleft().result())
            parts += [one.result() for one in waiting]
        whole = Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        both = whole.asked.astype(np.int64) << 32 | whole.listed
        first = np.unique(both, return_index=True)[1]
        return Found(whole.listed[first], whole.asked[first], whole.probability[first])

    def rows(self, found: Found) -> Found:
        """Each row of the list with each row of the customers whose spellings were found."""
        by_list, by_asked = _rows(self.listed), _rows(self.asked)
        ones, others, probabilities = [], [], []
        for one, other, probability in zip(*found, strict=True):
            first, second = by_list(one), by_asked(other)
            ones.append(np.repeat(first, len(second)))
            others.append(np.tile(second, len(first)))
            probabilities.append(np.full(len(first) * len(second), probability, np.float32))
        if not ones:
            return found
        return Found(np.concatenate(ones), np.concatenate(others), np.concatenate(probabilities))

    def words(self, listed: Ints, asked: Ints) -> list[list[Word]]:
        """What agrees in each pair of spellings, word by word of the list's."""
        told: list[list[Word]] = []
        spelled = self.lexicon.words
        for first in range(0, len(listed), CANDIDATES):
            one, other = listed[first : first + CANDIDATES], asked[first : first + CANDIDATES]
            compared = compare(self.listed, self.asked, self.lexicon, one, other)
            for mine, theirs, partners, alike in zip(
                self.listed.words[one].tolist(),
                self.asked.words[other].tolist(),
                compared.partner.tolist(),
                compared.alike.tolist(),
                strict=True,
            ):
                told.append(
                    [
                        Word(
                            _shown(spelled[word]),
                            None if partner == NONE else _shown(spelled[theirs[partner]]),
                            round(value, 3),
                        )
                        for word, partner, value in zip(mine, partners, alike, strict=True)
                        if word != NONE
                    ]
                )
        return told


def _rows(book: Book) -> "_Rows":
    order = np.argsort(book.row, kind="stable").astype(np.int32)
    starts = np.searchsorted(book.row[order], np.arange(len(book.words) + 1))
    return _Rows(order, starts)


class _Rows(NamedTuple):
    order: Ints
    starts: npt.NDArray[np.int64]

    def __call__(self, spelling: int) -> Ints:
        return self.order[self.starts[spelling] : self.starts[spelling + 1]]


def _shown(word: str) -> str:
    return word.lstrip("~^")


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
