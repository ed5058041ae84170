"""`stillwatch simulate-outside`: a log from the third simulator, to check on it what the other two taught."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.lab import outside


def command(
    out: Annotated[Path, typer.Option(help="directory for the log; made if absent")],
    seed: Annotated[int, typer.Option(help="the same seed gives the same log")] = 1,
    accounts: Annotated[int, typer.Option(help="about how many accounts", min=1)] = 15_000,
    days: Annotated[
        int, typer.Option(help="length of the log, two weeks at least", min=outside.FEWEST_DAYS)
    ] = 21,
    scenario: Annotated[str, typer.Option(help=f"who operates: {', '.join(outside.SCENARIOS)}")] = "all",
) -> None:
    """Write a log from a third simulator, which shares only the records of the contract with the other two.

    It was written independently of them, so what holds on all three is least of all a habit. Each seed draws another
    provider: which fields it records, which accounts only look guilty, how its operators work. The log is in contract
    form, in Parquet and JSON lines; what is true stands beside it in truth/, as `simulate` has it.

      stillwatch simulate-outside --seed 7 --out log
    """
    outside.write_log(out, seed=seed, accounts=accounts, days=days, scenario=scenario)
    Console(stderr=True).print(f"log in {out}; truth in {out / 'truth'}")
