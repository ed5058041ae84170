"""Options that several benches have."""

from pathlib import Path
from typing import Annotated

import typer

Scale = Annotated[float, typer.Option(help="size of the simulated provider, 1 is the public cases' own size")]
Weeks = Annotated[int, typer.Option(help="length of each log", min=1)]
Seeds = Annotated[int, typer.Option(help="how many logs, each with a seed of its own", min=1)]
FirstSeed = Annotated[int, typer.Option(help="seed of the first log; the others follow it")]
Quick = Annotated[bool, typer.Option("--quick", help="a smaller size of the same, in under a minute")]
Json = Annotated[Path | None, typer.Option("--json", help="write figures, floors and machine to this file")]
Keep = Annotated[
    Path | None, typer.Option(help="keep logs and results here; finished ones are not done again")
]

QUICK_SCALE, QUICK_WEEKS = 0.0031, 1
