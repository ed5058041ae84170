"""A crowd: as many names as are asked for, of several scripts, some words common and most rare, as in a population."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


def _words(text: str) -> list[str]:
    return text.split()


Words = npt.NDArray[np.str_]
Numbers = npt.NDArray[np.int64]
ONSETS = _words(
    """
    b br ch d dr f g gr h j k kh kr l m n p pr r s sh st t tr v w y z zh
    """
)
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ou", "ia"]
CODAS = ["", "", "n", "r", "l", "s", "k", "m", "d", "t"]
ENDINGS = ["", "", "ov", "enko", "sen", "ez", "ski", "man", "ini", "er"]
TRADES = [
    "Trading LLC",
    "Shipping Ltd",
    "Bank",
    "Energy JSC",
    "Systems GmbH",
    "Logistics Inc",
    "Group",
    "Steel",
]
SURNAMES = [
    chr(code) for code in (0x738B, 0x674E, 0x5F20, 0x5218, 0x9648, 0x6768, 0x8D75, 0x9EC4, 0x5468, 0x5434)
]
CHARACTERS = [chr(code) for code in range(0x5B50, 0x5B50 + 400)]
LETTERS = [chr(code) for code in range(0x0628, 0x063B)] + [chr(code) for code in range(0x0641, 0x0649)]
CYRILLIC = str.maketrans("abvgdeziklmnoprstuf", "абвгдезиклмнопрстуф")
SHARES = (0.5, 0.15, 0.12, 0.08, 0.15)  # Latin, Cyrillic, Arabic script, Han, organisations
SKEW = 1.1  # of a Zipf law: the commonest family name is borne by a few in a thousand
HIT = 0.01  # of customers: mistyped or turned names of the list


def crowd(rng: np.random.Generator, count: int, world: "World") -> Words:
    """Names; the same world gives the same words, so that lists and customers share them."""
    kind = rng.choice(len(SHARES), size=count, p=SHARES)
    names = np.empty(count, object)
    for which, compose in enumerate((_latin, _cyrillic, _arabic, _han, _works)):
        at = np.flatnonzero(kind == which)
        names[at] = compose(rng, len(at), world)
    return names


class Customers(NamedTuple):
    """Names; those at `changed` are made from the list's names at `source`."""

    names: Words
    changed: Numbers
    source: Numbers


def customers(rng: np.random.Generator, count: int, world: "World", listed: Words) -> Customers:
    names = crowd(rng, count, world)
    at = np.flatnonzero(rng.random(count) < HIT)
    source = rng.integers(len(listed), size=len(at))
    names[at] = [_changed(rng, name) for name in listed[source]]
    return Customers(names, at, source)


def _changed(rng: np.random.Generator, name: str) -> str:
    words = name.split()
    if len(words) > 1 and rng.random() < 0.5:
        return " ".join([*words[1:], words[0]])
    at = int(rng.integers(1, max(2, len(name) - 1)))
    return name[:at] + name[at + 1 :]


class World:
    """Words of a population, the commonest first."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.given = _coined(rng, 2, max(200, size // 50))
        self.family = _coined(rng, 3, max(2000, size // 4))
        self.script = np.array(
            [
                "".join(rng.choice(LETTERS, size=length))
                for length in rng.integers(3, 6, size=max(500, size // 40))
            ]
        )


def _coined(rng: np.random.Generator, parts: int, count: int) -> Words:
    word = np.full(count, "", "U40")
    for part in range(parts):
        used = (part < 2) | (rng.random(count) < 0.4)
        syllable = np.char.add(
            np.char.add(rng.choice(ONSETS, count), rng.choice(NUCLEI, count)), rng.choice(CODAS, count)
        )
        word = np.where(used, np.char.add(word, syllable), word)
    coined: Words = np.char.capitalize(np.char.add(word, rng.choice(ENDINGS, count)))
    return coined


def _common(rng: np.random.Generator, words: Words, count: int) -> Words:
    """Draws of words by a Zipf law with a flat head."""
    weight = 1 / (np.arange(len(words)) + 20.0) ** SKEW
    total = np.cumsum(weight)
    drawn: Words = words[np.searchsorted(total, rng.random(count) * total[-1])]
    return drawn


def _three(rng: np.random.Generator, count: int, world: World) -> list[str]:
    first, second, last = (_common(rng, some, count) for some in (world.given, world.given, world.family))
    with_second = rng.random(count) < 0.5
    return [
        f"{a} {b} {c}" if both else f"{a} {c}"
        for a, b, c, both in zip(
            first.tolist(), second.tolist(), last.tolist(), with_second.tolist(), strict=True
        )
    ]


def _latin(rng: np.random.Generator, count: int, world: World) -> list[str]:
    return _three(rng, count, world)


def _cyrillic(rng: np.random.Generator, count: int, world: World) -> list[str]:
    return [name.lower().translate(CYRILLIC).title() for name in _three(rng, count, world)]


def _arabic(rng: np.random.Generator, count: int, world: World) -> list[str]:
    parts = [_common(rng, world.script, count).tolist() for _ in range(3)]
    return [" ".join(words) for words in zip(*parts, strict=True)]


def _han(rng: np.random.Generator, count: int, world: World) -> list[str]:
    del world
    parts = [_common(rng, np.array(SURNAMES), count).tolist()]
    parts += [_common(rng, np.array(CHARACTERS), count).tolist() for _ in range(2)]
    return ["".join(words) for words in zip(*parts, strict=True)]


def _works(rng: np.random.Generator, count: int, world: World) -> list[str]:
    coin, second = _common(rng, world.family, count).tolist(), _common(rng, world.given, count).tolist()
    return [f"{a} {b} {c}" for a, b, c in zip(coin, second, rng.choice(TRADES, count).tolist(), strict=True)]
