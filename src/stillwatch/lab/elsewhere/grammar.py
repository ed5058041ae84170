"""Templates with choices and slots: `{a|b {c|d}}` picks one, `<city>` names a word list; read once, then cached."""

import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from stillwatch.lab.elsewhere.vocabulary import WORDS

_TOKENS = re.compile(r"([{}|]|<[a-z]+>)")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `options` is taken; `slot` is its text where it came from a slot."""

    options: tuple["str | Parts", ...]
    slot: str = ""


Parts = tuple[str | Choice, ...]


def spin(rng: Random, template: str) -> str:
    """Expand choices and slots."""
    return _expand(rng, _read(template), frozen=False)


def freeze(rng: Random, template: str) -> str:
    """Expand choices and keep slots: the template as one author writes it into a configuration file."""
    return _expand(rng, _read(template), frozen=True)


def _expand(rng: Random, parts: Parts, *, frozen: bool) -> str:
    said = []
    for part in parts:
        if isinstance(part, str):
            said.append(part)
        elif frozen and part.slot:
            said.append(part.slot)
        else:
            option = part.options[int(rng.random() * len(part.options))]
            said.append(option if isinstance(option, str) else _expand(rng, option, frozen=frozen))
    return "".join(said)


@lru_cache(maxsize=4096)
def _read(template: str) -> Parts:
    tokens = [token for token in _TOKENS.split(template) if token]
    parts, rest = _sequence(tokens, nested=False)
    if rest:
        raise ValueError(f"a brace closes that was not opened: {template}")
    return parts


def _sequence(tokens: list[str], *, nested: bool) -> tuple[Parts, list[str]]:
    parts: list[str | Choice] = []
    while tokens and not (nested and tokens[0] in "|}") and tokens[0] != "}":
        piece, *tokens = tokens
        if piece == "{":
            choice, tokens = _choice(tokens)
            parts.append(choice)
        elif piece[0] == "<" and piece[1:-1] in WORDS:
            parts.append(Choice(tuple(WORDS[piece[1:-1]]), slot=piece))
        else:
            parts.append(piece)
    return tuple(parts), tokens


def _choice(tokens: list[str]) -> tuple[Choice, list[str]]:
    options: list[str | Parts] = []
    while True:
        option, tokens = _sequence(tokens, nested=True)
        plain = all(isinstance(part, str) for part in option)
        options.append("".join(map(str, option)) if plain else option)
        closing, *tokens = tokens
        if closing == "}":
            return Choice(tuple(options)), tokens
