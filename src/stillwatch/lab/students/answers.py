"""Sampled answers of a closed model, from a file of JSON lines: tokens, or texts with the vocabulary that they were made of.

A line is a list of tokens, an object with `tokens`, or, with a vocabulary, an object with `response`. A line that is
none of these is a rejection; an empty answer is an answer without tokens.
"""

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.lab.students.vocabulary import UNKNOWN, Vocabulary
from stillwatch.records import Rejection, UnreadableInput

MOST = 2**32 - 1  # tokens that the keyed function tells apart
FEW_KINDS = 0.5  # of answers, that one and the same answer may be before that is said
MUCH_UNKNOWN = 0.5


class Answers(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the file held."""

    sequences: list[Ints]
    tokens: int
    empty: int
    commonest: int  # how often the most frequent answer comes
    unknown: int  # tokens that stand for words the vocabulary lacks
    rejected: list[Rejection]
    left_out: tuple[int, ...]  # tokens that no pair may hold

    def remarks(self) -> list[str]:
        """What keeps these answers from telling much, in words."""
        many = len(self.sequences)
        said = []
        if not many:
            said.append("there is no answer")
        elif self.empty:
            said.append(f"{self.empty:,} of {many:,} answers are empty")
        if many > 1 and self.commonest > FEW_KINDS * many:
            said.append(
                f"{self.commonest:,} of {many:,} answers are the same: a student that refuses tells nothing"
            )
        if self.tokens and self.unknown > MUCH_UNKNOWN * self.tokens:
            said.append(
                f"{self.unknown / self.tokens:.0%} of the tokens are not in the vocabulary: another language than the"
                " teacher's, or another vocabulary"
            )
        return said


def read_answers(path: Path, vocabulary: Vocabulary | None = None) -> Answers:
    sequences: list[Ints] = []
    rejected: list[Rejection] = []
    known = None if vocabulary is None else vocabulary.numbers()
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                found = _tokens(line, vocabulary, known)
                if isinstance(found, str):
                    rejected.append(Rejection(str(path), number, found))
                else:
                    sequences.append(found)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
    if rejected and not sequences:
        raise UnreadableInput(f"{path}:{rejected[0].line}: {rejected[0].reason}")
    kinds = Counter(one.tobytes() for one in sequences)
    return Answers(
        sequences=sequences,
        tokens=sum(len(one) for one in sequences),
        empty=sum(not len(one) for one in sequences),
        commonest=max(kinds.values(), default=0),
        unknown=0 if known is None else sum(int((one == UNKNOWN).sum()) for one in sequences),
        rejected=rejected,
        left_out=() if known is None else (UNKNOWN,),
    )


def _tokens(line: bytes, vocabulary: Vocabulary | None, known: dict[str, int] | None) -> Ints | str:
    try:
        said = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        return f"no JSON: {error}"
    if isinstance(said, dict) and "tokens" not in said and isinstance(said.get("response"), str):
        if vocabulary is None or known is None:
            return "a text without a vocabulary: name the file of its tokens' words with --vocabulary"
        return vocabulary.encode([said["response"]], known)[0]
    tokens = said.get("tokens") if isinstance(said, dict) else said
    if not isinstance(tokens, list) or not all(type(one) is int and 0 <= one <= MOST for one in tokens):
        return f"neither a list of tokens from 0 to {MOST} nor an object with `tokens` or `response`"
    return np.array(tokens, np.int64)
