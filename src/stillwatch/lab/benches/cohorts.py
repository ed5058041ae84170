"""Whether the cohorts whose answers a student learned from are named, and never another.

In each run some of 48 cohorts are guilty: the student's text holds the same share of each one's marked answers, and the
teacher's unmarked answers beside them. The innocent cohorts of every run have names, and so keys, of their own.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from rich.table import Table
from scipy import stats

from stillwatch.lab.arrays import Ints
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.radioactivity_counting import quick_files
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.probing import probes_of
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.school import School, open_school, shuffled
from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import MarkKeys, Scheme, Tracing, marker_keys, trace

COHORTS, GUILTY = 48, 4
HAUL = 1_000_000
ALPHA = 1e-3  # of the family-wise error
MOST_PAIRS = 200_000
SETTINGS = (
    (0.05, Scheme()),
    (0.02, Scheme(delta=2.0, identity_share=0.8)),
)  # share of each guilty cohort: the floor, and beyond it with a mark that costs more
MEANT = SETTINGS[0]
HEADINGS = (
    "share of each",
    "delta",
    "identity",
    "nats a token",
    "all named",
    "named",
    "error",
    "error, 95 % at most",
    "weakest guilty",
    "nearest innocent",
)
QUICK_HAUL, QUICK_RUNS = 200_000, 3


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One student: how many guilty cohorts were named, how many innocent ones, and how close either came."""

    named: int
    wrongly: int
    weakest: float  # log10 p adjusted, of the guilty
    nearest: float  # of the innocent


def measure(runs: int, first_seed: int, tell: Tell, *, quick: bool) -> Report:
    if quick:
        runs = min(runs, QUICK_RUNS)
    haul = QUICK_HAUL if quick else HAUL
    tell("reading the corpus, teaching the teacher")
    school = open_school(quick_files() if quick else None, order=2)
    rng = np.random.default_rng(first_seed)
    keys = MarkKeys(rng.bytes(32))
    tell("the teacher answers unmarked")
    unmarked = school.unmarked(haul, rng)
    figures: Figures = {"cohorts": COHORTS, "guilty": GUILTY, "runs": runs, "haul": haul}
    table = Table(*HEADINGS, title=f"{GUILTY} of {COHORTS} cohorts guilty, {runs} runs; log10 p after Holm")
    floors = []
    for share, scheme in SETTINGS:
        found, spent = _runs(school, keys, unmarked, (share, scheme), runs, first_seed, tell)
        numbers = _numbers(found, spent)
        setting = (f"{share:.0%}", f"{scheme.delta:g}", f"{scheme.identity_share:g}")
        figures["share {}, delta {}, identity {}".format(*setting)] = numbers
        table.add_row(*setting, *(f"{value:.4g}" for value in numbers.values()))
        error = numbers["family_wise_error"]
        floors.append(Floor(f"family-wise error, share {share:g}", error, ALPHA, at_least=False))
        if (share, scheme) == MEANT and not quick:
            whole = numbers["runs_with_all_named"]
            floors.append(Floor(f"runs in which all guilty are named, share {share:g}", whole, 1.0))
    return Report("cohorts", figures, floors, [first_seed], [table])


def _numbers(found: Sequence[Run], spent: float) -> dict[str, float]:
    """In the order of the headings; the error's upper end is that of Clopper and Pearson."""
    runs, wrong = len(found), sum(one.wrongly > 0 for one in found)
    return {
        "divergence_nats": spent,
        "runs_with_all_named": float(np.mean([one.named == GUILTY for one in found])),
        "guilty_named": float(np.mean([one.named / GUILTY for one in found])),
        "family_wise_error": wrong / runs,
        "family_wise_error_at_most": float(stats.beta.ppf(0.95, wrong + 1, runs - wrong))
        if wrong < runs
        else 1.0,
        "weakest_guilty": max(one.weakest for one in found),
        "nearest_innocent": min(one.nearest for one in found),
    }


def _runs(
    school: School,
    keys: MarkKeys,
    unmarked: Ints,
    setting: tuple[float, Scheme],
    runs: int,
    seed: int,
    tell: Tell,
) -> tuple[list[Run], float]:
    share, scheme = setting
    rng = np.random.default_rng([seed, round(share * 1000)])
    size = round(share * len(unmarked))
    tell(f"cohorts are answered: {size:,} tokens each")
    answers, costs = [], []
    for number in range(min(COHORTS, GUILTY * runs)):
        own, spent = school.marked(size, rng, Mark(marker_keys(keys, _guilty(number)), scheme))
        answers.append(own)
        costs.append(spent)
    out = []
    for run in range(runs):
        guilty = rng.choice(len(answers), GUILTY, replace=False).tolist()
        rest = shuffled(unmarked, len(unmarked) - GUILTY * size, rng)
        student = train(np.concatenate([*(answers[one] for one in guilty), rest]), len(school.vocabulary), 2)
        names = [_guilty(one) for one in guilty]
        innocent = [f"innocent {run} {number}" for number in range(COHORTS - GUILTY)]
        out.append(_judged(_traced(school.teacher, student, keys, scheme, [*names, *innocent]), set(names)))
        if run % 20 == 19:
            tell(f"share {share:g}: {run + 1} of {runs} runs")
    return out, float(np.mean(costs))


def _guilty(number: int) -> str:
    return f"cohort {number}"


def _traced(
    teacher: CountStudent, student: CountStudent, keys: MarkKeys, scheme: Scheme, names: Sequence[str]
) -> Tracing:
    pairs = open_pairs(
        student, teacher, probes_of(teacher, 1), 1, most_pairs=MOST_PAIRS, least_entropy=scheme.least_entropy
    )
    return trace(pairs, keys, scheme, list(names), alpha=ALPHA, decoys=0)


def _judged(found: Tracing, guilty: set[str]) -> Run:
    theirs = [one for one in found.cohorts if one.cohort in guilty]
    others = [one for one in found.cohorts if one.cohort not in guilty]
    return Run(
        named=sum(one.named for one in theirs),
        wrongly=sum(one.named for one in others),
        weakest=max(one.log10_p_adjusted for one in theirs),
        nearest=min(one.log10_p_adjusted for one in others),
    )
