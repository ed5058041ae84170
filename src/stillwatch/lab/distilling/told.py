"""A student that was told the likeliest next tokens' probabilities, where its teacher gives log-probabilities."""

import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.lab.students.counting import CountStudent, Rows

TOP = 20  # log-probabilities that a call may ask for, as APIs have it


class ToldStudent:
    """Takes over what it was told, after each token it met; shares out the rest as it learned from the text."""

    def __init__(self, learned: CountStudent, teacher: CountStudent, text: Ints) -> None:
        self.vocabulary = learned.vocabulary
        every = np.arange(self.vocabulary, dtype=np.int64)[:, None]
        self._table = learned.rows(every).copy()
        for context in np.unique(text[:-1]).tolist():
            right, own = teacher.rows(every[context][None, :])[0], self._table[context]
            best = np.argpartition(-right, TOP)[:TOP]
            rest = 1 - right[best].sum()
            own[best] = 0
            own *= rest / own.sum()
            own[best] = right[best]

    def rows(self, contexts: Ints) -> Rows:
        """Probabilities of the next token after contexts, of which the last token counts: [n, vocabulary]."""
        return self._table[contexts[:, -1]]

    def next_probabilities(self, sequences: Ints) -> Rows:
        """After each position of sequences [n, length]: [n, length, vocabulary]."""
        return self._table[sequences]
