"""What a rewriting by a language model cost, and what it kept of the texts."""

import re
from collections.abc import Sequence

import msgspec

from stillwatch.lab.students.small_model import Written

RUN = 4  # words that come in the same order by chance now and then, not often
WORD = re.compile(r"[^\W\d_]{3,}")
FUNCTION_WORDS = frozenset({
    "the", "and", "for", "are", "but", "not", "you", "all", "any", "can", "was", "one", "our", "out", "has", "had",
    "his", "her", "its", "who", "how", "why", "this", "that", "these", "those", "with", "from", "they", "them", "then", "than",
    "there", "their", "what", "when", "where", "which", "while", "will", "would", "should", "could", "have", "been", "being", "were", "into",
    "over", "under", "such", "some", "more", "most", "other", "only", "also", "very", "just", "each", "both", "does", "did", "done",
    "let", "may", "might", "must", "shall",
})  # fmt: skip


class Rewriting(msgspec.Struct, frozen=True, kw_only=True):
    """Of some texts, one call each."""

    calls: int
    read: int  # tokens that the model read
    drawn: int  # tokens that it drew
    seconds: float  # of one core
    kept: float  # of the texts' content words, so many stand in the rewritten ones
    by_chance: float  # and in the rewriting of another text
    copied: float  # of the rewritten texts' runs of four words, so many stand in the text they are of
    length: float  # words written for each word read


def judged(before: Sequence[str], written: Sequence[Written], seconds: float) -> Rewriting:
    """What a model wrote in the place of some texts, one call each."""
    after = [one.text for one in written]
    read = sum(len(text.split()) for text in before)
    return Rewriting(
        calls=len(written),
        read=sum(one.read for one in written),
        drawn=sum(one.drawn for one in written),
        seconds=seconds,
        kept=kept(before, after),
        by_chance=kept(before, after, shift=1),
        copied=copied(before, after),
        length=sum(len(text.split()) for text in after) / read if read else 0.0,
    )


def content(text: str) -> set[str]:
    """Words that say what a text is about."""
    return {word for word in WORD.findall(text.lower()) if word not in FUNCTION_WORDS}


def kept(before: Sequence[str], after: Sequence[str], shift: int = 0) -> float:
    """The share of content words that is found again, over all texts; with `shift`, in the rewriting of another one."""
    found = total = 0
    for place, text in enumerate(before):
        words = content(text)
        total += len(words)
        found += len(words & content(after[(place + shift) % len(after)]))
    return found / total if total else 0.0


def copied(before: Sequence[str], after: Sequence[str]) -> float:
    """The share of the rewritings' runs of RUN words that stand in the text they are of."""
    found = total = 0
    for text, new in zip(before, after, strict=True):
        known = set(_runs(text))
        runs = _runs(new)
        total += len(runs)
        found += sum(run in known for run in runs)
    return found / total if total else 0.0


def _runs(text: str) -> list[tuple[str, ...]]:
    words = text.lower().split()
    return [tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)]
