"""Attacks on marks, each on each: what is left of the proof, and what the attack costs who makes it.

A student is trained on the teacher's marked answers alone, after or before the attack. What is left is the base-10
logarithm of p by bound; for minted ids, the share of the operator's accounts that are linked. What it costs: tokens of the
harvest that changed, tokens that another model had to draw, tokens of other text, and how much worse the student predicts what the teacher
writes without a mark (nats a token more than the student that was not attacked).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import msgspec
import numpy as np

from stillwatch.lab.arrays import Ints
from stillwatch.lab.attacking.catalogue import catalogue
from stillwatch.lab.attacking.harvest import ORDER, Attack, Attacked, Harvest, IdAttack, TextAttack
from stillwatch.lab.benches import Figures, Floor, Report, Tell, attacks_tables
from stillwatch.lab.benches.attacks_tables import Met
from stillwatch.lab.benches.radioactivity_counting import quick_files
from stillwatch.lab.proxies import Proxy
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.probing import probes_of
from stillwatch.lab.students.sampling import Mark, sample
from stillwatch.lab.students.school import PIECE, School, open_school
from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import MarkKeys, Scheme, Tracing, detect, marker_keys, trace

COHORT = "attacked"
MARKS: dict[str, Scheme] = {
    "green, delta 1": Scheme(identity_share=0.0),
    "green, delta 2": Scheme(identity_share=0.0, delta=2.0),
    "cohort's, delta 1": Scheme(),
    "green, window 2": Scheme(identity_share=0.0, window=2),
    "gumbel, window 2": Scheme(identity_share=0.0, window=2, variant="gumbel"),
}
JUDGED = "green, delta 1"  # costs are those of the student of this mark
HAUL, QUICK_HAUL = 200_000, 40_000
HELD_OUT = 50_000  # tokens that quality is measured on
UNATTACKED = -10.0  # log10 p at most
INNOCENT = -4.0  # log10 p at least, of students of unmarked answers
NONE, CLOSED, UNMARKED = "none", "none, closed", "unmarked answers"
TINY = 1e-12


@dataclass(frozen=True)
class Room:
    """What all attacks on one mark share."""

    harvest: Harvest
    keys: MarkKeys
    scheme: Scheme
    reference: CountStudent
    held_out: Ints

    def left(self, attacked: Attacked) -> float:
        """log10 p by bound, of the cohort's key where the mark is a cohort's."""
        names = [COHORT] if self.scheme.identity_share else []
        if attacked.answers is not None:
            found = detect(attacked.answers, self.keys, self.scheme, names, decoys=0)
        else:
            assert attacked.student is not None
            found = self._opened(attacked.student, names)
        return (found.cohorts[0].evidence if names else found.overall).log10_p_bound

    def _opened(self, student: CountStudent, names: list[str]) -> Tracing:
        window = self.scheme.window
        pairs = open_pairs(
            student,
            self.reference,
            probes_of(self.reference, window),
            window,
            least_entropy=self.scheme.least_entropy,
        )
        return trace(pairs, self.keys, self.scheme, names, decoys=0)


def measure(seeds: Sequence[int], tell: Tell, *, quick: bool) -> Report:
    haul = QUICK_HAUL if quick else HAUL
    tell("reading the corpus, teaching the teacher")
    school = open_school(quick_files() if quick else None, order=2)
    found, left_out = at_hand(catalogue(), tell)
    met: dict[str, dict[str, list[Met]]] = {}
    spent: dict[str, list[float]] = {}
    for seed in seeds:
        for name, scheme in MARKS.items():
            tell(f"seed {seed}: {name}")
            room, divergence = _room(school, seed, scheme, haul)
            if scheme.variant == "green":  # of gumbel it is not measured
                spent.setdefault(name, []).append(divergence)
            for row, one in _attacked(room, found).items():
                met.setdefault(row, {}).setdefault(name, []).append(one)
    linked: dict[str, list[float]] = {}
    for seed in seeds:
        tell(f"seed {seed}: ids")
        for row, share in _linked(seed, found).items():
            linked.setdefault(row, []).append(share)
    figures: Figures = {
        "haul": haul,
        "divergence_nats": {name: float(np.mean(some)) for name, some in spent.items()},
        "attacks": {row: _numbers(by_mark) for row, by_mark in met.items()},
        "accounts_linked": linked,
        "left_out": left_out,
    }
    rewritings = attacks_tables.rewritings(met, JUDGED)
    tables = [
        attacks_tables.power(met, list(MARKS), left_out),
        attacks_tables.cost(met, JUDGED, haul),
        *([] if rewritings is None else [rewritings]),
        attacks_tables.ids(linked),
    ]
    return Report("attacks", figures, _floors(met, quick=quick), list(seeds), tables)


def at_hand(found: Sequence[Attack], tell: Tell) -> tuple[list[Attack], dict[str, str]]:
    """The attacks that can be carried out here, and why others cannot."""
    why = {one.name: one.absent() for one in found if isinstance(one, TextAttack)}
    left_out = {name: reason for name, reason in why.items() if reason is not None}
    for name, reason in left_out.items():
        tell(f"left out: {name}: {reason}")
    return [one for one in found if one.name not in left_out], left_out


def _floors(met: dict[str, dict[str, list[Met]]], *, quick: bool) -> list[Floor]:
    innocent = min(one.log10_p for some in met[UNMARKED].values() for one in some)
    floors = [Floor("log10 p, students of unmarked answers", innocent, INNOCENT)]
    if not quick:
        floors += [
            Floor(
                f"log10 p, not attacked: {name}", max(one.log10_p for one in some), UNATTACKED, at_least=False
            )
            for name, some in met[NONE].items()
        ]
    return floors


def _room(school: School, seed: int, scheme: Scheme, haul: int) -> tuple[Room, float]:
    rng = np.random.default_rng(seed)
    keys = MarkKeys(rng.bytes(32))
    mark = Mark(marker_keys(keys, COHORT if scheme.identity_share else None), scheme)
    marked, divergence = school.marked(haul, rng, mark)
    unmarked, held_out = school.unmarked(haul, rng), school.unmarked(HELD_OUT, rng)
    reference = school.teacher
    if scheme.window > 1:  # the teacher knows shorter contexts only
        reference = train(school.unmarked(haul, rng), len(school.vocabulary), ORDER)
    harvest = Harvest(school, marked, unmarked, scheme.window, rng)
    return Room(harvest, keys, scheme, reference, held_out), divergence


def _attacked(room: Room, found: Sequence[Attack]) -> dict[str, Met]:
    harvest = room.harvest
    whole = harvest.student(harvest.marked)
    best = loss(whole, room.held_out)
    asked = sample(whole, max(1, len(harvest.marked) // PIECE), PIECE, harvest.rng).answers
    cases: dict[str, Attacked] = {
        NONE: Attacked(whole),
        CLOSED: Attacked(whole, answers=list(asked)),
        UNMARKED: Attacked(harvest.student(harvest.unmarked)),
    }
    for attack in found:
        if isinstance(attack, TextAttack):
            for strength in attack.strengths:
                cases[f"{attack.name}: {strength:g}"] = attack.run(harvest, strength)
    return {
        row: Met(
            log10_p=room.left(one),
            changed=one.changed,
            calls=one.calls,
            more=one.more,
            lost=None if one.student is None else loss(one.student, room.held_out) - best,
            rewriting=one.rewriting,
        )
        for row, one in cases.items()
    }


def loss(student: CountStudent, tokens: Ints) -> float:
    """Nats a token of a text, each after the two before it."""
    contexts = np.lib.stride_tricks.sliding_window_view(tokens, 2)[:-1]
    total = 0.0
    for start in range(0, len(contexts), 4_096):
        some = contexts[start : start + 4_096]
        likely = student.rows(some)[np.arange(len(some)), tokens[start + 2 : start + 2 + len(some)]]
        total -= float(np.log(np.maximum(likely, TINY), dtype=np.float64).sum())
    return total / len(contexts)


def _linked(seed: int, found: Sequence[Attack]) -> dict[str, float]:
    from stillwatch.lab.benches import ids  # noqa: PLC0415 - needs an extra

    return {
        name: ids.linked(Proxy(name, True, rewrite=does), seed, ids.QUICK).share
        for attack in found
        if isinstance(attack, IdAttack)
        for name, does in attack.rewrites.items()
    }


def _numbers(by_mark: dict[str, list[Met]]) -> Figures:
    return {
        name: {
            "log10_p_by_seed": [one.log10_p for one in some],
            "tokens_changed": median(one.changed for one in some),
            "drawn_by_another_model": median(one.calls for one in some),
            "other_tokens": median(one.more for one in some),
            "nats_lost": None if some[0].lost is None else median(one.lost or 0.0 for one in some),
            "rewriting_by_seed": [msgspec.to_builtins(one.rewriting) for one in some if one.rewriting],
        }
        for name, some in by_mark.items()
    }
