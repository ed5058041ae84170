"""What an attacker has, and what an attack leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.attacking.rewriting import Rewriting
from stillwatch.lab.proxies import Rewrite
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.school import School, shuffled

ORDER = 3  # of all students: the windows that are tested are one token or two


@dataclass(frozen=True)
class Harvest:
    """Marked answers as a stream; what the attacker may have beside them; and chance of its own.

    Attacks know how marks are made, and no key.
    """

    school: School
    marked: Ints
    unmarked: Ints  # the teacher's answers from before it marked: only for attacks that say they have them
    window: int
    rng: Rng

    def plain(self, size: int) -> Ints:
        """Natural text that the attacker has anyway."""
        return self.school.some_plain(size, self.rng)

    def some_marked(self, size: int) -> Ints:
        return shuffled(self.marked, size, self.rng)

    def student(self, tokens: Ints) -> CountStudent:
        return train(tokens, len(self.school.vocabulary), ORDER)


@dataclass(frozen=True)
class Attacked:
    """What an attack leaves: a student that can be opened, or answers of one that shares no tokens with the teacher."""

    student: CountStudent | None
    changed: int = 0  # tokens of the harvest that were replaced, moved or left out
    calls: int = 0  # tokens that another model had to draw
    more: int = 0  # tokens of other text that were needed
    answers: Sequence[Ints] | None = None
    rewriting: Rewriting | None = None  # where a language model rewrote texts


def always() -> None:
    """An attack that needs nothing beside the lab."""


@dataclass(frozen=True)
class TextAttack:
    """An attack on what a student learns. `strengths` are what is tried; the largest is the harshest."""

    name: str
    means: str  # of the strength, in a few words
    strengths: tuple[float, ...]
    run: Callable[[Harvest, float], Attacked]
    absent: Callable[[], str | None] = always  # why it cannot be carried out here


@dataclass(frozen=True)
class IdAttack:
    """An attack on minted ids: what a proxy does to the ids of a history before it sends it on."""

    name: str
    rewrites: dict[str, Rewrite | None]


Attack = TextAttack | IdAttack
