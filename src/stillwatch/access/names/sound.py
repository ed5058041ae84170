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
_VOWELS = re.compile("[aeiouy]")
_SIBILANT = re.compile("sh|ch|[szj]")


_CONTINENTAL = (
    ("dsch", "zh"), ("tsch", "<"), ("sch", "sh"), ("tch", "<"), ("ch", "kh"), ("<", "tch"), ("x", "kh"), ("j", "y"),
)  # fmt: skip


def readings(word: str) -> tuple[str, ...]:
    """How a word may sound: as English spells, and where that differs as on the Continent (j as y, ch and x as kh)."""
    plain = folded(word)
    if word[0] == SYLLABLE or not ("j" in word or "ch" in word or "x" in word):
        return (plain,)
    mark, other = (UNVOWELLED, word[1:]) if word[0] == UNVOWELLED else ("", word)
    for spelled, sound in _CONTINENTAL:
        other = other.replace(spelled, sound)
    there = folded(mark + other)
    return (plain,) if there == plain else (plain, there)


def folded(word: str) -> str:
    if word[0] in (SYLLABLE, UNVOWELLED):
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


def skeletons(word: str) -> tuple[str, ...]:
    """One for each reading; none is empty, since a word without consonants is its own."""
    if word[0] == SYLLABLE or word[0].isdigit():
        return (word,)
    return tuple(dict.fromkeys(_bones(sound, word) for sound in readings(word)))


def consonants(word: str) -> str:
    """What is written where vowels are not; sibilants are kept apart, since two names may differ in nothing else."""
    return _bare(folded(word), word)


def _bones(sound: str, word: str) -> str:
    return _DOUBLE.sub(r"\1", _SIBILANT.sub("s", _bare(sound, word)))


def _bare(sound: str, word: str) -> str:
    if word[0] == UNVOWELLED:  # its w is the sound of v at the beginning only, and a long vowel elsewhere
        sound = sound[:1] + sound[1:].replace("v", "")
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", sound.replace("f", "v"))) or sound or word


LONG_ENOUGH = 4  # letters of a skeleton: of a shorter one too little is left when one is gone


def neighbours(bones: str) -> list[str]:
    """A skeleton, and what it becomes without any one letter: two that differ in one letter share one of these."""
    if bones[0] == SYLLABLE or bones[0].isdigit() or len(bones) < LONG_ENOUGH:
        return [bones]
    return [bones, *sorted({bones[:at] + bones[at + 1 :] for at in range(len(bones))})]
