"""How alike two names are: their words are paired up, and what is left over on both sides counts against them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillwatch.access.names.book import KINDS, NONE, WIDTH, Book, Ints, Lexicon
from stillwatch.records import InvalidConfiguration

try:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist
except ModuleNotFoundError as missing:
    raise InvalidConfiguration("names need rapidfuzz; pip install 'stillwatch[access]'") from missing

FEATURES = (
    "constant",
    "agreement",  # weight of paired words times how alike they are, of the weight of both names
    "covered",  # the same, of the weight of the lighter name
    "contradiction",  # weight left over on both sides, of the lighter name's
    "surplus",  # weight left over on one side only
    "worst",  # the largest disagreement within a pair of words, as a weight
    "unlike",  # weight of pairs of words that are not very much alike
    "joined",  # how alike both names are without blanks
    "whole",  # how nearly they are one without blanks, from nine tenths on
    "single",  # only one word tells
    "feminine",  # two words differ by a feminine ending
    "numbers",  # they have not the same numbers
    "kinds",  # a person and an organisation
    "initial",  # an initial stands for a word
    "unvowelled",  # one of both is written without vowels
    "disorder",  # words that agree stand in another order, which no moving of a family name explains
    "trades",  # both have words of trade, and none in common
    "syllables",  # both are made of syllables, and not of the same
    "headless",  # the longer name's first word is not in the shorter
    "told",  # weight of what agrees
    "agreement squared",
    "covered squared",
    "worst squared",
    "contradiction squared",
    "surplus squared",
)
SQUARED = [FEATURES.index(name.removesuffix(" squared")) for name in FEATURES if name.endswith(" squared")]
ORGANISATION = KINDS.index("organisation")
STRATA = ("plain", "unvowelled", "syllables", "trade")  # each weighs features in its own way
SHORT = 3  # words of a name that most do not exceed
PAIRABLE = 0.6  # words less alike than this are not the same word
MUCH, NEARLY = 0.85, 0.9
SOUNDS = 0.7  # of the likeness of two words that both have vowels; consonants are the rest
LITTLE = 0.01  # of a weight: less is rounding
INITIAL = 0.8  # an initial that fits
Weights = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Compared:
    """Features of each pair, and which word of the asked name each word of the listed one was paired with."""

    features: npt.NDArray[np.float32]
    stratum: npt.NDArray[np.int8]
    partner: Ints
    alike: Weights


def compare(listed: Book, asked: Book, lexicon: Lexicon, one: Ints, other: Ints) -> Compared:
    """Compare listed spellings with asked ones, pair by pair; short names apart, since most are short."""
    whole = Compared(
        np.empty((len(one), len(FEATURES)), np.float32),
        np.empty(len(one), np.int8),
        np.full((len(one), WIDTH), NONE, np.int32),
        np.zeros((len(one), WIDTH), np.float32),
    )
    short = (listed.words[one, SHORT] == NONE) & (asked.words[other, SHORT] == NONE)
    for rows, width in ((np.flatnonzero(short), SHORT), (np.flatnonzero(~short), WIDTH)):
        if len(rows):
            part = _compare(listed, asked, lexicon, one[rows], other[rows], width)
            whole.features[rows], whole.stratum[rows] = part.features, part.stratum
            whole.partner[rows, :width], whole.alike[rows, :width] = part.partner, part.alike
    return whole


def _compare(listed: Book, asked: Book, lexicon: Lexicon, one: Ints, other: Ints, width: int) -> Compared:
    left, right = listed.words[one, :width], asked.words[other, :width]
    trade = (
        _trade(left, listed.telling[one]),
        _trade(right, asked.telling[other]),
    )
    syllables = _any(lexicon.syllable, left) & _any(lexicon.syllable, right)
    blind = _any(lexicon.unvowelled, left), _any(lexicon.unvowelled, right)
    partner, value = _pair_up(_alike(left, right, lexicon))
    weigh = lexicon.weight
    left_weight = np.where(left == NONE, 0, weigh[left]).astype(np.float32)
    right_weight = np.where(right == NONE, 0, weigh[right]).astype(np.float32)
    paired = partner != NONE
    met = np.take_along_axis(right, np.maximum(partner, 0), axis=1)
    met_weight = np.where(paired, np.take_along_axis(right_weight, np.maximum(partner, 0), axis=1), 0)
    common = np.where(paired, np.minimum(left_weight, met_weight), 0)
    both = left_weight.sum(axis=1), right_weight.sum(axis=1)
    agreed = (np.where(paired, (left_weight + met_weight) / 2, 0) * value).sum(axis=1)
    lighter = np.maximum(np.minimum(*both), 1e-6)
    over = both[0] - np.where(paired, left_weight, 0).sum(axis=1), both[1] - met_weight.sum(axis=1)
    exact = (met == left) & paired
    joined = _joined(listed, asked, lexicon, one, other, blind[0] | blind[1])
    disorder = _disorder(partner, (listed.kind[one] == ORGANISATION) & syllables)
    complete = (np.maximum(*over) < LITTLE) & ~disorder
    joined = np.where(
        complete, np.maximum(joined, value.sum(axis=1) / np.maximum(paired.sum(axis=1), 1)), joined
    )
    features = np.column_stack(
        [
            np.ones(len(one)),
            2 * agreed / np.maximum(both[0] + both[1], 1e-6),
            np.minimum(agreed / lighter, 1.0),
            np.minimum(*over) / lighter,
            np.abs(over[0] - over[1]) / np.maximum(both[0] + both[1], 1e-6),
            np.where(paired, np.maximum(left_weight, met_weight) * (1 - value), 0).max(axis=1) / lighter,
            np.where(paired & (value < MUCH), np.maximum(left_weight, met_weight), 0).sum(axis=1) / lighter,
            joined,
            np.maximum(joined - NEARLY, 0) / (1 - NEARLY),
            (np.minimum(listed.telling[one], asked.telling[other]) == 1),
            _feminine(left, met, paired & ~exact, lexicon),
            _numbers(left, right, lexicon),
            (listed.kind[one] > 0) & (asked.kind[other] > 0) & (listed.kind[one] != asked.kind[other]),
            (paired & ~exact & (lexicon.initial[left] | lexicon.initial[met])).any(axis=1),
            blind[0] != blind[1],
            disorder,
            _trades(*trade),
            syllables & (np.maximum(*over) > LITTLE),
            _headless(listed, asked, one, other, partner),
            (common * value).sum(axis=1),
        ]
    ).astype(np.float32)
    features = np.concatenate([features, features[:, SQUARED] ** 2], axis=1)
    traded = (trade[0] != NONE).any(axis=1) | (trade[1] != NONE).any(axis=1)
    stratum = np.select(
        [traded, syllables, blind[0] | blind[1]],
        [STRATA.index("trade"), STRATA.index("syllables"), STRATA.index("unvowelled")],
    ).astype(np.int8)
    return Compared(features, stratum, partner, value)


def _trade(words: Ints, telling: Ints) -> Ints:
    """The words of trade, NONE in place of others."""
    trade: Ints = np.where(np.arange(words.shape[1]) < telling[:, None], NONE, words)
    return trade


def _alike(left: Ints, right: Ints, lexicon: Lexicon) -> Weights:
    """How alike each word of one name is to each of the other, from 0 to 1."""
    there = (left != NONE)[:, :, None] & (right != NONE)[:, None, :]
    same = (left[:, :, None] == right[:, None, :]) & there
    alike: Weights = same.astype(np.float32)
    taken = same.any(axis=2)[:, :, None] | same.any(axis=1)[:, None, :]
    pair, first, second = np.nonzero(there & ~taken)
    if len(pair):
        alike[pair, first, second] = word_likeness(left[pair, first], right[pair, second], lexicon)
    return alike


def word_likeness(one: Ints, other: Ints, lexicon: Lexicon) -> Weights:
    """Of words by sound: with vowels where both have them, else by their skeletons."""
    code = one.astype(np.int64) << 32 | other
    distinct, back = np.unique(code, return_inverse=True)
    one, other = (distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32)
    sounds = _likeliest(lexicon.sound, lexicon.elsewhere, one, other, lexicon)
    bones = _likeliest(lexicon.bones, lexicon.other_bones, one, other, lexicon)
    blind = lexicon.unvowelled[one] | lexicon.unvowelled[other]
    value = SOUNDS * sounds + (1 - SOUNDS) * bones
    if blind.any():
        both = 0.5 * bones[blind] + 0.5 * _near(lexicon.long[one[blind]], lexicon.long[other[blind]])
        value[blind] = both**1.5  # of so few letters, one that is another makes another name
    tight = lexicon.syllable[one] | lexicon.syllable[other]
    value = np.where(tight, 0.0, value)
    value = np.where(lexicon.number[one] | lexicon.number[other], 0.0, value)
    short = lexicon.initial[one] != lexicon.initial[other]
    value = np.where(short, np.where(lexicon.letter[one] == lexicon.letter[other], INITIAL, 0.0), value)
    value = np.where(lexicon.initial[one] & lexicon.initial[other], 0.0, value)
    likeness: Weights = np.where(value >= PAIRABLE, value, 0.0).astype(np.float32)[back]
    return likeness


def _likeliest(
    plain: npt.NDArray[np.object_], second: npt.NDArray[np.object_], one: Ints, other: Ints, lexicon: Lexicon
) -> Weights:
    """The most that any reading of one word is like any of the other."""
    most = _near(plain[one], plain[other])
    for mine, theirs in ((True, False), (False, True), (True, True)):
        also = (lexicon.differs[one] | (not mine)) & (lexicon.differs[other] | (not theirs))
        if also.any():
            left, right = (second if mine else plain)[one[also]], (second if theirs else plain)[other[also]]
            most[also] = np.maximum(most[also], _near(left, right))
    return most


def _near(one: npt.NDArray[np.object_], other: npt.NDArray[np.object_]) -> Weights:
    near: Weights = cpdist(one.tolist(), other.tolist(), scorer=OSA.normalized_similarity, dtype=np.float32)
    return near


def _pair_up(alike: Weights) -> tuple[Ints, Weights]:
    """Greedily, the most alike first: the partner of each listed word, and how alike they are."""
    count, width, _ = alike.shape
    left = alike.reshape(count, -1).copy()
    partner = np.full((count, width), NONE, np.int32)
    value = np.zeros((count, width), np.float32)
    rows = np.arange(count)
    for _ in range(width):
        best = left.argmax(axis=1)
        found = left[rows, best]
        good = found > 0
        if not good.any():
            break
        first, second = np.divmod(best, width)
        at = rows[good]
        partner[at, first[good]], value[at, first[good]] = second[good], found[good]
        grid = left.reshape(count, width, width)
        grid[at, first[good], :] = 0
        grid[at, :, second[good]] = 0
    return partner, value


def _joined(listed: Book, asked: Book, lexicon: Lexicon, one: Ints, other: Ints, blind: Mask) -> Weights:
    result = np.empty(len(one), np.float32)
    for part, sound in ((blind, lexicon.long), (~blind, lexicon.sound)):
        if part.any():
            result[part] = cpdist(
                _whole(listed, sound, one[part]), _whole(asked, sound, other[part]),
                scorer=OSA.normalized_similarity, dtype=np.float32,
            )  # fmt: skip
    return result


def _whole(book: Book, sound: npt.NDArray[np.object_], names: Ints) -> list[str]:
    distinct, back = np.unique(names, return_inverse=True)
    whole = [
        "".join([sound[word] for word in words[:telling]])
        for words, telling in zip(book.words[distinct].tolist(), book.telling[distinct].tolist(), strict=True)
    ]
    return [whole[at] for at in back.tolist()]


def _feminine(left: Ints, met: Ints, differ: Mask, lexicon: Lexicon) -> Mask:
    """Whether paired words are forms such as Petrov and Petrova, or Sokolsky and Sokolskaya."""
    one, other = lexicon.masculine[left], lexicon.masculine[met]
    forms = ((one != NONE) & (one == lexicon.fold_id[met])) | (
        (other != NONE) & (other == lexicon.fold_id[left])
    )
    answer: Mask = (forms & differ).any(axis=1)
    return answer


def _disorder(partner: Ints, strict: Mask) -> Mask:
    """Whether partners do not follow each other; unless `strict`, a family name may have moved from end to end."""
    order = np.argsort(partner == NONE, axis=1, kind="stable")
    following = np.take_along_axis(partner, order, axis=1)
    count = (partner != NONE).sum(axis=1)
    place = np.arange(partner.shape[1])
    nexts = np.where(place + 1 < count[:, None], np.roll(following, -1, axis=1), following[:, :1])
    falls = (nexts < following) & (place < count[:, None])
    often = falls.sum(axis=1)
    answer: Mask = (often > 1) | (
        strict & (often == 1) & ~falls[np.arange(len(falls)), np.maximum(count - 1, 0)]
    )
    return answer


def _trades(mine: Ints, theirs: Ints) -> Mask:
    common = (mine[:, :, None] == theirs[:, None, :]) & (mine != NONE)[:, :, None]
    answer: Mask = (mine != NONE).any(axis=1) & (theirs != NONE).any(axis=1) & ~common.any(axis=(1, 2))
    return answer


def _headless(listed: Book, asked: Book, one: Ints, other: Ints, partner: Ints) -> Mask:
    mine, theirs = listed.telling[one], asked.telling[other]
    first = np.where(mine > theirs, partner[:, 0] != NONE, (partner == 0).any(axis=1))
    answer: Mask = (mine != theirs) & ~first
    return answer


def _numbers(left: Ints, right: Ints, lexicon: Lexicon) -> Mask:
    one, other = (np.where((side != NONE) & lexicon.number[side], side, NONE) for side in (left, right))
    answer: Mask = (np.sort(one) != np.sort(other)).any(axis=1)
    return answer


def _any(what: Mask, words: Ints) -> Mask:
    answer: Mask = ((words != NONE) & what[words]).any(axis=1)
    return answer
