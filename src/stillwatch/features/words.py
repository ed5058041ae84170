"""Words of a column of texts as keyed 64-bit hashes, without a Python loop over texts or words.

A word is a run of letters and digits; a CJK or Hangul character is a word of its own, since those
scripts do not put spaces between words. ASCII is case-folded and numbers are masked, so that slots
filled with figures do not hide a template. Eight bytes of a word are hashed at a time, with secret
multipliers; bytes past the 48th do not take part.
"""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.key import SketchKey

HEAD_CHARACTERS = 2400  # of a text longer than both together, only head and tail are read: a 10 MB prompt
TAIL_CHARACTERS = 1200  # costs no more than a long page
LONGEST_WORD = 48  # bytes that take part in a word's hash

_CLASS = np.zeros(256, np.uint8)  # 0: separator; else the byte, case-folded, digits masked
_CLASS[ord("a") : ord("z") + 1] = np.arange(ord("a"), ord("z") + 1)
_CLASS[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)
_CLASS[ord("0") : ord("9") + 1] = ord("0")
_CLASS[0x80:] = np.arange(0x80, 0x100)
_CLASS[0xE2] = 0  # general punctuation, dashes, quotes: lead byte E2
# The first n of eight little-endian bytes.
_KEEP = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
_FIRST_CJK, _LAST_CJK = 0xE3, 0xED  # UTF-8 lead bytes of kana, ideographs and Hangul syllables
_IDEOGRAPHIC_PUNCTUATION = (0xE3, 0x80)


class Words(msgspec.Struct, frozen=True):
    """Words of n texts: `hashes` and `lengths` (bytes) in text order, text i at offsets[i]:offsets[i+1]."""

    hashes: np.ndarray
    lengths: np.ndarray
    offsets: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Words a text, int64."""
        out: np.ndarray = np.diff(self.offsets)
        return out

    @property
    def owner(self) -> np.ndarray:
        """For each word the index of its text."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)


def mix(values: np.ndarray, multiplier: np.uint64) -> np.ndarray:
    """Spread the entropy of uint64 values over all bits (finaliser of the MurmurHash3 kind)."""
    out: np.ndarray = values ^ (values >> np.uint64(32))
    out *= multiplier
    out ^= out >> np.uint64(29)
    return out


def trimmed(texts: pa.Array) -> pa.Array:
    """Texts with the middle of overlong ones left out; null becomes empty."""
    texts = pc.fill_null(texts, "")
    limit = HEAD_CHARACTERS + TAIL_CHARACTERS
    long = pc.greater(pc.binary_length(texts), 4 * limit)
    long = pc.or_(long, pc.greater(pc.utf8_length(texts), limit))
    if not pc.any(long).as_py():
        return texts
    head = pc.utf8_slice_codeunits(texts, 0, HEAD_CHARACTERS)
    tail = pc.utf8_slice_codeunits(texts, -TAIL_CHARACTERS, None)
    return pc.if_else(long, pc.binary_join_element_wise(head, tail, " "), texts)


def words_of(texts: pa.Array, key: SketchKey) -> Words:
    """Split a string array of n texts into keyed word hashes."""
    texts = trimmed(texts).cast(pa.large_string())
    _, offset_buffer, data_buffer = texts.buffers()
    bounds = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[bounds[0] : bounds[-1]]
    bounds = bounds - bounds[0]
    if not data.size:
        empty = np.zeros(0, np.uint64)
        return Words(empty, np.zeros(0, np.int32), np.zeros(len(texts) + 1, np.int64))
    folded = _CLASS[data]
    folded[data == 0xE2] = 0
    _mask_ideographic_punctuation(data, folded)
    starts = _word_starts(data, folded, bounds)
    return _hash(folded, starts, bounds, key)


def _mask_ideographic_punctuation(data: np.ndarray, folded: np.ndarray) -> None:
    lead, second = _IDEOGRAPHIC_PUNCTUATION
    at = np.flatnonzero((data[:-2] == lead) & (data[1:-1] == second))
    for byte in range(3):
        folded[at + byte] = 0
    quoted = np.flatnonzero(data[:-2] == 0xE2)
    folded[quoted + 1] = 0
    folded[quoted + 2] = 0


def _word_starts(data: np.ndarray, folded: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    inside = folded != 0
    start = inside.copy()
    start[1:] &= ~inside[:-1]
    first_bytes = bounds[:-1][np.diff(bounds) > 0]
    start[first_bytes] |= inside[first_bytes]
    lead = (data >= _FIRST_CJK) & (data <= _LAST_CJK) & inside
    if lead.any():
        within = lead.copy()
        within[1:] |= lead[:-1]
        within[2:] |= lead[:-2]
        start |= lead
        start[1:] |= inside[1:] & ~within[1:] & within[:-1]
    return np.flatnonzero(start)


def _hash(folded: np.ndarray, starts: np.ndarray, bounds: np.ndarray, key: SketchKey) -> Words:
    offsets = np.searchsorted(starts, bounds).astype(np.int64)
    if not starts.size:
        return Words(np.zeros(0, np.uint64), np.zeros(0, np.int32), offsets)
    stops = np.flatnonzero(np.append(folded[1:] == 0, True) & (folded != 0)) + 1
    upper = np.append(starts[1:], folded.size)
    lengths = np.minimum(stops[np.searchsorted(stops, starts, side="right")], upper) - starts
    padded = np.concatenate([folded, np.zeros(LONGEST_WORD, np.uint8)])
    octets = np.lib.stride_tricks.as_strided(
        padded[:8].view(np.uint64), (folded.size + LONGEST_WORD - 7,), (1,)
    )
    coefficients = key.constants("bytes of a word", LONGEST_WORD // 8)
    hashes = np.zeros(len(starts), np.uint64)
    for i in range(LONGEST_WORD // 8):
        reach = np.flatnonzero(lengths > 8 * i) if i else slice(None)
        eight = octets[starts[reach] + 8 * i] & _KEEP[np.minimum(lengths[reach] - 8 * i, 8)]
        hashes[reach] += mix((eight + np.uint64(i + 1)) * coefficients[i], coefficients[i])
    hashes = mix(hashes, key.constants("word", 1)[0])
    hashes[folded[starts] == ord("0")] = key.constants("number", 1)[0]
    return Words(hashes, lengths.astype(np.int32), offsets)


def phrase_hashes(words: np.ndarray, size: int, key: SketchKey) -> np.ndarray:
    """Hashes of all runs of `size` consecutive words; run i starts at word i. Length n - size + 1 (or 0)."""
    if size == 1:
        return words
    count = max(len(words) - size + 1, 0)
    coefficients = key.constants("words of a phrase", 16)
    out = np.zeros(count, np.uint64)
    for i in range(size):
        out += coefficients[i] * words[i : i + count]
    return mix(out, key.constants("phrase", 1)[0])
