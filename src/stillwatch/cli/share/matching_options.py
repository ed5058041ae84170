"""Options that the commands of private matching share."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from stillwatch.records import Rejection

if TYPE_CHECKING:
    from stillwatch.sharing.matching.tokens import Asking

IdentityFile = Annotated[
    Path,
    typer.Option(
        "--identity",
        envvar="STILLWATCH_IDENTITY",
        help="this member's secret keys, as `share identity` made them",
    ),
]
RosterFile = Annotated[
    Path, typer.Option("--roster", envvar="STILLWATCH_ROSTER", help="the members of the group, in TOML")
]
KeysFolder = Annotated[
    Path,
    typer.Option(
        "--keys", envvar="STILLWATCH_EPOCHS", help="folder of epoch keys, as `share join` made them"
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        help="a field of accounts that partners have from the same place, to match accounts by; may be repeated",
    ),
]
Workers = Annotated[
    int | None, typer.Option(help="processes that compute tokens [default: one a core]", min=1, max=256)
]
DEFAULT_IDENTITY = Path("stillwatch.identity")
DEFAULT_ROSTER = Path("roster.toml")
DEFAULT_KEYS = Path("epochs")
TOLD = 10  # skipped records that are named

# Of the commands for which a matching group need not be there.
GroupIdentity = Annotated[
    Path | None,
    typer.Option(
        "--identity",
        envvar="STILLWATCH_IDENTITY",
        help=f"this member's secret keys, if it is in a matching group [default: {DEFAULT_IDENTITY}, if it is there]",
    ),
]
NoMatching = Annotated[
    bool,
    typer.Option("--no-matching", help="leave out what partners match by, and ask no other member for it"),
]


def asking_of(identity: Path, roster: Path, keys: Path, workers: int | None) -> "Asking":
    """Who asks whom, under the key that is valid now."""
    from stillwatch.sharing.matching.membership.epoch import current, load_keys  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.membership.identity import load_identity  # noqa: PLC0415
    from stillwatch.sharing.matching.membership.roster import load_roster  # noqa: PLC0415
    from stillwatch.sharing.matching.tokens import Asking  # noqa: PLC0415

    now = time.time_ns() // 1000
    return Asking(load_identity(identity), load_roster(roster), current(load_keys(keys), now), workers)


def group_of(
    identity: Path | None, roster: Path, keys: Path, workers: int | None, *, leave_out: bool
) -> "Asking | None":
    """As `asking_of`; None where no identity was made here, or matching is to be left out."""
    if leave_out or (identity is None and not DEFAULT_IDENTITY.exists()):
        return None
    return asking_of(identity or DEFAULT_IDENTITY, roster, keys, workers)


def tell_troubles(told: Console, left_out: Sequence[str], rejected: Sequence[Rejection]) -> None:
    """Members that were left out, and records of the log that could not be read."""
    for trouble in left_out:
        told.print(f"left out: {trouble}", markup=False)
    for one in rejected[:TOLD]:
        place = one.file if one.line is None else f"{one.file}:{one.line}"
        told.print(f"skipped: {place}: {one.reason}", markup=False, soft_wrap=True)
    if len(rejected) > TOLD:
        told.print(f"skipped: {len(rejected) - TOLD:,} more")
