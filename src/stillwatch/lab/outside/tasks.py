"""Task texts by capability: public prompts where `STILLWATCH_DATA` names them, else composed from grammars."""

import gzip
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import msgspec

from stillwatch.lab.outside.grammar import spin
from stillwatch.lab.outside.wording.tasks import FOLDERS, GRAMMARS, NOUNS, VERBS
from stillwatch.lab.outside.wording.words import CITIES, NAMES

Task = Callable[[], str]
"""The next bare task of a program or person."""

LONGEST = 2_600  # characters kept of a task
COMPOSED = 900  # texts of a capability where there are no public ones
OPERATORS_UNTIL, OTHERS_FROM = (
    0.65,
    0.3,
)  # the pools overlap: operators and innocents ask the same public tasks
ANSWERS = 250
_SLOT = re.compile(r"%(\w+)%")
_WORDS = {"name": NAMES, "city": CITIES, "noun": NOUNS, "verb": VERBS, "dir": FOLDERS}
_NUMBERS = {"k": (2, 9), "n": (5, 23), "m": (11, 96)}


class _Prompt(msgspec.Struct):
    text: str


class Tasks:
    """The pools, one of operators and one of everybody else, and snippets that stand for answers."""

    def __init__(self, rng: Random, seed: int) -> None:
        self.rng = rng
        self.operators: dict[str, list[str]] = {}
        self.others: dict[str, list[str]] = {}
        composer = Random(f"{seed}/tasks")
        for capability in GRAMMARS:
            texts = [text[:LONGEST] for text in _public(capability) or _composed(composer, capability)]
            rng.shuffle(texts)
            self.operators[capability] = texts[: int(len(texts) * OPERATORS_UNTIL)]
            self.others[capability] = texts[int(len(texts) * OTHERS_FROM) :]
        self.answers = [
            text[: rng.choice((60, 160, 350))] for text in rng.sample(self.others["general"], ANSWERS)
        ]

    def any_of(self, capabilities: Sequence[str], suite: int | None = None) -> Task:
        """Tasks of some capabilities in no order, of a fixed suite where its size is given."""
        rng = self.rng
        pool = self._sampled(capabilities, 900)
        if suite:
            pool = rng.sample(pool, min(suite, len(pool)))
        return lambda: rng.choice(pool)

    def in_order(self, capabilities: Sequence[str], suite: int) -> Task:
        """A suite walked from the start again and again."""
        pool = self._sampled(capabilities, 700)
        pool = self.rng.sample(pool, min(suite, len(pool)))
        done = 0

        def following() -> str:
            nonlocal done
            done += 1
            return pool[done % len(pool)]

        return following

    def _sampled(self, capabilities: Sequence[str], most: int) -> list[str]:
        pools = [self.others[capability] for capability in capabilities]
        return [text for pool in pools for text in self.rng.sample(pool, min(len(pool), most))]


def _public(capability: str) -> list[str]:
    root = os.environ.get("STILLWATCH_DATA")
    path = Path(root or "", "prompts", f"{capability}.jsonl.gz")
    if not root or not path.is_file():
        return []
    decode = msgspec.json.Decoder(_Prompt).decode
    with gzip.open(path) as lines:
        return [decode(line).text for line in lines]


def _composed(rng: Random, capability: str) -> list[str]:
    def word(match: re.Match[str]) -> str:
        name = match[1]
        return str(rng.randint(*_NUMBERS[name])) if name in _NUMBERS else rng.choice(_WORDS[name])

    return [_SLOT.sub(word, spin(rng, rng.choice(GRAMMARS[capability]))) for _ in range(COMPOSED)]
