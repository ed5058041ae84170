"""Benches of detection: what is found, how often wrongly, how fast."""

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.bench.options import (
    QUICK_SCALE,
    QUICK_WEEKS,
    FirstSeed,
    Json,
    Keep,
    Quick,
    Scale,
    Seeds,
    Weeks,
)
from stillwatch.cli.bench.run import bench
from stillwatch.lab.benches import detection, false_alarms, peers, speed, weights
from stillwatch.lab.benches.trials import Traffic, groups_named
from stillwatch.records import UsageError

QUICK_ALARM_SEEDS = 3
QUICK_SIZES = "20000,40000,80000"


def detection_command(
    scenario: Annotated[str, typer.Option(help="a scenario of `stillwatch simulate`")] = "all",
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 5,
    first_seed: FirstSeed = 1000,
    drop_fields: Annotated[
        str, typer.Option(help="groups of fields left out: payments,network,text; or `each` for all settings")
    ] = "",
    evasion: Annotated[list[str] | None, typer.Option(help="as `stillwatch simulate`; repeatable")] = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How many operators are found, how completely, how early, and how many innocents are named."""
    groups = None if drop_fields == "each" else groups_named(drop_fields)
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, 1
    evasions = tuple(evasion or ())
    traffics = [Traffic(scenario, scale, first_seed + n, evasions, weeks) for n in range(seeds)]
    bench(lambda root, tell: detection.measure(root, traffics, tell, groups=groups), keep, json, quick=quick)


def false_alarms_command(
    scale: Scale = 0.005,
    weeks: Weeks = 4,
    seeds: Seeds = 40,
    first_seed: FirstSeed = 1000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How often a log without operators holds a campaign, against the stated level."""
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, QUICK_ALARM_SEEDS
    traffics = [Traffic("benign", scale, first_seed + n, (), weeks) for n in range(seeds)]
    bench(lambda root, tell: false_alarms.measure(root, traffics, tell), keep, json, quick=quick)


def peers_command(
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 2,
    first_seed: FirstSeed = 1000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Who finds the operators' accounts on the same logs, at what cost in innocents."""
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, 1
    traffics = [Traffic("all", scale, first_seed + n, (), weeks) for n in range(seeds)]
    bench(lambda root, tell: peers.measure(root, traffics, tell), keep, json, quick=quick)


def speed_command(
    exchanges: Annotated[
        str, typer.Option(help="sizes of the logs, with commas")
    ] = "250000,500000,1000000,2000000,4000000",
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Exchanges a second, growth with the size of the log, and peak memory."""
    try:
        sizes = [int(size) for size in (QUICK_SIZES if quick else exchanges).split(",")]
    except ValueError as wrong:
        raise UsageError(f"--exchanges takes whole numbers with commas, not {exchanges!r}") from wrong
    if min(sizes) < 1:
        raise UsageError("--exchanges takes sizes of one exchange or more")
    bench(lambda root, tell: speed.measure(root, sizes, tell), keep, json, quick=quick)


def weights_command(
    logs: Annotated[
        int, typer.Option(help="logs with operators, and as many without, of each simulator", min=1)
    ] = 3,
    first_seed: FirstSeed = 1,
    scale: Scale = 0.01,
    write: Annotated[Path | None, typer.Option(help="put the fitted weights into this file")] = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """How well the weights of evidence separate operators, and how well across simulators; fits them anew."""
    if quick:
        logs, scale = 1, QUICK_SCALE
    bench(
        lambda root, tell: weights.measure(root, logs, first_seed, scale, tell, write),
        None,
        json,
        quick=quick,
    )


COMMANDS = {
    "detection": detection_command,
    "false-alarms": false_alarms_command,
    "peers": peers_command,
    "speed": speed_command,
    "weights": weights_command,
}
