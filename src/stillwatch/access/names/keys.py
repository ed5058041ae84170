"""Which names are worth comparing: those that share a key made of two words, or of one name as a whole.

Two words make a key where one sounds the same and the other does so but for one letter. Only pairs of words that
carry about half of a name's weight do, so that two names everybody has bring no one together. A name of one word, a
name without its blanks, and all syllables of a Chinese one in any order, are keys of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.access.names.book import NONE, Book, Hashes, Ints, Lexicon

PAIRED = 4  # words of a name, the weightiest, that are paired
HALF = 0.45  # of the weight of these words that two of them must have
NEAR_CAP = 100  # names of a list under a key that only nearly matches; more than that tell nothing apart
WHOLE_ENOUGH = 5  # consonants of a name without blanks, of which one may be another
CANDIDATES = 400_000  # pairs held at once
_PAIR, _WHOLE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_DOUBLE = re.compile(r"(.)\1+")
Longs = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Keys:
    """Keys in order, the spelling of each, and whether it matches exactly."""

    key: Hashes
    name: Ints
    exact: Mask

    def ordered(self) -> "Keys":
        order = np.argsort(self.key, kind="stable")
        return Keys(self.key[order], self.name[order], self.exact[order])


def keys(book: Book, lexicon: Lexicon, first: int, last: int) -> Keys:
    """The keys of some spellings of a book."""
    names = np.arange(first, last, dtype=np.int32)
    words, weight = _weightiest(book, lexicon, names)
    parts = [*_pairs(words, weight, names, lexicon), _wholes(book, lexicon, names)]
    return Keys(
        np.concatenate([part.key for part in parts]),
        np.concatenate([part.name for part in parts]),
        np.concatenate([part.exact for part in parts]),
    )


def _weightiest(book: Book, lexicon: Lexicon, names: Ints) -> tuple[Ints, npt.NDArray[np.float32]]:
    """The weightiest words of each name that are no words of trade."""
    words = book.words[names]
    told = np.arange(words.shape[1]) < book.telling[names][:, None]
    weight = np.where(told, lexicon.weight[words], -1.0).astype(np.float32)
    order = np.argsort(-weight, axis=1, kind="stable")[:, :PAIRED]
    kept = np.take_along_axis(np.where(told, words, NONE), order, axis=1)
    return kept, np.maximum(np.take_along_axis(weight, order, axis=1), 0.0)


def _pairs(words: Ints, weight: npt.NDArray[np.float32], names: Ints, lexicon: Lexicon) -> Iterator[Keys]:
    needed = HALF * weight.sum(axis=1)
    for one in range(PAIRED):
        for other in range(PAIRED):
            if one == other:
                continue
            good = (words[:, one] != NONE) & (words[:, other] != NONE)
            good &= (weight[:, one] + weight[:, other] >= needed) & ~lexicon.syllable[words[:, one]]
            same, near, name = words[good, one], words[good, other], names[good]
            at, length = _spread(lexicon.near_start[near], lexicon.near_start[near + 1])
            exact = at == np.repeat(lexicon.near_start[near], length)
            same, name = np.repeat(same, length), np.repeat(name, length)
            first, again = _spread(lexicon.same_start[same], lexicon.same_start[same + 1])
            key = lexicon.same[first] * _PAIR + np.repeat(lexicon.near[at], again)
            yield Keys(_mixed(key), np.repeat(name, again), np.repeat(exact, again))


def initial_keys(book: Book, lexicon: Lexicon, first: int, last: int, *, of_initials: bool) -> Keys:
    """Keys of a word and the first letter of another: of the initials a name has, or of the words it writes out."""
    names = np.arange(first, last, dtype=np.int32)
    words, _ = _weightiest(book, lexicon, names)
    letter = lexicon.letter.astype(np.uint64)
    fits = lexicon.initial if of_initials else ~(lexicon.initial | lexicon.number | lexicon.syllable)
    parts = []
    for one in range(PAIRED):
        for other in range(PAIRED):
            good = (words[:, one] != NONE) & (words[:, other] != NONE) & (one != other)
            good &= fits[words[:, other]] & ~lexicon.initial[words[:, one]]
            own = lexicon.same[lexicon.same_start[words[good, one]]]
            parts.append((own * _PAIR + letter[words[good, other]], names[good]))
    name = np.concatenate([part[1] for part in parts])
    return Keys(_mixed(np.concatenate([part[0] for part in parts])), name, np.zeros(len(name), bool))


def _wholes(book: Book, lexicon: Lexicon, names: Ints) -> Keys:
    """Each name without its blanks; but for one letter too where it is one word, or syllables."""
    key: list[int] = []
    name: list[int] = []
    exact: list[bool] = []
    bones, syllable = lexicon.bones, lexicon.syllable
    for at, words, telling in zip(
        names.tolist(), book.words[names].tolist(), book.telling[names].tolist(), strict=True
    ):
        kept = words[:telling]
        if not kept:
            continue
        whole = _DOUBLE.sub(r"\1", "".join([bones[word] for word in kept]))
        key.append(hash(whole))
        name.append(at)
        exact.append(True)
        if syllable[kept[0]]:
            key.append(hash("".join(sorted([lexicon.words[word] for word in kept]))))
            name.append(at)
            exact.append(True)
        if (telling == 1 or syllable[kept[0]]) and len(whole) >= WHOLE_ENOUGH:
            shorter = {whole[:cut] + whole[cut + 1 :] for cut in range(len(whole))}
            key += map(hash, shorter)
            name += [at] * len(shorter)
            exact += [False] * len(shorter)
    return Keys(
        _mixed(np.array(key, np.int64).view(np.uint64) * _WHOLE),
        np.array(name, np.int32),
        np.array(exact, bool),
    )


def _mixed(value: Hashes) -> Hashes:
    return (value ^ (value >> np.uint64(31))) * _WHOLE


def _spread(first: Longs, last: Longs) -> tuple[Longs, Longs]:
    """All numbers of some ranges one after the other, and the length of each range."""
    length = last - first
    ends = np.cumsum(length)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - length), length), length


def candidates(listed: Keys, asked: Keys) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of spellings (listed, asked) that share a key, each pair once; `listed` is in order."""
    asked = asked.ordered()
    first = np.searchsorted(listed.key, asked.key, side="left")
    last = np.searchsorted(listed.key, asked.key, side="right")
    many = last - first
    kept = (many > 0) & (asked.exact | (many <= NEAR_CAP))
    order = np.argsort(asked.name[kept], kind="stable")  # so that a name's pairs come together
    name, first, last = asked.name[kept][order], first[kept][order], last[kept][order]
    many = np.cumsum(last - first)
    begin = 0
    while begin < len(name):
        before = int(many[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(many, before + CANDIDATES, side="right")), begin + 1)
        while end < len(name) and name[end] == name[end - 1]:
            end += 1
        at, length = _spread(first[begin:end], last[begin:end])
        pair = np.repeat(name[begin:end].astype(np.int64) << 32, length) | listed.name[at]
        pair = np.unique(pair)
        yield (pair & 0xFFFFFFFF).astype(np.int32), (pair >> 32).astype(np.int32)
        begin = end
