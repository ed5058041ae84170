"""A name as words in plain letters, whatever script it was written in.

- Han characters become syllables of pinyin, one a character.
- Arabic script leaves out short vowels: its words are marked, so that vowels are not held against them.
- Legal forms, particles and titles are left out; words of trade become one form for all languages.
"""

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from stillwatch.access.names.pinyin import FAMILY_READINGS, chinese
from stillwatch.access.names.words import GENERIC, PHRASES, WORDS, Word
from stillwatch.records import InvalidConfiguration

try:
    from anyascii import anyascii
except ModuleNotFoundError as missing:
    raise InvalidConfiguration("names need anyascii; pip install 'stillwatch[access]'") from missing

UNVOWELLED, SYLLABLE = "~", "^"  # marks before a word
MOST_WORDS = 12
LONGEST = 300  # characters of a name
Kind = Literal["person", "organisation", "unknown"]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefe]")
_ARTICLE = re.compile("^(?:\u0627\u0644|\u0644\u0644)(?=.{2})")  # alif lam, or lam lam: for the
_SILENT = str.maketrans(
    "", "", "\u0629\u0640" + "".join(map(chr, range(0x064B, 0x0660)))
)  # ta marbuta, marks
_CAPITALS = re.compile(r"[A-Z][a-z]*|[a-z]+|[0-9]+")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_SLAVE_OF = re.compile(r"^[ae]bd(?:[aeiou](?:l(?=[a-z])|([drstnz])(?=\1)))?([a-z]{2,})$")
_SON = UNVOWELLED + "bn"
_JOINED = {"allah": "lah", "ullah": "lah"} | {f"abd{vowel}{end}": "abd" for vowel in "aeu" for end in "lrsn"}
_APART = frozenset("'`\"\u2019\u2018\u02bc\u02bb\u02be\u02bf\u00b4\u2032")
_PLAIN = re.compile("[a-z0-9]+")


class Spelled(NamedTuple):
    """Words that tell who is meant, then words of trade; and what the name itself says of its kind."""

    words: tuple[str, ...]
    trade: tuple[str, ...]
    kind: Kind


def spell(name: str) -> Spelled:
    text = name[:LONGEST]
    plain = text.isascii()
    text = text.lower() if plain else unicodedata.normalize("NFKC", text).casefold()
    if "," in text or "\u060c" in text:
        text = _given_first(text)
    if plain:
        words, syllabic = _ascii_words(text), False
    else:
        words, syllabic = _other_words(text)
    kept: list[str] = []
    trade: list[str] = []
    legal = False
    for word in words:
        known, parts = _known(word)
        if known is None:
            kept += parts
        elif known.kind == "generic":
            trade.append(known.stands_for)
        elif known.kind == "legal":
            legal = True
        elif known.kind == "particle" and len(words) < 3 and not trade and not legal:
            kept.append(word)  # of two words, both are needed
    if not kept:  # nothing but such words: then they are the name
        kept, trade = trade or words, []
    organisation = legal or bool(trade) or any(word in GENERIC for word in kept)
    if not syllabic and (as_chinese := chinese(kept, organisation=organisation)) is not None:
        kept = [SYLLABLE + part for part in as_chinese]
    return Spelled(
        tuple(kept[:MOST_WORDS]), tuple(trade[:MOST_WORDS]), "organisation" if organisation else "unknown"
    )


def _given_first(text: str) -> str:
    """A family name that stands before a comma goes to the end; a legal form after one stays."""
    before, comma, after = text.replace("\u060c", ",").partition(",")
    if not comma or "," in after or not before.strip():
        return text
    following = WORDS.get(after.replace(".", "").strip().partition(" ")[0])
    if following is not None and following.kind == "legal":
        return text
    return f"{after} {before}"


def _ascii_words(text: str) -> list[str]:
    if not _APART.isdisjoint(text):
        text = "".join(letter for letter in text if letter not in _APART)
    if "." in text:
        text = _DOTTED.sub(_undotted, text)
    return _PLAIN.findall(text)


def _undotted(match: re.Match[str]) -> str:
    """Letters of a legal form together, initials of a person apart."""
    together = match[0].replace(".", "")
    return f"{together} " if together in WORDS else match[0]


def _other_words(text: str) -> tuple[list[str], bool]:
    """Words, and whether Han characters gave syllables."""
    syllabic = bool(_HAN.search(text))
    if syllabic:
        for phrase, stands_for in PHRASES:
            text = text.replace(phrase, stands_for)
    text = "".join(letter for letter in text if letter not in _APART)
    words: list[str] = []
    for word in re.split(r"[^\w.]+|_", text):
        if not word:
            continue
        if _HAN.search(word):
            head = FAMILY_READINGS.get(word[0])
            parts = [part.lower() for part in _CAPITALS.findall(anyascii(word if head is None else word[1:]))]
            words += [SYLLABLE + part for part in ([] if head is None else [head]) + parts]
        elif _ARABIC.search(word):
            bare = anyascii(_ARTICLE.sub("", word.translate(_SILENT))).lower()
            letters = re.sub("[^a-z0-9]", "", bare)
            if letters:
                words.append(UNVOWELLED + letters)
        else:
            words += _ascii_words(_latin(word))
    return words, syllabic


@cache
def _latin(word: str) -> str:
    return anyascii(word).lower()


@cache
def _known(word: str) -> tuple[Word | None, tuple[str, ...]]:
    """What is known of a word, and what it becomes where nothing is."""
    known = WORDS.get(word.removeprefix(UNVOWELLED))
    if known is not None and word[0] == UNVOWELLED and known.kind in {"particle", "title"} and word != _SON:
        known = None  # such a word is written with its vowels elsewhere only
    return known, tuple(_parts(word))


def _parts(word: str) -> list[str]:
    """Names that begin with Abd in two words, however they were joined; Allah without its article."""
    if word in _JOINED:
        return [_JOINED[word]]
    if word.startswith(("abd", "ebd")) and (found := _SLAVE_OF.match(word)) and len(word) > 5:
        return ["abd", found[2]]
    return [word]
