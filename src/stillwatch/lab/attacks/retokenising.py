"""Another tokenizer: frequent pairs of tokens become one token each, and the student learns those.

Such a student cannot be opened beside the teacher: it is asked for answers, which are put into the teacher's tokens again. The
counting test of a closed student says less to begin with; compare the row "none, closed".
"""

import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.students.counting import train
from stillwatch.lab.students.sampling import sample
from stillwatch.lab.students.school import PIECE
from stillwatch.lab.students.vocabulary import END


def run(harvest: Harvest, merges: float) -> Attacked:
    size, tokens = len(harvest.school.vocabulary), harvest.marked
    pairs, counts = np.unique(tokens[:-1] * size + tokens[1:], return_counts=True)
    whole = (pairs // size != END) & (pairs % size != END)
    best = np.sort(pairs[whole][np.argsort(-counts[whole], kind="stable")[: int(merges)]])
    merged, number = joined(tokens, best, size)
    student = train(merged, size + len(best), 2)
    answers = sample(student, max(1, len(tokens) // PIECE), PIECE, harvest.rng).answers
    return Attacked(None, changed=2 * number, answers=[apart(row, best, size) for row in answers])


def joined(tokens: Ints, pairs: Ints, size: int) -> tuple[Ints, int]:
    """Each of the pairs (as numbers in base `size`) as one token from `size` on, from the left; and how many there are."""
    named = tokens[:-1] * size + tokens[1:]
    at = np.minimum(np.searchsorted(pairs, named), len(pairs) - 1)
    places = np.flatnonzero(pairs[at] == named)
    chosen: list[int] = []
    for place in places.tolist():
        if not chosen or place > chosen[-1] + 1:
            chosen.append(place)
    begin = np.array(chosen, np.int64)
    out = tokens.copy()
    out[begin] = size + at[begin]
    return np.delete(out, begin + 1), len(chosen)


def apart(tokens: Ints, pairs: Ints, size: int) -> Ints:
    """The teacher's tokens again."""
    single = tokens < size
    pair = pairs[np.where(single, 0, tokens - size)]
    both = np.stack(
        [np.where(single, tokens, pair // size), np.where(single, -1, pair % size)], axis=1
    ).ravel()
    return both[both >= 0]


ATTACK = TextAttack("another tokenizer", "merged pairs", (256.0, 1024.0), run)
