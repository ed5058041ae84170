"""The bench of surface reduction."""

from typing import Annotated

import typer

from stillwatch.cli.bench.options import FirstSeed, Json, Quick
from stillwatch.cli.bench.run import bench

QUICK_ANSWERS = 500


def surface_command(
    answers: Annotated[int, typer.Option(help="answers of each format", min=1)] = 12_000,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """Whether anything that a tier takes away gets through, in which format, and how long an event takes."""
    from stillwatch.lab.benches import surface  # noqa: PLC0415 - needs an extra

    many = QUICK_ANSWERS if quick else answers
    bench(lambda root, tell: surface.measure(root, many, first_seed, tell), None, json, quick=quick)


COMMANDS = {"surface": surface_command}
