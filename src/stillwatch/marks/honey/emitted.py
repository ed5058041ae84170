"""Whether answers of a model hold a canary, and with what chance a model that never saw any would hold one."""

import math
import re
from collections.abc import Iterable, Sequence

import msgspec

from stillwatch.marks.honey.canaries import BITS, DIGITS, SYLLABLES, Canary

NAME = re.compile(rf"(?:[bdfgklmnprstvz]r?[aeio]){{{SYLLABLES}}}", re.IGNORECASE)
NUMBER = re.compile(rf"(?<![0-9a-z])[0-9a-f]{{{DIGITS}}}(?![0-9a-z])")


class Emission(msgspec.Struct, frozen=True, kw_only=True):
    """A canary and how many answers hold both its words."""

    canary: Canary
    answers: int


class Emitted(msgspec.Struct, frozen=True, kw_only=True):
    """`log10_p` bounds the chance that answers which do not depend on the secret hold any canary: a union over all pairs."""

    answers: int
    emissions: list[Emission]
    log10_p: float


def emitted(answers: Iterable[str], canaries: Sequence[Canary]) -> Emitted:
    by_words: dict[tuple[str, str], Canary] = {(one.name, one.number): one for one in canaries}
    counts: dict[int, int] = {}
    many = candidates = 0
    for text in answers:
        many += 1
        names = {found.lower() for found in _names(text)}
        numbers = set(NUMBER.findall(text))
        candidates += len(names) * len(numbers)
        for pair in ((name, number) for name in names for number in numbers):
            if pair in by_words:
                serial = by_words[pair].serial
                counts[serial] = counts.get(serial, 0) + 1
    found = [Emission(canary=one, answers=counts[one.serial]) for one in canaries if one.serial in counts]
    chance = math.log10(max(1, candidates) * max(1, len(canaries))) - BITS * math.log10(2)
    return Emitted(answers=many, emissions=found, log10_p=min(0.0, chance) if found else 0.0)


def _names(text: str) -> list[str]:
    """Whole words of the form of names, or the part of one before an underscore."""
    return [word for word in re.split(r"[^A-Za-z]+", text) if NAME.fullmatch(word)]
