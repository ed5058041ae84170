"""Texts of a log: real prompts where `STILLWATCH_DATA` names them, else grammars; and filler that never repeats."""

import gzip
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from stillwatch.lab.elsewhere.asks import ASKS, SOFT_ASKS
from stillwatch.lab.elsewhere.grammar import freeze, spin
from stillwatch.lab.elsewhere.sayings import CHAT, DELICATE, ISSUES, MATHS, TASKS, WRITE

LONGEST = 1_800  # characters kept of a prompt
COMPOSED = 400  # texts of a capability where there are no real ones
CHAINS, STEPS = 2_048, 128
_VARIABLE = re.compile(r"\$([UPOXNMKAB])")
_OTHERS_TASKS = {
    "task_synthesis": ["agentic_reasoning", "coding", "reasoning_traces", "tool_use"],
    "data_curation": ["agentic_reasoning", "coding", "reasoning_traces", "tool_use"],
    "reward_modelling": ["general", "general", "reasoning_traces", "coding"],
    "orchestration": ["general"],
    "vision": ["general"],
}


class _Prompt(msgspec.Struct):
    text: str
    source: str
    capability: str
    lang: str = "und"


class Filler:
    """Sense-free prose: a Markov chain over words, walked by many walkers at once and dealt out unrepeated."""

    def __init__(self, texts: Iterable[str], seed: int) -> None:
        ids: dict[str, int] = {}
        runs = [[ids.setdefault(word, len(ids)) for word in text.split()] for text in texts]
        pairs = np.array([pair for run in runs for pair in pairwise(run)], np.int32)
        pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
        self._words = list(ids)
        self._next = pairs[:, 1]
        self._first = np.searchsorted(pairs[:, 0], np.arange(len(ids)))
        self._count = np.bincount(pairs[:, 0], minlength=len(ids))
        capital = np.array([word[:1].isupper() for word in self._words])
        begins = np.flatnonzero(capital & (self._count > 0))
        self._begins = begins if begins.size else np.flatnonzero(self._count > 0)
        self._rng = np.random.default_rng([seed, 0xF111])
        self._walks = self._endless()
        self._walk: list[int] = []

    def words(self, count: int) -> str:
        """`count` words, at most STEPS."""
        if len(self._walk) < count:
            self._walk = next(self._walks)
        taken, self._walk = self._walk[:count], self._walk[count:]
        return " ".join([self._words[word] for word in taken])

    def _endless(self) -> Iterator[list[int]]:
        while True:
            block = np.empty((STEPS, CHAINS), np.int32)
            at = self._rng.choice(self._begins, CHAINS)
            for step in range(STEPS):
                block[step] = at
                follower = self._first[at] + (self._rng.random(CHAINS) * self._count[at]).astype(np.int64)
                fresh = self._rng.choice(self._begins, CHAINS)
                at = np.where(
                    self._count[at] > 0, self._next[np.minimum(follower, self._next.size - 1)], fresh
                )
            for walk in block.T:
                yield walk.tolist()


class Corpus:
    """Pools of prompts by capability, templates filled with them, and filler."""

    def __init__(self, seed: int) -> None:
        rng = Random(f"{seed}/corpus")
        self.pools = _real_prompts()
        self.filler = Filler([spin(rng, line) for line in (*CHAT, *WRITE) for _ in range(60)], seed)
        for capability, templates in TASKS.items():
            if not self.pools.get(capability):
                self.pools[capability] = [self.fill(rng, rng.choice(templates)) for _ in range(COMPOSED)]
        self.filler = Filler([*self.pools["general"][:1500], *self.pools["coding"][:300]], seed)

    def pick(self, rng: Random, pool: str) -> str:
        return rng.choice(self.pools[pool])

    def fill(
        self, rng: Random, template: str, task: str = "", user: str = "dev", project: str = "core"
    ) -> str:
        """Expand a template: `$X` a task, `$U` `$P` `$O` a user and a project, `$N` `$M` numbers, the rest filler."""
        said = spin(rng, template)
        if "$" not in said:
            return said
        values = {"U": user, "P": project, "O": project, "X": task}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name not in values:
                values[name] = self._drawn(rng, name)
            return values[name]

        return _VARIABLE.sub(value, said)

    def _drawn(self, rng: Random, name: str) -> str:
        if name == "N":
            return str(rng.randint(11, 9_800))
        if name == "M":
            return str(rng.randint(2, 50))
        if name == "K":
            return self.filler.words(rng.randint(12, 90))
        if name == "A" and rng.random() < 0.25:
            return str(rng.randint(1, 900))
        return self.filler.words(rng.randint(8, 45))

    def task(self, rng: Random, capability: str, part: float | None = None) -> str:
        """Return a bare task of a capability; `part` in [0, 1] limits it to the stretch of the pool beginning there."""
        chance = rng.random()
        if capability in {"coding", "orchestration"} and chance < 0.5:
            return self.fill(rng, rng.choice(ISSUES))
        if capability == "reasoning_traces" and chance < 0.35:
            return self.fill(rng, rng.choice(MATHS))
        if capability == "censorship_safe_rewriting" and chance < 0.5:
            return self.fill(rng, DELICATE)
        pool = self.pools[rng.choice(_OTHERS_TASKS.get(capability, [capability]))]
        if part is None:
            return rng.choice(pool)
        stretch = max(40, int(0.3 * len(pool)))
        return pool[(int(part * len(pool)) + rng.randrange(stretch)) % len(pool)]


def fixed_asks(rng: Random, capability: str, count: int) -> list[str]:
    """`count` templates of one author, who writes them once."""
    ways = ASKS[capability]
    first = rng.randrange(len(ways))
    return [freeze(rng, ways[(first + number) % len(ways)]) for number in range(count)]


def loose_ask(rng: Random, capability: str) -> str:
    """A template used once: a loose paraphrase where there is one."""
    return rng.choice(SOFT_ASKS.get(capability, ASKS[capability]))


def _real_prompts() -> dict[str, list[str]]:
    pools: dict[str, list[str]] = defaultdict(list)
    root = os.environ.get("STILLWATCH_DATA")
    decode = msgspec.json.Decoder(_Prompt).decode
    for path in sorted(Path(root, "prompts").glob("*.jsonl.gz")) if root else []:
        with gzip.open(path) as lines:
            for prompt in map(decode, lines):
                text = prompt.text[:LONGEST]
                pools[prompt.capability].append(text)
                if prompt.source == "gsm8k":
                    pools["grade_school"].append(text)
                if prompt.capability == "general" and prompt.lang != "en":
                    pools[f"general:{prompt.lang}"].append(text)
    return pools
