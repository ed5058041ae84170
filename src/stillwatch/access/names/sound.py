"""What a word sounds like: spellings of one name in several customs become one form, or nearly.

`folded` keeps vowels, `skeleton` keeps consonants in classes, which is what scripts without vowels leave of a name.
"""

import re

from stillwatch.access.names.spelling import SYLLABLE, UNVOWELLED

_FOLDS = (
    ("schtsch", "sh"), ("chtch", "sh"), ("shch", "sh"), ("szcz", "sh"), ("tsch", "ch"), ("tch", "ch"),
    ("dsch", "j"), ("dzh", "j"), ("dj", "j"), ("sch", "sh"), ("zh", "j"), ("sz", "sh"), ("cz", "ch"),
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ck", "k"), ("tz", "z"), ("ts", "z"),
    ("x", "ks"), ("q", "k"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("iy", "i"), ("ij", "i"),
    ("yi", "i"), ("ii", "i"), ("ey", "ei"), ("ay", "ai"), ("ya", "ia"), ("yu", "iu"), ("yo", "io"), ("ye", "e"),
)  # fmt: skip
_AFTER_CONSONANT = re.compile(r"(?<=[bcdfgklmnprstvz])j(?=[aeiou])")
_SOFT_C = re.compile(r"c(?=[eiy])")
_HARD_C = re.compile(r"c(?!h)")
_DOUBLE = re.compile(r"(.)\1+")
_ENDING = re.compile(r"(?<=[oe])f+$")
_ARTICLE = re.compile(r"[ae](?:l|([drstnz])(?=\1))([bcdfghjkmnpqrstvwz][a-z]{3,})$")
_VOWELS = re.compile("[aeiouy]")
_SIBILANT = re.compile("sh|ch|[szj]")


_CONTINENTAL = (
    ("dsch", "zh"), ("tsch", "<"), ("sch", "sh"), ("tch", "<"), ("ch", "kh"), ("<", "tch"), ("x", "kh"), ("j", "y"),
)  # fmt: skip


def readings(word: str) -> tuple[str, ...]:
    """How a word may sound, one way or two.

    As English spells, and where that differs as on the Continent (j as y, ch and x as kh), or without an article that
    was joined to it. Of Arabic script: with w as a vowel and with w as a consonant, with j and with g.
    """
    plain = folded(word)
    if word[0] == SYLLABLE:
        return (plain,)
    if word[0] == UNVOWELLED:
        other = folded(word, consonantal=True)
    elif (found := _ARTICLE.match(word)) is not None:
        other = folded(found[2])
    elif "j" in word or "ch" in word or "x" in word:
        there = word
        for spelled, sound in _CONTINENTAL:
            there = there.replace(spelled, sound)
        other = folded(there)
    else:
        return (plain,)
    return (plain,) if other == plain else (plain, other)


def folded(word: str, *, consonantal: bool = False) -> str:
    """A word as it sounds; of Arabic script, `consonantal` reads w as v and j as g."""
    if word[0] == UNVOWELLED:
        return _folded_script(word[1:], consonantal=consonantal)
    if word[0] == SYLLABLE:
        word = word[1:]
    if word.startswith("je"):  # as German and Polish write what English writes ye
        word = word[1:]
    for spelled, sound in _FOLDS:
        if spelled in word:
            word = word.replace(spelled, sound)
    word = _AFTER_CONSONANT.sub("i", word)
    if "c" in word:
        word = _HARD_C.sub("k", _SOFT_C.sub("s", word))
    word = _ENDING.sub("v", word).replace("y", "i")
    return _DOUBLE.sub(r"\1", word)


def _folded_script(word: str, *, consonantal: bool) -> str:
    for spelled, sound in (("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("q", "k"), ("y", "i")):
        word = word.replace(spelled, sound)
    if consonantal:
        word = word.replace("j", "g").replace("w", "v")
    elif word.startswith("w"):
        word = "v" + word[1:]
    return _DOUBLE.sub(r"\1", word.replace("w", "u"))


_SOFT_O = re.compile(r"(?<=[a-z])io(?=[a-z])")  # as in Fyodor and Fedor
_COARSE = str.maketrans("eoz", "aus")
_LONG = str.maketrans("o", "u", "ae")


def coarse(sound: str) -> str:
    """A sound with a and e, o and u, s and z as one: which of them is written is a matter of taste."""
    return _DOUBLE.sub(r"\1", _SOFT_O.sub("e", sound.replace("j", "sh")).translate(_COARSE))


def long_vowels(word: str) -> str:
    """Consonants, and the vowels that Arabic script writes where they are long."""
    return _DOUBLE.sub(r"\1", folded(word).translate(_LONG)).lstrip("ui") or word


def consonants(word: str) -> tuple[str, ...]:
    """What is written where vowels are not; sibilants are kept apart, since two names may differ in nothing else."""
    return tuple(_bare(sound.replace("ch", "sh"), word) for sound in readings(word))


def skeletons(word: str) -> tuple[str, ...]:
    """One for each reading; none is empty, since a word without consonants is its own."""
    if word[0] == SYLLABLE or word[0].isdigit():
        return (word,)
    return tuple(dict.fromkeys(_bare(_SIBILANT.sub("s", sound), word) for sound in readings(word)))


def _bare(sound: str, word: str) -> str:
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", sound.replace("f", "v"))) or sound or word


SHORTEST, SHORT = (
    3,
    3,
)  # letters of a skeleton: one of fewer has no neighbours, one of no more only of its own length


def neighbours(bones: str) -> list[str]:
    """A skeleton, and what it becomes without any one letter: two that differ in one letter share one of these."""
    if bones[0] == SYLLABLE or bones[0].isdigit() or len(bones) < SHORTEST:
        return [bones]
    mark = "." if len(bones) <= SHORT else ""
    return [bones, *sorted({bones[:at] + mark + bones[at + 1 :] for at in range(len(bones))})]
