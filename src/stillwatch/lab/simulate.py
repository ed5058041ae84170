"""Make a provider's log of a scenario, with the truth beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stillwatch.lab import campaign, population
from stillwatch.lab.plugins import benign_cohorts, catalogue
from stillwatch.lab.requests import Slice
from stillwatch.lab.truth import Truth
from stillwatch.lab.world import World
from stillwatch.lab.writing import DayShelf, scratch, write_exchanges, write_table
from stillwatch.records import EVENTS, UsageError

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Made:
    """What a simulation wrote."""

    accounts: int
    exchanges: int
    operators: tuple[str, ...]


def scenarios() -> tuple[str, ...]:
    """Names a scenario can have."""
    return ("benign", "all", "demo", "february", *sorted(catalogue()))


def operators_of(scenario: str) -> tuple[str, ...]:
    """Ids of the operators in a scenario."""
    if scenario not in scenarios():
        raise UsageError(f"unknown scenario {scenario!r}; known: {', '.join(scenarios())}")
    fixed = {
        "benign": (),
        "all": tuple(sorted(catalogue())),
        "demo": ("feb_a", "feb_c", "september"),
        "february": ("feb_a", "feb_b", "feb_c"),
    }
    return fixed.get(scenario, (scenario,))


def simulate(
    world: World,
    scenario: str,
    out: Path,
    *,
    form: str = "parquet",
    attack_share: float = 0.03,
    progress: Progress,
) -> Made:
    """Write the log of `scenario` into `out`; `progress` hears the name and accounts of each finished slice."""
    ids = operators_of(scenario)
    out.mkdir(parents=True, exist_ok=True)
    if any(out.glob("exchanges-*")):
        raise UsageError(f"{out} already holds a log; choose an empty directory")
    truth, events, accounts = Truth(), _releases(world), []
    with scratch(out) as folder:
        shelf = DayShelf(world, Path(folder))
        for made in slices(world, ids, attack_share):
            shelf.add(made.exchanges)
            truth.add_people(made)
            accounts.append(made.people.table())
            events += made.events
            progress(made.people.cohort, made.people.size)
        rng = world.rng("identifiers")
        exchanges = write_exchanges(shelf, rng, truth, out, form)
    total = pa.concat_tables(accounts)
    order = rng.permutation(total.num_rows)
    write_table(total.take(pa.array(order)), out / "accounts", form)
    events.sort(key=lambda event: (event["ts"], str(event.get("account_id"))))
    write_table(pa.Table.from_pylist(events, schema=EVENTS), out / "events", form)
    truth.write(out / "truth", order)
    return Made(total.num_rows, exchanges, ids)


def slices(world: World, ids: tuple[str, ...], attack_share: float) -> Iterator[Slice]:
    """Everybody in the log: ordinary people, benign cohorts, operators."""
    benign = 0
    for made in population.build(world):
        benign += made.people.size
        yield made
    for cohort in benign_cohorts().values():
        for made in cohort.build(world):
            benign += made.people.size
            yield made
    sizes = campaign.sizes(world, [catalogue()[name] for name in ids], benign, attack_share)
    for name in ids:
        yield campaign.run(world, catalogue()[name], sizes[name])


def _releases(world: World) -> list[dict[str, object]]:
    return [{"ts": release.ts, "kind": "model_release", "model": release.model} for release in world.releases]


__all__ = ["Made", "operators_of", "scenarios", "simulate", "slices"]
