"""How alike two names without blanks can be at the most, by which letters they have and how many of each.

A change of optimal string alignment adds a letter, takes one, puts one for another or swaps two. So two names are at
least as far apart as one of them has letters that the other has not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.access.names.book import Book, Floats, Ints, Lexicon

PLACES = 27  # a to z, and everything else
MOST = 255  # of one letter: what has more seems nearer than it is, and never further
ROUNDING = 1e-6
Counts = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Written:
    """Of each spelling of a book: how often it has each letter, and how many letters in all."""

    counts: Counts
    length: Ints


@dataclass(frozen=True)
class Letters:
    """A book's spellings as they sound, and with long vowels only."""

    sound: Written
    long: Written


def letters(book: Book, lexicon: Lexicon) -> Letters:
    """Count the letters of the words that tell."""
    told = np.arange(book.words.shape[1]) < book.telling[:, None]
    words = np.where(told, book.words, len(lexicon.words))  # past the last word: no letters
    return Letters(_written(words, lexicon.sound), _written(words, lexicon.long))


def _written(words: Ints, spelled: npt.NDArray[np.object_]) -> Written:
    texts = [word.encode("utf-32-le") for word in spelled.tolist()]
    length = np.array([*(len(text) // 4 for text in texts), 0], np.int32)
    letter = np.frombuffer(b"".join(texts), np.uint32).astype(np.int64) - ord("a")
    place = np.where((letter >= 0) & (letter < PLACES - 1), letter, PLACES - 1)
    cell = np.repeat(np.arange(len(length)), length) * PLACES + place
    each = np.bincount(cell, minlength=len(length) * PLACES).reshape(-1, PLACES)
    own = np.minimum(each, MOST).astype(np.uint8)
    counts = np.zeros((len(words), PLACES), np.uint8)
    for column in words.T:  # saturating: a sum that wraps is smaller than what was added
        counts += own[column]
        counts[counts < own[column]] = MOST
    return Written(counts, length[words].sum(axis=1, dtype=np.int32))


def most_alike(listed: Letters, asked: Letters, one: Ints, other: Ints, blind: Mask) -> Floats:
    """The most that each pair of spellings can be alike; of a `blind` one by its long vowels."""
    result = np.empty(len(one), np.float32)
    for part, mine, theirs in (
        (np.flatnonzero(blind), listed.long, asked.long),
        (np.flatnonzero(~blind), listed.sound, asked.sound),
    ):
        result[part] = _most(mine, theirs, one[part], other[part])
    return result


def _most(mine: Written, theirs: Written, one: Ints, other: Ints) -> Floats:
    left, right = mine.counts[one], theirs.counts[other]
    common = np.minimum(left, right).sum(axis=1, dtype=np.int32)
    longer = np.maximum(np.maximum(left.sum(axis=1, dtype=np.int32), right.sum(axis=1, dtype=np.int32)), 1)
    longest = np.maximum(np.maximum(mine.length[one], theirs.length[other]), 1)
    apart = np.maximum(longer - common, 0)
    most: Floats = (1 - apart / longest + ROUNDING).astype(np.float32)
    return most
