"""Words that say little about who is meant: legal forms, trades in several languages, particles and titles."""

import csv
from pathlib import Path
from typing import Literal, NamedTuple

HERE = Path(__file__).parent
Class = Literal["legal", "generic", "particle", "title"]


class Word(NamedTuple):
    """`stands_for` is the one form of a generic word in all languages."""

    kind: str
    stands_for: str


def _words() -> dict[str, Word]:
    with (HERE / "words.csv").open(encoding="utf-8") as file:
        return {row["word"]: Word(row["class"], row["stands_for"]) for row in csv.DictReader(file)}


def _phrases() -> list[tuple[str, str]]:
    """The longest first, since one may stand within another."""
    with (HERE / "phrases.csv").open(encoding="utf-8") as file:
        rows = [(row["phrase"], f" {row['stands_for']} ") for row in csv.DictReader(file)]
    return sorted(rows, key=lambda row: -len(row[0]))


WORDS = _words()
PHRASES = _phrases()
GENERIC = frozenset(word.stands_for for word in WORDS.values() if word.kind == "generic")
