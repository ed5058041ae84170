"""A word-level vocabulary: the most frequent words and signs of a text; what is not among them is one token."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.records import UnreadableInput

WORD = re.compile(r"[^\W\d_]+|\d|[^\w\s]|_")
END, UNKNOWN = 0, 1  # tokens: between texts, and for what the vocabulary lacks
RESERVED = ("<end>", "<unknown>")


class Vocabulary(msgspec.Struct, frozen=True):
    """Words by their token."""

    words: list[str]

    def __len__(self) -> int:
        return len(self.words)

    def numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words) if number >= len(RESERVED)}

    def encode(self, texts: Iterable[str], known: dict[str, int] | None = None) -> list[Ints]:
        """The tokens of each text, without an end; `known` are the `numbers`, where they are at hand."""
        known = self.numbers() if known is None else known
        return [
            np.array([known.get(word.lower(), UNKNOWN) for word in WORD.findall(text)], np.int64)
            for text in texts
        ]


def learn(texts: Iterable[str], size: int) -> Vocabulary:
    """The most frequent words in lower case; of equally frequent ones the first in the alphabet."""
    counts = Counter(word.lower() for text in texts for word in WORD.findall(text))
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: size - len(RESERVED)]
    return Vocabulary([*RESERVED, *(word for word, _ in best)])


def stream(sequences: Iterable[Ints]) -> Ints:
    """Texts one after the other, an end after each."""
    parts = [part for one in sequences for part in (one, [END])]
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, np.int64)


def write(vocabulary: Vocabulary, path: Path) -> None:
    path.write_bytes(msgspec.json.encode(vocabulary))


def load(path: Path) -> Vocabulary:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Vocabulary)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"{path}: not a vocabulary: {error}") from error
    if tuple(found.words[: len(RESERVED)]) != RESERVED or len(set(found.words)) != len(found.words):
        raise UnreadableInput(
            f"{path}: not a vocabulary: it begins with {RESERVED}, and no word stands twice"
        )
    return found
