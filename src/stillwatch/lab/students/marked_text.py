"""Answers in real sentences: a small language model is asked everyday questions, and each token is drawn with a mark."""

from dataclasses import dataclass, field

import numpy as np

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.small_model import Logits, SmallModel
from stillwatch.marks.watermark import mark_green, mark_gumbel

ABOUT = (
    *(
        "bread dough",
        "a bicycle",
        "the tides",
        "a lighthouse",
        "a compass",
        "a vaccine",
        "a thermostat",
        "a glacier",
    ),
    *(
        "a savings account",
        "the water cycle",
        "an orchestra",
        "a public library",
        "soil",
        "a bridge",
        "a camera",
    ),
    *(
        "a beehive",
        "a volcano",
        "a canal lock",
        "an election",
        "a refrigerator",
        "a mountain pass",
        "a dictionary",
    ),
    *(
        "a violin",
        "a coral reef",
        "a greenhouse",
        "a railway timetable",
        "a sundial",
        "cheese",
        "a telescope",
    ),
    *(
        "a harbour",
        "a steam engine",
        "a recipe",
        "a hospital",
        "rain",
        "a museum",
        "a clock",
        "a forest",
        "salt",
    ),
    *("a newspaper", "an insurance policy"),
)
ASKS = (
    "Explain how {} works.",
    "Describe {} to somebody who has never met it.",
    "What should people know about {}?",
)


def questions(many: int) -> list[str]:
    """Different questions, of which there are as many as subjects times ways to ask."""
    return [
        ASKS[number // len(ABOUT) % len(ASKS)].format(ABOUT[number % len(ABOUT)]) for number in range(many)
    ]


@dataclass
class Drawing:
    """Chooses the tokens of one answer. `divergence` adds up nats from the unmarked, of green marks."""

    rng: Rng
    mark: Mark | None
    divergence: float = 0.0
    drawn: int = 0
    _seen: set[bytes] = field(default_factory=set)

    def __call__(self, tokens: Ints, logits: Logits) -> int:
        self.drawn += 1
        if self.mark is None:
            return self._one(logits)
        keys, scheme = self.mark.keys, self.mark.scheme
        context = tokens[None, -scheme.window :]
        if scheme.variant == "green":
            raised = mark_green(logits[None], context, keys, scheme)[0]
            self.divergence += _divergence(raised, logits)
            return self._one(raised)
        name = context.tobytes()
        fresh = np.array([name not in self._seen])
        self._seen.add(name)
        chance = self.rng.integers(0, 2**32, (1, len(logits)), np.uint32)
        return int(mark_gumbel(logits[None], context, keys, scheme, chance, fresh)[0].argmax())

    def _one(self, logits: Logits) -> int:
        heights = np.cumsum(np.exp(logits - logits.max(), dtype=np.float64))
        return int(np.searchsorted(heights, self.rng.random() * heights[-1], side="right"))


def _divergence(marked: Logits, logits: Logits) -> float:
    one, other = (
        wide - np.logaddexp.reduce(wide) for wide in (marked.astype(np.float64), logits.astype(np.float64))
    )
    return float((np.exp(one) * (one - other)).sum())


def answers(model: SmallModel, many: int, length: int, drawing: Drawing) -> list[Ints]:
    return [model.written(question, length, drawing) for question in questions(many)]
