"""`stillwatch simulate-elsewhere`: a log from the second simulator, to check on it what the first one taught."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.lab import elsewhere


def command(
    out: Annotated[Path, typer.Option(help="directory for the log; made if absent")],
    seed: Annotated[int, typer.Option(help="the same seed gives the same log")] = 1,
    accounts: Annotated[int, typer.Option(help="about how many accounts", min=1)] = 9_000,
    days: Annotated[
        int, typer.Option(help="length of the log, a week at least", min=elsewhere.FEWEST_DAYS)
    ] = 21,
    scenario: Annotated[str, typer.Option(help=f"who operates: {', '.join(elsewhere.SCENARIOS)}")] = "all",
    knowing: Annotated[bool, typer.Option("--knowing", help="operators hide what they can")] = False,  # noqa: FBT002 - a flag
    malformed: Annotated[bool, typer.Option("--malformed", help="put a few broken lines in")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write a log from a second simulator that shares no code, texts or numbers with `simulate`.

    Weights fitted on one simulator learn its habits; what holds on both is worth more. Each seed draws another
    provider: which fields it records, how its users pay, how large and how even its operators are. The log is
    in contract form, in JSON lines and Parquet; what is true stands beside it in truth/, as `simulate` has it.

      stillwatch simulate-elsewhere --seed 7 --out log
    """
    elsewhere.write_log(
        out,
        seed=seed,
        accounts=accounts,
        days=days,
        scenario=scenario,
        knowing=knowing,
        malformed=malformed,
    )
    Console(stderr=True).print(f"log in {out}; truth in {out / 'truth'}")
