"""Benches of access: who is asking, and what they are asked."""

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.bench.options import FirstSeed, Json, Keep, Quick, Scale, Seeds, Weeks
from stillwatch.cli.bench.run import bench
from stillwatch.lab.benches import access, challenge
from stillwatch.lab.benches.trials import Traffic
from stillwatch.records import UsageError

QUICK_CHALLENGE_SCALE, QUICK_CHALLENGE_WEEKS = 0.006, 4


def challenge_command(
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 3,
    first_seed: FirstSeed = 9000,
    review_hours: Annotated[
        float, typer.Option(help="from an alarm until people have confirmed it; 0 leaves people out", min=0)
    ] = 0.0,
    levels: Annotated[Path, typer.Option(help="the level policy", show_default="the bench's own")] = (
        challenge.LEVELS
    ),
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How soon a campaign's accounts are asked to verify, who else is, and what surviving it costs an operator."""
    if quick:
        scale, weeks, seeds = QUICK_CHALLENGE_SCALE, QUICK_CHALLENGE_WEEKS, 1
    logs = [Traffic(challenge.SCENARIO, scale, first_seed + number, (), weeks) for number in range(seeds)]
    bench(
        lambda root, tell: challenge.measure(root, logs, tell, review_hours=review_hours, levels=levels),
        keep,
        json,
        quick=quick,
    )


def access_command(
    part: Annotated[
        list[str] | None,
        typer.Option(help=f"what to measure: {', '.join(access.PARTS)}; repeatable, all if not said"),
    ] = None,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How well places, owners, names and sign-ups of accounts are judged, and how fast."""
    chosen = list(dict.fromkeys(part or access.PARTS))
    if unknown := [name for name in chosen if name not in access.PARTS]:
        raise UsageError(f"no such part: {unknown[0]}; there are {', '.join(access.PARTS)}")
    bench(
        lambda root, tell: access.measure(root, tell, parts=chosen, seed=first_seed, quick=quick),
        keep,
        json,
        quick=quick,
    )


COMMANDS = {
    "challenge": challenge_command,
    "access": access_command,
}
