"""Which known phrases stand in a text, found on keyed word hashes alone.

A lexicon maps the name of a cue to its phrases. Phrases are split and hashed exactly as texts are, so
a phrase of k words matches k consecutive words; a CJK or Hangul character is a word. Matching grows a
phrase word by word and drops a place as soon as no phrase begins that way: most words of a text cost
one look into a small table.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.features.key import SketchKey
from stillwatch.features.words import Words, words_of

LONGEST_PHRASE = 12  # words; a phrase of CJK characters needs more of them than one of spaced words
_BITS = 17  # 131,072 buckets: about 3 % of other words pass with 4,000 phrases, and a byte each fits a cache
_SHIFT = np.uint64(64 - _BITS)
_BEGINS, _ENDS = np.uint8(1), np.uint8(2)

Lexicon = Mapping[str, Sequence[str]]


class Hits(msgspec.Struct, frozen=True):
    """Occurrences of cues, sorted by cue: place in `Words.hashes` and the text of each; cue i at bounds[i]:bounds[i+1]."""

    places: np.ndarray
    owners: np.ndarray
    bounds: np.ndarray
    texts: int


class _Length(msgspec.Struct, frozen=True):
    """Phrases of one length, hashes sorted; `bucket` points from the top bits of a hash to the first of that bucket."""

    marks: (
        np.ndarray
    )  # uint8 by the top bits of a running hash: whether a longer phrase begins so, or one ends here
    bucket: np.ndarray
    deepest: int  # most hashes in a bucket
    hashes: np.ndarray
    first: np.ndarray  # cues of hash i: cues[first[i]:first[i+1]]
    cues: np.ndarray


def phrases(text: str) -> tuple[str, ...]:
    """Phrases parted by semicolons or line ends, each once."""
    return tuple(dict.fromkeys(p for line in text.splitlines() for p in map(str.strip, line.split(";")) if p))


def cue_hits(words: Words, lexicon: Lexicon, key: SketchKey) -> Hits:
    """All occurrences of all phrases; phrases that overlap all count."""
    table = _compiled(tuple((name, tuple(of)) for name, of in lexicon.items()), key)
    coefficients = key.constants("words of a cue", LONGEST_PHRASE)
    owner = words.owner
    places, running = np.arange(len(owner)), coefficients[0] * words.hashes
    found = [np.zeros((2, 0), np.int64)]
    for size, level in enumerate(table, start=1):
        if size == 2:  # nearly half of all words begin some phrase: cheaper to take all pairs than to choose
            places, running = places[:-1], running[:-1] + coefficients[1] * words.hashes[1:]
        elif size > 2:
            inside = places + size <= len(owner)
            places = places[inside]
            running = running[inside] + coefficients[size - 1] * words.hashes[places + size - 1]
        marks = level.marks.take((running >> _SHIFT).view(np.int64))
        kept = np.flatnonzero((marks & _ENDS) if size == 1 else marks)
        kept = kept[owner[places[kept]] == owner[places[kept] + size - 1]]
        whole = kept[(marks[kept] & _ENDS) > 0]
        found.append(_exact(level, running[whole], places[whole]))
        if size > 1:
            begun = kept[(marks[kept] & _BEGINS) > 0]
            places, running = places[begun], running[begun]
    where, cues = np.concatenate(found, axis=1)
    order = np.argsort(cues.astype(np.uint16), kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(cues, minlength=len(lexicon)))])
    where = where[order]
    return Hits(where, owner[where], bounds, len(words.offsets) - 1)


def counted(hits: Hits) -> np.ndarray:
    """float32 [texts, cues]: log2(1 + occurrences)."""
    cues = len(hits.bounds) - 1
    of = np.repeat(np.arange(cues), np.diff(hits.bounds))
    cells = np.bincount(hits.owners * cues + of, minlength=hits.texts * cues)
    out: np.ndarray = np.log2(1.0 + cells.reshape(hits.texts, cues)).astype(np.float32)
    return out


def cue_counts(words: Words, lexicon: Lexicon, key: SketchKey) -> np.ndarray:
    """float32 [texts, len(lexicon)]: log2(1 + occurrences) of each cue, columns in the lexicon's order."""
    return counted(cue_hits(words, lexicon, key))


def near(hits: Hits, first: int, second: int, span: int) -> np.ndarray:
    """float32 [texts]: log2(1 + occurrences of cue `first` with one of cue `second` at most `span` words away)."""
    mine = slice(hits.bounds[first], hits.bounds[first + 1])
    theirs = slice(hits.bounds[second], hits.bounds[second + 1])
    places, owners = hits.places[mine], hits.owners[mine]
    if not places.size or not hits.places[theirs].size:
        return np.zeros(hits.texts, np.float32)
    others, texts = (
        np.sort(hits.places[theirs]),
        np.sort(hits.owners[theirs]),
    )  # texts lie in the order of places
    after = np.searchsorted(others, places)
    close = np.zeros(len(places), bool)
    for neighbour in (np.maximum(after - 1, 0), np.minimum(after, len(others) - 1)):
        close |= (np.abs(others[neighbour] - places) <= span) & (texts[neighbour] == owners)
    out: np.ndarray = np.log2(1.0 + np.bincount(owners[close], minlength=hits.texts)).astype(np.float32)
    return out


def _exact(level: _Length, running: np.ndarray, places: np.ndarray) -> np.ndarray:
    """[2, hits]: places and cues of those running hashes that are phrases of this length."""
    if not len(level.hashes):
        return np.zeros((2, 0), np.int64)
    at = level.bucket.take((running >> _SHIFT).view(np.int64))
    found = np.where(level.hashes.take(at) == running, at, -1)
    for step in range(1, level.deepest):
        missed = np.flatnonzero(found < 0)
        candidate = np.minimum(at[missed] + step, len(level.hashes) - 1)
        found[missed] = np.where(level.hashes[candidate] == running[missed], candidate, -1)
    hit = np.flatnonzero(found >= 0)
    index = found[hit]
    times = level.first[index + 1] - level.first[index]
    ends = np.cumsum(times)
    nth = np.arange(int(times.sum())) - np.repeat(ends - times, times)
    return np.stack([np.repeat(places[hit], times), level.cues[np.repeat(level.first[index], times) + nth]])


@lru_cache(maxsize=64)
def _compiled(lexicon: tuple[tuple[str, tuple[str, ...]], ...], key: SketchKey) -> list[_Length]:
    pairs = sorted(
        {(form, cue) for cue, (_, of) in enumerate(lexicon) for phrase in of for form in _forms(phrase)}
    )
    words = words_of(pa.array([form for form, _ in pairs], pa.string()), key)
    cues = np.array([cue for _, cue in pairs], np.int64)
    counts = words.counts
    wrong = np.flatnonzero((counts > LONGEST_PHRASE) | (counts == 0))
    if wrong.size:
        raise ValueError(f"a phrase must have 1 to {LONGEST_PHRASE} words: {pairs[wrong[0]][0]!r}")
    coefficients = key.constants("words of a cue", LONGEST_PHRASE)
    running = np.zeros(len(counts), np.uint64)
    out = []
    for size in range(1, int(counts.max(initial=0)) + 1):
        long = counts >= size
        running[long] += coefficients[size - 1] * words.hashes[words.offsets[:-1][long] + size - 1]
        out.append(_length(running[counts == size], cues[counts == size], running[counts > size]))
    return out


def _length(whole: np.ndarray, cues: np.ndarray, longer: np.ndarray) -> _Length:
    hashes, index = np.unique(whole, return_inverse=True)
    said = np.unique(np.stack([index.reshape(-1), cues]), axis=1)  # two spellings of one phrase count once
    marks = np.zeros(1 << _BITS, np.uint8)
    marks[longer >> _SHIFT] |= _BEGINS
    marks[hashes >> _SHIFT] |= _ENDS
    buckets = (hashes >> _SHIFT).astype(np.int64)
    sizes = np.bincount(buckets, minlength=1 << _BITS)
    first = np.searchsorted(said[0], np.arange(len(hashes) + 1))
    return _Length(marks, np.cumsum(sizes) - sizes, int(sizes.max()), hashes, first, said[1])


def _forms(phrase: str) -> set[str]:
    """Spellings to look for: with a capital first letter too, since only ASCII is case-folded when texts are split."""
    return {phrase, phrase[:1].upper() + phrase[1:]} if not phrase[:1].isascii() else {phrase}
