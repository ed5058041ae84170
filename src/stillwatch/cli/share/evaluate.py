"""`stillwatch share evaluate` and `usage`: answering members, and seeing who asked how much."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stillwatch.cli.share.matching_options import (
    DEFAULT_IDENTITY,
    DEFAULT_KEYS,
    DEFAULT_ROSTER,
    IdentityFile,
    KeysFolder,
    RosterFile,
)
from stillwatch.records import InvalidConfiguration, UsageError, rfc3339

LogFile = Annotated[Path, typer.Option("--log", help="SQLite file of who asked how much; made if absent")]
DEFAULT_LOG = Path("evaluator.db")


def evaluate(
    host: Annotated[
        str, typer.Option(help="address to listen on; TLS is the business of a proxy")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on", min=1, max=65535)] = 8740,
    identity_file: IdentityFile = DEFAULT_IDENTITY,
    roster_file: RosterFile = DEFAULT_ROSTER,
    keys: KeysFolder = DEFAULT_KEYS,
    log: LogFile = DEFAULT_LOG,
) -> int:
    """Evaluate blinded values for the other members with this member's shares, within the roster's limits."""
    from stillwatch.sharing.matching.exchange.serving import serve  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.membership.epoch import load_keys  # noqa: PLC0415
    from stillwatch.sharing.matching.membership.identity import load_identity  # noqa: PLC0415
    from stillwatch.sharing.matching.membership.roster import load_roster  # noqa: PLC0415

    found = {name: key for name, key in load_keys(keys).items() if key.share is not None}
    if not found:
        raise InvalidConfiguration(f"{keys}: no key with a share; `stillwatch share join` makes one")
    serve(load_identity(identity_file), load_roster(roster_file), found, log, host=host, port=port)
    return 0


def usage(
    log: LogFile = DEFAULT_LOG,
    days: Annotated[int, typer.Option(help="how many days back", min=1, max=3660)] = 30,
) -> None:
    """Who asked this evaluator how much, by day and outcome."""
    from stillwatch.sharing.matching.exchange.usage import DAY, Usage  # noqa: PLC0415 - an extra

    if not log.exists():
        raise UsageError(f"{log}: no evaluator has written there")
    kept = Usage(log)
    table = Table("day", "sender", "key", "outcome", "requests", "elements", "last")
    for row in kept.asked(time.time_ns() // 1000 // DAY - days + 1):
        day = rfc3339(row.day * DAY)[:10]
        counts = (f"{row.requests:,}", f"{row.elements:,}", rfc3339(row.last_at))
        table.add_row(day, row.sender, row.key_id, row.outcome, *counts)
    kept.close()
    Console().print(table)


COMMANDS: dict[str, Callable[..., int | None]] = {"evaluate": evaluate, "usage": usage}
