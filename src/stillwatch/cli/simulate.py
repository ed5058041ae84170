"""`stillwatch simulate`: write a provider's log with known campaigns in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from stillwatch.lab import evasions
from stillwatch.lab.simulate import Made, operators_of, simulate
from stillwatch.lab.world import World
from stillwatch.records import UsageError

DEMO = (0.0025, 1, 2.2)  # scale, weeks and activity of `demo`
USUAL = (0.02, 4, 1.0)


def command(
    scenario: Annotated[str, typer.Argument(help="benign, all, demo, february, or the id of one operator")],
    out: Annotated[Path, typer.Option(help="directory for the log; made if absent")],
    scale: Annotated[
        float | None, typer.Option(help="accounts relative to the public cases (0.02 if not said)", min=1e-5)
    ] = None,
    seed: Annotated[int, typer.Option(help="the same seed gives the same log")] = 1,
    form: Annotated[
        Literal["parquet", "jsonl"], typer.Option("--format", help="file format of the log")
    ] = "parquet",
    weeks: Annotated[int | None, typer.Option(help="length of the log (4 if not said)", min=1)] = None,
    attack_share: Annotated[
        float, typer.Option(help="most accounts that operators may hold", min=0, max=0.9)
    ] = 0.03,
    evasion: Annotated[
        list[str] | None,
        typer.Option(
            help=f"what operators hide: {', '.join(evasions.EVASIONS)}, or aware for all; repeat to combine"
        ),
    ] = None,
    start: Annotated[str, typer.Option(help="first moment of the log, ISO 8601, UTC")] = "2026-03-02",
) -> None:
    """Write a simulated provider's log with known campaigns in it, to try `detect` on or to measure it with.

    The log is in contract form: exchanges-0001…, accounts and events. What is true stands beside it in
    truth/ and nowhere in the log: operators.json, accounts.parquet (cohort, operator, hard negative) and
    exchanges.parquet (operator and capability of each illicit exchange). Prompts are real where
    STILLWATCH_DATA names the development data, else from grammars; accounts, payments, addresses and
    campaigns are composed, so figures on them are not rates in a provider's log.

    SCENARIO is `benign` (ordinary people and every look-alike cohort), `all` (the same with all
    operators), `demo` (one week, three campaigns, a few seconds), `february` (the three operators of the public
    case of that month) or one operator: feb_a, feb_b, feb_c, hydra_proxy, june, september, relay, trace_cleaning,
    slow.

    To begin with:

      stillwatch simulate demo --out demo-log

      stillwatch simulate all --scale 0.02 --seed 1 --out log

      stillwatch simulate september --evasion fresh_cards --evasion residential --out hidden
    """
    usual = DEMO if scenario == "demo" else USUAL
    operators_of(scenario)
    world = World(
        seed=seed,
        start=_moment(start),
        days=7 * (weeks or usual[1]),
        scale=scale or usual[0],
        evasions=evasions.chosen(tuple(evasion or ())),
        activity=usual[2],
    )
    made = _watched(world, scenario, out, form, attack_share)
    Console(stderr=True).print(
        f"{made.exchanges:,} exchanges of {made.accounts:,} accounts in {out}; truth in {out / 'truth'}",
        highlight=False,
    )


def _watched(world: World, scenario: str, out: Path, form: str, attack_share: float) -> Made:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(pulse_style="dim"),
        TextColumn("{task.completed:,.0f} accounts"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulating", total=None)

        def progress(name: str, accounts: int) -> None:
            bar.update(task, description=name, advance=accounts)

        return simulate(world, scenario, out, form=form, attack_share=attack_share, progress=progress)


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--start {text!r} is not an ISO 8601 time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000
