"""One harvest and one student for each counter-measure and seed, and what is measured of them.

Text: the teacher of the corpus answers, and a student of bigrams learns. The student's divergence from the teacher is
its quality (nats a token; less is better for the thief). Task: see `rivers`. Customers: divergence of what they are served
from what the teacher would have said, and how often the task's answer is right.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from scipy import stats

from stillwatch.lab.arrays import Floats, Rng
from stillwatch.lab.benches import Tell
from stillwatch.lab.distilling import rivers
from stillwatch.lab.distilling.measures import MEASURES, CounterMeasure
from stillwatch.lab.distilling.told import ToldStudent
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.probing import probes_of
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.school import School
from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import MarkKeys, marker_keys, trace

HAUL, QUICK_HAUL = 200_000, 40_000  # tokens of text
CUSTOMERS = 4_000  # of whom each asks the task's question once
CONFIDENCE = 0.95
TINY = np.float32(1e-20)
Student = CountStudent | ToldStudent
LIMITS = (
    "The students count words. They show what each measure takes away, not how much a neural student would learn.",
    "A neural student generalises, keeps less of a mark, and may rebuild reasoning by itself.",
    "The task is made up, of two steps by construction; no share of real work is like it.",
    "Text is docstrings; the mark's cost and trace on code or arithmetic, where little can be marked, are other figures.",
    "No student was attacked against the mark here: see `stillwatch bench attacks`.",
)


class Interval(msgspec.Struct, frozen=True):
    """A mean over seeds, with the two ends of Student's interval at 95 %; of one seed there are none."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> "Interval":
        middle = float(np.mean(values))
        if len(values) < 2:
            return cls(middle, None, None)
        reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * stats.sem(values))
        return cls(middle, middle - reach, middle + reach)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Of one counter-measure and seed."""

    student_divergence: float
    student_asked: float  # share of right answers about people whose river was asked
    student_left_out: float  # about the others
    customer_divergence: float
    customer_correct: float
    log10_p: float  # that the student learned from the mark, by bound; without a mark, of the same key


FIGURES = Outcome.__struct_fields__


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A counter-measure's line of the result."""

    measure: str
    customers_lose: str
    figures: dict[str, Interval]
    by_seed: list[Outcome]


def measure(school: School, seeds: Sequence[int], haul: int, tell: Tell) -> list[Row]:
    found: dict[str, list[Outcome]] = {one.name: [] for one in MEASURES}
    for seed in seeds:
        for one in MEASURES:
            tell(f"seed {seed}: {one.name}")
            found[one.name].append(_outcome(school, one, seed, haul))
    return [
        Row(
            measure=one.name,
            customers_lose=one.lost,
            figures={
                name: Interval.of([getattr(outcome, name) for outcome in found[one.name]]) for name in FIGURES
            },
            by_seed=found[one.name],
        )
        for one in MEASURES
    ]


def _outcome(school: School, one: CounterMeasure, seed: int, haul: int) -> Outcome:
    rng = np.random.default_rng(seed)
    keys = MarkKeys(rng.bytes(32))
    world = rivers.made(rng)
    mark = None if one.delta is None else Mark(marker_keys(keys, None), one.scheme)
    text, spent = (school.unmarked(haul, rng), 0.0) if mark is None else school.marked(haul, rng, mark)
    learned = train(text, len(school.vocabulary), 2)
    student = ToldStudent(learned, school.teacher, text) if one.probabilities else learned
    asked, left_out = _task(world, one, rng, mark)
    customers = rng.integers(rivers.FIRST_PERSON, rivers.FIRST_TOWN, CUSTOMERS)
    _, served = rivers.reasoned(world.teacher, customers, rng, mark)
    return Outcome(
        student_divergence=divergence(school.teacher, student),
        student_asked=asked,
        student_left_out=left_out,
        customer_divergence=spent,
        customer_correct=rivers.correct(world, customers, served),
        log10_p=_log10_p(school.teacher, student, keys, one),
    )


def _task(world: rivers.World, one: CounterMeasure, rng: Rng, mark: Mark | None) -> tuple[float, float]:
    """Right answers of a student of the task: about people whose river was asked, and about others."""
    harvest = rivers.harvested(world, rng, stripped=not one.reasoning, by_town=one.rebuilt, mark=mark)
    student = train(harvest.tokens, rivers.SIZE)
    everybody = np.arange(rivers.FIRST_PERSON, rivers.FIRST_TOWN)
    known = np.setdiff1d(everybody, harvest.left_out)
    kind = rivers.TOWN_OF if one.rebuilt else rivers.RIVER_OF
    shares = [
        rivers.correct(
            world,
            some,
            rivers.reasoned(student, some, None, kind=kind)[1]
            if one.reasoning or one.rebuilt
            else rivers.direct(student, some),
        )
        for some in (known, harvest.left_out)
    ]
    return shares[0], shares[1]


def divergence(teacher: CountStudent, student: Student) -> float:
    """Of the student from the teacher, nats a token, over contexts as often as the teacher read them."""
    total, mass = 0.0, 0.0
    for contexts, often in probes_of(teacher, 1):
        right, learned = teacher.rows(contexts), student.rows(contexts)
        each: Floats = (right * np.log(np.maximum(right, TINY) / np.maximum(learned, TINY))).sum(
            axis=1, dtype=np.float64
        )
        total += float(each @ often)
        mass += float(often.sum())
    return total / mass


def _log10_p(teacher: CountStudent, student: Student, keys: MarkKeys, one: CounterMeasure) -> float:
    pairs = open_pairs(student, teacher, probes_of(teacher, 1), 1, least_entropy=one.scheme.least_entropy)
    return trace(pairs, keys, one.scheme, [], decoys=0).overall.log10_p_bound
