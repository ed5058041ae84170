"""Benches of marks: minted ids, and what a student that was trained on marked answers gives away."""

from typing import Annotated

import typer

from stillwatch.cli.bench.options import FirstSeed, Json, Quick, Seeds
from stillwatch.cli.bench.run import bench
from stillwatch.lab.benches import cohorts, radioactivity
from stillwatch.records import UsageError


def radioactivity_command(
    student: Annotated[
        list[str] | None,
        typer.Option(
            help=f"kind of student: {', '.join(radioactivity.STUDENTS)}; repeatable; if not said, all whose packages are installed"
        ),
    ] = None,
    seeds: Seeds = 3,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """Whether a student of marked answers is told, at which share and after how many tokens, and how often wrongly."""
    chosen = list(dict.fromkeys(student or radioactivity.available()))
    if unknown := [name for name in chosen if name not in radioactivity.STUDENTS]:
        raise UsageError(f"no such student: {unknown[0]}; there are {', '.join(radioactivity.STUDENTS)}")
    numbers = [first_seed + number for number in range(1 if quick else seeds)]
    bench(
        lambda _root, tell: radioactivity.measure(chosen, numbers, tell, quick=quick), None, json, quick=quick
    )


def cohorts_command(
    runs: Annotated[int, typer.Option(help="students, each with guilty cohorts of its own", min=1)] = 200,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """Whether the guilty ones of 48 cohorts are named, and how often an innocent one is."""
    bench(lambda _root, tell: cohorts.measure(runs, first_seed, tell, quick=quick), None, json, quick=quick)


def ids_command(
    forgeries: Annotated[int, typer.Option(help="forged ids that are tried", min=1_000)] = 10_000_000,
    seeds: Seeds = 3,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """How long minted ids take, whether one can be forged, and which proxies they link beside which customers."""
    from stillwatch.lab.benches import ids  # noqa: PLC0415 - needs an extra

    size = ids.QUICK if quick else ids.Size(forgeries=forgeries)
    numbers = [first_seed + number for number in range(1 if quick else seeds)]
    bench(lambda _root, tell: ids.measure(numbers, size, tell), None, json, quick=quick)


COMMANDS = {"ids": ids_command, "radioactivity": radioactivity_command, "cohorts": cohorts_command}
