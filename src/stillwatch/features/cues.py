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
_FILTER_BITS = np.uint64(
    17
)  # 131,072 entries: about 3 % of other words pass with 4,000 phrases, and it fits a cache
_SHIFT = np.uint64(64) - _FILTER_BITS

Lexicon = Mapping[str, Sequence[str]]


class Hits(msgspec.Struct, frozen=True):
    """Occurrences of cues: place in `Words.hashes`, the text, and the cue's index in the lexicon; equal lengths."""

    places: np.ndarray
    owners: np.ndarray
    cues: np.ndarray
    texts: int


class _Length(msgspec.Struct, frozen=True):
    """Phrases of one length: a filter on the beginnings of longer ones too, and sorted hashes with their cues."""

    begins: np.ndarray  # bool, by the top bits of the running hash
    hashes: np.ndarray  # sorted; a phrase of several cues stands several times
    cues: np.ndarray


def phrases(text: str) -> tuple[str, ...]:
    """Phrases parted by semicolons or line ends, each once."""
    return tuple(dict.fromkeys(p for line in text.splitlines() for p in map(str.strip, line.split(";")) if p))


def cue_hits(words: Words, lexicon: Lexicon, key: SketchKey) -> Hits:
    """All occurrences of all phrases; phrases that overlap all count."""
    table = _compiled(tuple((name, tuple(of)) for name, of in lexicon.items()), key)
    coefficients = key.constants("words of a cue", LONGEST_PHRASE)
    ends = np.repeat(words.offsets[1:], words.counts)
    running = coefficients[0] * words.hashes
    places = np.arange(len(running))
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for size, level in enumerate(table, start=1):
        begun = level.begins[running >> _SHIFT]
        places, running = places[begun], running[begun]
        first = np.searchsorted(level.hashes, running, "left")
        times = np.searchsorted(level.hashes, running, "right") - first
        at = np.repeat(first, times) + _within(times)
        found.append((np.repeat(places, times), level.cues[at]))
        if size < len(table):
            inside = places + size < ends[places]
            places = places[inside]
            running = running[inside] + coefficients[size] * words.hashes[places + size]
    where = np.concatenate([places for places, _ in found]) if found else np.zeros(0, np.int64)
    cues = np.concatenate([cues for _, cues in found]) if found else np.zeros(0, np.int64)
    owners = np.searchsorted(words.offsets, where, "right") - 1
    return Hits(where, owners, cues, len(words.offsets) - 1)


def counted(hits: Hits, cues: int) -> np.ndarray:
    """float32 [texts, cues]: log2(1 + occurrences)."""
    cells = np.bincount(hits.owners * cues + hits.cues, minlength=hits.texts * cues)
    return np.log2(1.0 + cells.reshape(hits.texts, cues)).astype(np.float32)


def cue_counts(words: Words, lexicon: Lexicon, key: SketchKey) -> np.ndarray:
    """float32 [texts, len(lexicon)]: log2(1 + occurrences) of each cue, columns in the lexicon's order."""
    return counted(cue_hits(words, lexicon, key), len(lexicon))


def near(hits: Hits, first: int, second: int, span: int) -> np.ndarray:
    """float32 [texts]: log2(1 + occurrences of cue `first` with one of cue `second` at most `span` words away)."""
    of_first, of_second = hits.cues == first, hits.cues == second
    places, owners = hits.places[of_first], hits.owners[of_first]
    order = np.argsort(hits.places[of_second], kind="stable")
    others = hits.places[of_second][order]
    if not places.size or not others.size:
        return np.zeros(hits.texts, np.float32)
    texts = hits.owners[of_second][order]
    close = np.zeros(len(places), bool)
    after = np.searchsorted(others, places)
    for neighbour in (after - 1, after):
        there = np.clip(neighbour, 0, len(others) - 1)
        close |= (np.abs(others[there] - places) <= span) & (texts[there] == owners)
    return np.log2(1.0 + np.bincount(owners[close], minlength=hits.texts)).astype(np.float32)


def _within(times: np.ndarray) -> np.ndarray:
    """0, 1, ... times[i] - 1 for each i, end to end."""
    ends = np.cumsum(times)
    return np.arange(int(ends[-1]) if times.size else 0) - np.repeat(ends - times, times)


@lru_cache(maxsize=64)
def _compiled(lexicon: tuple[tuple[str, tuple[str, ...]], ...], key: SketchKey) -> list[_Length]:
    pairs = {(form, cue) for cue, (_, of) in enumerate(lexicon) for phrase in of for form in _forms(phrase)}
    ordered = sorted(pairs)
    words = words_of(pa.array([form for form, _ in ordered], pa.string()), key)
    cues = np.array([cue for _, cue in ordered], np.int64)
    counts = words.counts
    if counts.size and (counts.max() > LONGEST_PHRASE or counts.min() == 0):
        worst = ordered[int(np.argmax((counts > LONGEST_PHRASE) | (counts == 0)))][0]
        raise ValueError(f"a phrase must have 1 to {LONGEST_PHRASE} words: {worst!r}")
    coefficients = key.constants("words of a cue", LONGEST_PHRASE)
    running = np.zeros(len(counts), np.uint64)
    out = []
    for size in range(1, int(counts.max(initial=0)) + 1):
        long = counts >= size
        running[long] += coefficients[size - 1] * words.hashes[words.offsets[:-1][long] + size - 1]
        begins = np.zeros(1 << int(_FILTER_BITS), bool)
        begins[running[long] >> _SHIFT] = True
        whole = np.flatnonzero(counts == size)
        whole = whole[np.argsort(running[whole], kind="stable")]
        out.append(_Length(begins, running[whole], cues[whole]))
    return out


def _forms(phrase: str) -> set[str]:
    """The phrase, and with a capital first letter: only ASCII is case-folded when texts are split."""
    return {phrase, phrase[:1].upper() + phrase[1:]} if not phrase[:1].isascii() else {phrase}
