"""Arrow columns and a key for tests of features."""

import pyarrow as pa

from stillwatch.features.key import SketchKey
from stillwatch.features.words import words_of

KEY = SketchKey(b"the key that all tests of features")
OTHER = SketchKey(b"another key that shares no constant")
TEXTS = (
    "",
    "hi",
    "Hello, World!",
    "Solve 12 times 13 and show the steps",
    "こんにちは。世界は広い",
    "Ünïcode wörds — with dashes",
    "한국어 문장입니다",
    "x" * 100,
    "one two three",
    "one two three four five six seven eight nine ten",
    "\u0000 odd \x7f bytes",
    "mixed日本語text",
)


def column(*texts):
    return pa.array(texts, pa.string())


def words(*texts, key=KEY):
    return words_of(column(*texts), key)
