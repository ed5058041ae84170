"""Benches of marks."""

from typing import Annotated

import typer

from stillwatch.cli.bench.options import FirstSeed, Json, Quick, Seeds
from stillwatch.cli.bench.run import bench


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


COMMANDS = {"ids": ids_command}
