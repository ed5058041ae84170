"""The bench of radioactivity on a small transformer that is trained from scratch. Needs the extra `lab`.

Teacher, answers, keys and mark are those of the bench on students that count, and so are the two counting tests beside
the open one. The student goes over its text several times, as small ones have to. Without a marked share it has to be
innocent.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.benches.radioactivity_counting import SCHEME, Room, open_room, quick_files
from stillwatch.lab.benches.radioactivity_part import Part
from stillwatch.lab.students.sampling import sample
from stillwatch.lab.students.school import open_school
from stillwatch.lab.students.transformer import Shape, TransformerStudent, one_thread, train
from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import all_windows, distinct

SHARES = (0.0, 0.05, 0.2)
HELD = 0.2  # the share that is held to a floor
HAUL = 300_000
SHAPE = Shape(tokens=2_000_000)
CERTAIN = -3.0  # log10 of the p-value to be undercut, and not to be undercut without a mark
CPU_MINUTES = 20.0
PROBES = 2_048  # answers of the teacher that the student is asked about
AT_ONCE = 256
SAMPLED = 2_048  # answers that counting gets
DECOYS = 199
QUICK_HAUL, QUICK_SHAPE, QUICK_SHARES = 100_000, Shape(tokens=400_000), (0.0, 0.2)


class Learned(NamedTuple):
    """One student under the tests: base-10 logarithms of p."""

    seed: int
    share: float
    z: float
    bound: float
    normal: float
    sampled: float
    likeliest: float
    cpu_minutes: float
    loss: float  # nats a token, in training


def measure(seeds: Sequence[int], tell: Tell, quick: bool) -> Part:  # noqa: FBT001 - of one form with other students
    tell("transformer: reading the corpus, teaching the teacher")
    school = open_school(quick_files() if quick else None, order=2)
    haul, shape = (QUICK_HAUL, QUICK_SHAPE) if quick else (HAUL, SHAPE)
    learned = []
    with one_thread():
        for seed in seeds:
            tell(f"transformer: seed {seed}: the teacher answers")
            room = open_room(school, seed, round(max(SHARES) * haul), haul)
            for share in QUICK_SHARES if quick else SHARES:
                tell(f"transformer: seed {seed}: a student with a marked share of {share:g}")
                learned.append(_learned(room, seed, share, haul, shape))
    figures: Figures = {
        "haul": haul,
        "shape": {name: getattr(shape, name) for name in shape.__struct_fields__},
        "students": [one._asdict() for one in learned],
    }
    return Part(figures, _floors(learned, quick=quick), [_table(learned, haul, shape)])


def _learned(room: Room, seed: int, share: float, haul: int, shape: Shape) -> Learned:
    rng = np.random.default_rng([seed, 6, round(share * 1000)])
    student = train(room.text(share, haul, rng), len(room.school.vocabulary), shape, seed)
    teacher = room.school.teacher
    asked = sample(teacher, PROBES, shape.length, rng).answers
    probes = [(part, np.ones(len(part))) for part in np.array_split(asked, max(1, PROBES // AT_ONCE))]
    pairs = open_pairs(student, teacher, probes, SCHEME.window, least_entropy=SCHEME.least_entropy)
    found = room.evidence(pairs, decoys=DECOYS)
    sampled, likeliest = _counted(room, student, rng)
    return Learned(
        seed,
        share,
        found.z or 0.0,
        found.log10_p_bound,
        found.log10_p_normal,
        sampled,
        likeliest,
        student.cpu_seconds / 60,
        student.loss,
    )


def _counted(room: Room, student: TransformerStudent, rng: np.random.Generator) -> tuple[float, float]:
    """Of green tokens among those it samples, and among those it holds likeliest after each token alone."""
    answers = student.sample(SAMPLED, rng)
    counted = room.evidence(distinct(all_windows(answers, SCHEME.window)))
    contexts = np.arange(student.vocabulary, dtype=np.int64)[:, None]
    likeliest = student.next_probabilities(contexts)[:, 0].argmax(axis=1)
    read = room.evidence(distinct(np.column_stack([contexts, likeliest])))
    return counted.log10_p_normal, read.log10_p_normal


def _floors(learned: Sequence[Learned], *, quick: bool) -> list[Floor]:
    innocent = min(one.bound for one in learned if one.share == 0)
    floors = [Floor("transformer: log10 p by bound, nothing marked", innocent, CERTAIN)]
    if quick:
        return floors
    held = [one for one in learned if one.share == HELD]
    return [
        *floors,
        Floor(
            f"transformer: log10 p by bound, share {HELD:g}",
            max(one.bound for one in held),
            CERTAIN,
            at_least=False,
        ),
        Floor(
            "transformer: minutes of the processor, training",
            max(one.cpu_minutes for one in held),
            CPU_MINUTES,
            at_least=False,
        ),
    ]


def _table(learned: Sequence[Learned], haul: int, shape: Shape) -> Table:
    table = Table(
        "seed",
        "share",
        title=f"A transformer's log10 p: text of {haul:,} tokens, {shape.tokens:,} of training",
    )
    headings = ("z", "by bound", "normal", "counting sampled", "counting likeliest", "CPU minutes", "loss")
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in learned:
        cells = (one.bound, one.normal, one.sampled, one.likeliest, one.cpu_minutes)
        table.add_row(
            str(one.seed),
            f"{one.share:g}",
            f"{one.z:.2f}",
            *(f"{value:.1f}" for value in cells),
            f"{one.loss:.3f}",
        )
    return table
