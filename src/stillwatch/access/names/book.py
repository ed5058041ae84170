"""Names as numbers: the words of each distinct spelling, with what each word is worth as evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stillwatch.access.names.sound import coarse, consonants, long_vowels, neighbours, readings, skeletons
from stillwatch.access.names.spelling import SYLLABLE, UNVOWELLED, Kind, spell
from stillwatch.access.names.words import GENERIC

WIDTH = 7  # words of a name that are compared
MOST_TRADE = 2  # of them words of trade
NONE = -1
KINDS: tuple[Kind, ...] = ("unknown", "person", "organisation")
LEAST = 0.15  # what a word of trade, or one that everybody has, is worth of a word that only one has
SHORT = 3  # letters: a form that ends in a is longer
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Book:
    """Distinct spellings: `words` (ids of the vocabulary, NONE after the last), how many are not of trade, kind.

    `row` has the spelling of each name that was given, in their order.
    """

    words: Ints
    telling: Ints
    kind: npt.NDArray[np.int8]
    row: Ints


@dataclass
class Vocabulary:
    """All words that were met, by number."""

    ids: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def book(self, names: Iterable[str | None], kinds: Sequence[Kind] | None = None) -> Book:
        """Spell names; None and names without letters get a spelling without words."""
        flat: list[int] = []
        counts: list[int] = []
        telling: list[int] = []
        own: list[int] = []
        code = {kind: at for at, kind in enumerate(KINDS)}
        ids, words = self.ids, self.words
        for name in names:
            spelled = spell(name or "")
            kept = spelled.words[: WIDTH - MOST_TRADE]
            whole = kept + spelled.trade[:MOST_TRADE]
            for word in whole:
                at = ids.get(word)
                if at is None:
                    at = ids[word] = len(words)
                    words.append(word)
                flat.append(at)
            counts.append(len(whole))
            telling.append(len(kept))
            own.append(code[spelled.kind])
        matrix = np.full((len(counts), WIDTH), NONE, np.int32)
        lengths = np.array(counts, np.int64)
        matrix[np.arange(WIDTH) < lengths[:, None]] = flat
        kind = np.array(own, np.int8)
        if kinds is not None:
            said = np.array([code[one] for one in kinds], np.int8)
            kind = np.where(said > 0, said, kind)
        return _distinct(matrix, np.array(telling, np.int32), kind)


def _distinct(matrix: Ints, telling: Ints, kind: npt.NDArray[np.int8]) -> Book:
    whole = np.column_stack([matrix, telling, kind.astype(np.int32)])
    keys = np.ascontiguousarray(whole).view([("", np.int32)] * whole.shape[1]).ravel()
    order = np.argsort(keys, kind="stable")
    begins = np.ones(len(order), bool)
    begins[1:] = keys[order][1:] != keys[order][:-1]
    row = np.empty(len(order), np.int32)
    row[order] = np.cumsum(begins) - 1
    first = order[begins]
    return Book(matrix[first], telling[first], kind[first], row)


@dataclass(frozen=True)
class Lexicon:
    """What is known of each word of a vocabulary; `hash` and `near` are of skeletons."""

    words: list[str]
    folded: npt.NDArray[np.object_]
    letter: Ints  # the first of the sound
    fold_id: Ints
    masculine: Ints  # the fold_id of what a feminine form is made from; NONE of other words
    sound: npt.NDArray[np.object_]  # with vowels of two kinds and i
    elsewhere: npt.NDArray[np.object_]  # the other reading; the same where that does not differ
    differs: npt.NDArray[np.bool_]
    bones: npt.NDArray[np.object_]  # consonants
    other_bones: npt.NDArray[np.object_]  # of the other reading
    long: npt.NDArray[np.object_]  # with long vowels
    bone_id: Ints
    weight: Floats
    unvowelled: npt.NDArray[np.bool_]
    syllable: npt.NDArray[np.bool_]
    number: npt.NDArray[np.bool_]
    initial: npt.NDArray[np.bool_]
    same: Hashes  # a word's own skeletons
    same_start: npt.NDArray[np.int64]
    near: Hashes  # these and their neighbours, a word's own first
    near_start: npt.NDArray[np.int64]


def lexicon(vocabulary: Vocabulary, books: Sequence[Book]) -> Lexicon:
    """Weigh each word by how rare its sound is among all names of the books."""
    words = vocabulary.words
    sounds = [readings(word) for word in words]
    bones = [skeletons(word) for word in words]
    ids: dict[str, int] = {}
    bone_id = np.array([ids.setdefault(one[0], len(ids)) for one in bones], np.int32)
    differs = np.array([len(one) > 1 for one in sounds], bool)
    return Lexicon(
        words,
        np.array([one[0] for one in sounds], object),
        np.array([ord(one[0][:1] or " ") for one in sounds], np.int32),
        *_forms([one[0] for one in sounds]),
        np.array([coarse(one[0]) for one in sounds], object),
        np.array([coarse(one[-1]) for one in sounds], object),
        differs,
        np.array([consonants(word)[0] for word in words], object),
        np.array([consonants(word)[-1] for word in words], object),
        np.array([long_vowels(word) for word in words], object),
        bone_id,
        _weights(words, bone_id, books),
        np.array([word[0] == UNVOWELLED for word in words], bool),
        np.array([word[0] == SYLLABLE for word in words], bool),
        np.array([word[0].isdigit() for word in words], bool),
        np.array([len(word) == 1 for word in words], bool),
        *_hashes(bones),
        *_hashes([tuple(dict.fromkeys(near for bone in one for near in neighbours(bone))) for one in bones]),
    )


def _forms(folds: list[str]) -> tuple[Ints, Ints]:
    ids: dict[str, int] = {}
    fold_id = np.array([ids.setdefault(one, len(ids)) for one in folds], np.int32)
    masculine = [ids.get(one[:-3] + "i" if one.endswith("skaia") else one[:-1], NONE) for one in folds]
    feminine = [len(one) > SHORT and one.endswith("a") for one in folds]
    return fold_id, np.where(feminine, np.array(masculine, np.int32), NONE).astype(np.int32)


def _hashes(groups: Sequence[Sequence[str]]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The hashes of all groups one after the other, and where each begins."""
    start = np.zeros(len(groups) + 1, np.int64)
    np.cumsum([len(group) for group in groups], out=start[1:])
    return np.array([hash(one) for group in groups for one in group], np.int64).view(np.uint64), start


def _weights(words: list[str], bone_id: Ints, books: Sequence[Book]) -> Floats:
    """Between LEAST and 1: the logarithm of how rare a sound is, as a part of the rarest's."""
    total = sum(len(book.words) for book in books)
    often = np.zeros(int(bone_id.max(initial=0)) + 1)
    for book in books:
        met = book.words[book.words != NONE]
        often += np.bincount(bone_id[met], minlength=len(often))
    rare = np.log((total + 10) / (often + 1)) / np.log(total + 10)
    weight: Floats = np.clip(rare, LEAST, 1.0)[bone_id].astype(np.float32)
    light = np.array([word in GENERIC or word in {"abd", "~bd"} for word in words], bool)
    weight[light] = LEAST
    weight[np.array([len(word) == 1 for word in words], bool)] *= 0.5  # an initial says half at most
    return weight
