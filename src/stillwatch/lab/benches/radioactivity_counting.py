"""The bench of radioactivity on students that count.

A teacher of bigrams learns the docstrings of half the corpus. A student is trained on so many tokens, of which a share
is the teacher's marked answers; the rest is the teacher's unmarked answers, as in the published experiments, or natural
text of the other half of the corpus, which is harder. The marks are under the global key alone, in all contexts.

Beside the open test stand the counting tests of the published method (Sander et al. 2024), without its stored copy of
the marked text: z of green tokens among the different pairs that the student samples, and among the tokens it holds
likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.benches.radioactivity_part import Part
from stillwatch.lab.benches.radioactivity_tables import (
    Met,
    Reached,
    false_table,
    held_table,
    power_table,
    reached_table,
)
from stillwatch.lab.students import corpus
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.probing import probes_of
from stillwatch.lab.students.sampling import Mark, sample
from stillwatch.lab.students.school import School, open_school, shuffled
from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import (
    Evidence,
    MarkKeys,
    Null,
    Pairs,
    Scheme,
    all_windows,
    distinct,
    marker_keys,
    trace,
)

SCHEME = Scheme(identity_share=0.0)
DIVERGENCE = 0.11  # nats a token, at most
SHARE, HAUL = 0.05, 1_000_000
DEEP = -10.0  # log10 of the p-value to be undercut by bound
SHARES = (0.0, 0.01, 0.05, 0.2, 1.0)
HAULS = (10_000, 100_000, 1_000_000)
STEPS = (
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    4_000_000,
)  # at the share that is held to a floor
CERTAIN = (-3.0, -5.0, -10.0)  # log10 p at which the tokens that tests need are compared
DECOYS = 199
SAMPLED = 1_000_000  # tokens for the counting test
ANSWER = 300
KEYS = 10_000
FALSE_PAIRS = 10_000  # pairs of the student that false positives are counted on
UNIFORM = 1e-3  # p of Kolmogorov and Smirnov below which chances are not uniform
LEVELS = (0.05, 0.01, 0.001)
QUICK_HAULS, QUICK_KEYS, QUICK_STEPS = (100_000,), 500, (10_000, 100_000)


@dataclass(frozen=True)
class Room:
    """A seed's teacher, unmarked answers, marked answers and what they cost."""

    school: School
    keys: MarkKeys
    unmarked: Ints
    marked: Ints
    divergence: float

    def text(self, share: float, size: int, rng: Rng, *, natural: bool = False) -> Ints:
        """What a student is trained on."""
        own = self.marked[: round(share * size)]
        others = self.school.plain if natural else self.unmarked
        return np.concatenate([own, shuffled(others, size - len(own), rng)])

    def student(self, share: float, size: int, rng: Rng, *, natural: bool = False) -> CountStudent:
        return train(self.text(share, size, rng, natural=natural), len(self.school.vocabulary), order=2)

    def pairs(self, student: CountStudent, most: int = 200_000) -> Pairs:
        teacher = self.school.teacher
        return open_pairs(
            student, teacher, probes_of(teacher, 1), 1, most_pairs=most, least_entropy=SCHEME.least_entropy
        )

    def evidence(self, pairs: Pairs, decoys: int = 0) -> Evidence:
        return trace(pairs, self.keys, SCHEME, [], decoys=decoys).overall


def measure(seeds: Sequence[int], tell: Tell, quick: bool) -> Part:  # noqa: FBT001 - of one form with other students
    tell("reading the corpus, teaching the teacher")
    school = open_school(quick_files() if quick else None, order=2)
    rooms = []
    for seed in seeds:
        tell(f"seed {seed}: the teacher answers")
        rooms.append(
            open_room(school, seed, max(QUICK_HAULS) if quick else HAUL, max(QUICK_STEPS if quick else STEPS))
        )
    tell("false positives")
    uniform = _false_positives(rooms[0], seeds[0], (QUICK_KEYS, max(QUICK_HAULS)) if quick else (KEYS, HAUL))
    tell("students at the share and the haul that are held to a floor")
    size = max(QUICK_HAULS) if quick else HAUL
    deep = {
        name: [
            _deep(room, seed, size, natural=name == "natural")
            for room, seed in zip(rooms, seeds, strict=True)
        ]
        for name in ("teacher", "natural")
    }
    tell("power")
    hauls, steps = (QUICK_HAULS, QUICK_STEPS) if quick else (HAULS, STEPS)
    curve = [_met(rooms[0], share, haul, seeds[0]) for share in SHARES if share != SHARE for haul in hauls]
    climbs = [
        [_met(room, SHARE, haul, seed) for haul in steps] for room, seed in zip(rooms, seeds, strict=True)
    ]
    climb = [Met(*np.median(one, axis=0).tolist()) for one in zip(*climbs, strict=True)]
    reached = [Reached.of(climb, level) for level in CERTAIN]
    figures: Figures = {
        "vocabulary": len(school.vocabulary),
        "scheme": {name: getattr(SCHEME, name) for name in SCHEME.__struct_fields__},
        "divergence_nats": [room.divergence for room in rooms],
        "false_positives": uniform,
        "held": {name: [_in_json(one) for one in found] for name, found in deep.items()},
        "power": [one._asdict() for one in [*curve, *climb]],
        "reached": [one._asdict() for one in reached],
    }
    tables = [
        false_table(uniform),
        held_table(SHARE, deep),
        power_table([*curve, *climb]),
        reached_table(SHARE, reached),
    ]
    return Part(figures, _floors(rooms, uniform, deep, quick=quick), tables)


def quick_files() -> list[Path]:
    """A part of the corpus that is read in seconds."""
    return [path for path in corpus.modules(("numpy",)) if "numpy" in path.parts][:400]


def open_room(school: School, seed: int, haul: int, whole: int) -> Room:
    rng = np.random.default_rng(seed)
    keys = MarkKeys(rng.bytes(32))
    marked, spent = school.marked(haul, rng, Mark(marker_keys(keys, None), SCHEME))
    return Room(school, keys, school.unmarked(whole, rng), marked, spent)


def _false_positives(room: Room, seed: int, size: tuple[int, int]) -> Figures:
    """Keys that marked nothing, against a student that is guilty of another: all are innocent of it."""
    count, haul = size
    student = room.student(SHARE, haul, np.random.default_rng([seed, 1]))
    null = Null(room.pairs(student, FALSE_PAIRS), SCHEME.law())
    innocents = MarkKeys(np.random.default_rng([seed, 2]).bytes(32))
    names = [f"innocent {number}" for number in range(count)]
    sums, decoys = null.sums(innocents.cohorts(names)), null.sums(room.keys.decoys(count))
    ranks = np.exp(null.log_ranks(sums, decoys))
    bounds, normals = np.exp(null.log_bound(sums)), np.exp(null.log_normal(sums))
    return {
        "keys": count,
        "mean_z": float(np.mean(sums) / null.deviation),
        "deviation_of_z": float(np.std(sums) / null.deviation),
        "ks_p_of_ranks": float(stats.ks_2samp(sums, decoys).pvalue),
        "ks_p_of_normal": float(stats.kstest(normals, "uniform").pvalue),
        "rates": {
            str(level): {
                "rank": float(np.mean(ranks <= level)),
                "normal": float(np.mean(normals <= level)),
                "bound": float(np.mean(bounds <= level)),
            }
            for level in LEVELS
        },
    }


def _deep(room: Room, seed: int, size: int, *, natural: bool) -> Evidence:
    student = room.student(SHARE, size, np.random.default_rng([seed, 3]), natural=natural)
    return room.evidence(room.pairs(student), decoys=DECOYS)


def _met(room: Room, share: float, haul: int, seed: int) -> Met:
    rng = np.random.default_rng([seed, 4, haul, round(share * 1000)])
    student = room.student(share, haul, rng)
    found = room.evidence(room.pairs(student))
    answers = sample(student, SAMPLED // ANSWER, ANSWER, rng).answers
    counted = room.evidence(distinct(all_windows(answers, SCHEME.window)))
    contexts = np.arange(student.vocabulary, dtype=np.int64)[:, None]
    likeliest = student.rows(contexts).argmax(axis=1)
    read = room.evidence(distinct(np.column_stack([contexts, likeliest])))
    return Met(share, haul, found.z or 0.0, found.log10_p_bound, counted.log10_p_normal, read.log10_p_normal)


def _in_json(one: Evidence) -> Figures:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _floors(
    rooms: Sequence[Room],
    uniform: Figures,
    deep: dict[str, list[Evidence]],
    *,
    quick: bool,
) -> list[Floor]:
    rates = uniform["rates"]
    assert isinstance(rates, dict)
    floors = [
        Floor(
            "divergence of marked answers, nats a token",
            max(r.divergence for r in rooms),
            DIVERGENCE,
            at_least=False,
        ),
        *(
            Floor(f"KS p of {uniform['keys']} innocent keys, {word}", uniform[f"ks_p_of_{name}"], UNIFORM)  # type: ignore[arg-type] # figures nest
            for name, word in (("ranks", "ranks"), ("normal", "normal tail"))
        ),
        *(
            Floor(f"innocent keys at {level}, by bound", rates[str(level)]["bound"], level, at_least=False)
            for level in LEVELS
        ),
    ]
    if not quick:
        worst = max(one.log10_p_bound for one in deep["teacher"])
        floors.append(
            Floor(f"log10 p by bound, share {SHARE:g}, {HAUL:,} tokens", worst, DEEP, at_least=False)
        )
    return floors
