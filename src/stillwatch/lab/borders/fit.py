"""Fitting the weights of regions on composed worlds, with each world judged by weights that were fitted without it.

`python -m stillwatch.lab.borders.fit` composes the worlds, shows what is found in those left out, and writes the
weights where the judge reads them. `SHARES` is who is held to call, which the composed worlds do not decide.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from stillwatch.access import regions
from stillwatch.access.regions.conduct import conduct
from stillwatch.access.regions.facts import facts_of
from stillwatch.access.regions.judge import SUSPECTED
from stillwatch.access.regions.scene import scene_of
from stillwatch.access.regions.signals import ABOUT_PLACE, SIGNALS
from stillwatch.access.regions.traces import traces
from stillwatch.access.regions.weights import Weights, contributions, odds, tables
from stillwatch.lab.arrays import Floats, Ints
from stillwatch.lab.borders.judged import NOW, Gathered, gather, gather_open
from stillwatch.lab.borders.people import ABROAD, EVADERS, KINDS
from stillwatch.lab.borders.steps import Examples, Fitted, fit

SEEDS = (1, 2, 3, 4, 5)
PRIOR = (
    0.02  # in the public cases operators held tens of thousands of accounts, of providers that have millions
)
SHARES: Mapping[str, float] = {  # of the innocent
    "resident": 0.55,
    "traveller": 0.15,
    "expatriate": 0.16,
    "remote worker": 0.06,
    "student abroad": 0.06,
    "roaming": 0.02,
}
OPEN, OPEN_SHARE = 600, 0.15  # of those who call from unsupported places, who hide nothing; `KINDS` has none
PAIRS = (  # named because one explains the other, or because only both together are strange
    ("exits", "home"),
    ("hiding", "exits"),
    ("hiding", "home"),
    ("reuse", "operators"),
    ("ways", "operators"),
    ("operators", "countries"),
    ("operators", "signup address"),
    ("ways", "countries"),
    ("ways", "signup address"),
    ("reuse", "countries"),
    ("countries", "moves"),
    ("operators", "phone kind"),
    ("exits", "signup address"),
    ("phone kind", "coherence"),
    ("phone kind", "phone agrees"),
    ("payment kind", "payment agrees"),
    ("operators", "payment kind"),
    ("countries", "home"),
    ("payment kind", "phone kind"),
    ("hiding", "presence"),
    ("countries", "presence"),
    ("hiding", "payment"),
    ("hiding", "phone"),
    ("moves", "presence"),
    ("home", "presence"),
    ("home", "payment"),
    ("home", "phone"),
    ("hiding", "signup"),
    ("exits", "presence"),
    ("exits", "payment"),
    ("exits", "phone"),
    ("coherence", "presence"),
    ("phone", "presence"),
    ("payment", "phone"),
    ("payment", "presence"),
    ("signup", "presence"),
    ("signup", "phone"),
)
ROUGHLY = 0.08  # share of the innocent in the first, rough fit
FADES, FEWEST = 0.6, 0.01  # of the innocent whose log-odds are below AT, so many are kept for the second
AT = -6.0
ACCUSED = 1 / 1000


class Found(NamedTuple):
    """All accounts of a world: findings of each, and which of the distinct findings about places holds for each place."""

    kind: Ints
    does: npt.NDArray[np.int8]  # [accounts, signals of the account]
    says: npt.NDArray[np.int8]  # [distinct, signals of a place]
    which: npt.NDArray[np.int16]  # [accounts, places]


def found_in(world: Gathered, *, openly: bool = False) -> Found:
    scene = scene_of(world.rules, NOW)
    facts = facts_of(world.accounts, world.activity, scene)
    shape = tuple(len(findings) for findings in ABOUT_PLACE.values())
    codes = np.concatenate(
        [np.ravel_multi_index(tuple(says.astype(np.intp)), shape) for _, says in traces(facts, scene, 4096)]
    )
    every = np.stack(np.unravel_index(np.arange(np.prod(shape)), shape), axis=1)
    kind = np.full_like(world.people.kind, len(KINDS)) if openly else world.people.kind
    return Found(kind, conduct(facts)[0], every.astype(np.int8), codes.astype(np.int16))


def weigh(worlds: Sequence[Found], *, seeds: Sequence[int]) -> Weights:
    """Fit on some worlds, which may be of those who hide nothing: roughly, to find the innocent who are hard to tell, and then on these and a sample of the rest."""
    rng = np.random.default_rng(len(worlds))
    chances = [np.where(world.kind >= EVADERS.start, 1.0, ROUGHLY) for world in worlds]
    rough = _weights(fit(_examples(worlds, chances, rng), ()), seeds)
    for number, world in enumerate(worlds):
        kept = np.clip(np.exp(FADES * (log_odds(rough, world) - AT)), FEWEST, 1.0)
        chances[number] = np.where(world.kind >= EVADERS.start, 1.0, kept)
    examples = _examples(worlds, chances, rng)
    fitted = _weights(fit(examples, PAIRS), seeds)
    return msgspec.structs.replace(fitted, neutral=_neutral(fitted, examples))


def log_odds(weights: Weights, world: Found) -> Floats:
    """As the judge has them."""
    made = tables(weights)
    out = np.empty(len(world.kind))
    for first in range(0, len(out), 4096):
        some = slice(first, first + 4096)
        says = np.moveaxis(world.says[world.which[some]], -1, 0)
        ratio = odds(made, world.does[some], says) + _place_odds(world.which.shape[1]) + weights.best
        out[some] = np.log(np.exp(ratio).sum(axis=1))
    return out


def _place_odds(places: int) -> float:
    return float(np.log(PRIOR / places) - np.log(1 - PRIOR))


def _examples(worlds: Sequence[Found], chances: Sequence[Floats], rng: np.random.Generator) -> Examples:
    """A sample of all accounts, each weighed by what it stands for."""
    parts, counts, firsts, kinds, weights, rows = [], [], [], [], [], 0
    for world, chance in zip(worlds, chances, strict=True):
        some = np.flatnonzero(rng.random(len(chance)) < chance)
        flat = np.arange(len(some))[:, None] * len(world.says) + world.which[some]
        distinct, count = np.unique(flat, return_counts=True)
        account, said = np.divmod(distinct, len(world.says))
        parts.append(np.concatenate([world.says[said], world.does[some][account]], axis=1))
        counts.append(count)
        firsts.append(np.searchsorted(account, np.arange(len(some))) + rows)
        kinds.append(world.kind[some])
        weights.append(1 / chance[some])
        rows += len(distinct)
    kind, weight = np.concatenate(kinds), np.concatenate(weights)
    guilty = kind >= EVADERS.start
    openly = kind == len(KINDS)
    weight[openly] *= (
        OPEN_SHARE / (1 - OPEN_SHARE) * weight[guilty & ~openly].sum() / max(weight[openly].sum(), 1.0)
    )
    for number, name in enumerate(KINDS[: EVADERS.start]):
        own = kind == number
        weight[own] *= SHARES[name] * weight[guilty].sum() * (1 - PRIOR) / PRIOR / max(weight[own].sum(), 1.0)
    place = _place_odds(worlds[0].which.shape[1])
    return Examples(
        np.concatenate(parts),
        np.concatenate(counts).astype(float),
        np.concatenate(firsts),
        guilty,
        weight,
        place,
    )


def _weights(fitted: Fitted, seeds: Sequence[int]) -> Weights:
    said = f"composed worlds, seeds {', '.join(map(str, seeds))}"
    none = dict.fromkeys(SIGNALS, 0.0)
    return Weights(
        said, PRIOR, fitted.best, none, tuple(fitted.steps), tuple(fitted.both), tuple(fitted.either)
    )


def _neutral(weights: Weights, examples: Examples) -> dict[str, float]:
    """By how much each signal tells evaders from the innocent, brought to the sum that makes the log-odds whole."""
    nats = contributions(tables(weights), examples.found)
    total = nats.sum(axis=1) + np.log(examples.places)
    order = np.lexsort((total, examples.account))
    last = order[np.append(examples.first[1:], len(order)) - 1]  # the row that explains an account best
    mean = [
        np.average(nats[last][side], axis=0, weights=examples.weight[side])
        for side in (examples.guilty, ~examples.guilty)
    ]
    tells = np.maximum(mean[0] - mean[1], 0.01)
    shares = np.round(-weights.best * tells / tells.sum(), 3)
    shares[tells.argmax()] += -weights.best - shares.sum()  # what rounding left
    return dict(zip(SIGNALS, np.round(shares, 3).tolist(), strict=True))


def _told(judged: Iterable[tuple[int, Ints, Floats]]) -> str:
    """Of worlds that were left out of the fit: what is found in each, and where the threshold lies."""
    lines = []
    for seed, kind, ratio in judged:
        abroad = np.sort(ratio[(kind >= ABROAD.start) & (kind < ABROAD.stop)])[::-1]
        at = abroad[int(len(abroad) * ACCUSED)]
        guilty = ratio[kind >= EVADERS.start]
        line = f"seed {seed}: 1 in 1,000 abroad reach {1 / (1 + np.exp(-at)):.3f}, {np.mean(guilty > at):.1%} of evaders"
        for limit in (0.5, SUSPECTED):
            least = np.log(limit / (1 - limit))
            accused, found = np.mean(abroad >= least) * 1000, np.mean(guilty >= least)
            line += f"; from {limit} {found:.1%}, {accused:.2f} in 1,000 abroad"
        lines.append(line)
    return "\n".join(lines) + "\n"


def main(path: Path) -> None:
    worlds = [found_in(gather(seed, 1.0)) for seed in SEEDS]
    plain = [found_in(gather_open(seed, OPEN), openly=True) for seed in SEEDS]
    judged = []
    for number, seed in enumerate(SEEDS):
        rest = [world for others in (worlds, plain) for at, world in enumerate(others) if at != number]
        judged.append((seed, worlds[number].kind, log_odds(weigh(rest, seeds=()), worlds[number])))
    sys.stdout.write(_told(judged))
    sys.stdout.flush()
    fitted = weigh([*worlds, *plain], seeds=SEEDS)
    sys.stdout.write(
        f"{len(fitted.steps)} steps, {len(fitted.both)} of both, {len(fitted.either)} of either\n"
    )
    path.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


if __name__ == "__main__":
    main(Path(regions.__file__).with_name("weights.json"))
