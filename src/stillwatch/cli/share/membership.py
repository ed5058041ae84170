"""`stillwatch share identity`, `deal` and `join`: how a member comes to its keys."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from stillwatch.cli.share.matching_options import (
    DEFAULT_IDENTITY,
    DEFAULT_KEYS,
    DEFAULT_ROSTER,
    IdentityFile,
    RosterFile,
)
from stillwatch.records import UnreadableInput, UsageError, micros_of, rfc3339

DAY = 86_400_000_000  # microseconds


def identity(
    name: Annotated[str, typer.Argument(help="the member's name in the roster")],
    out: Annotated[Path, typer.Option(help="file for the secret keys; not written over")] = DEFAULT_IDENTITY,
) -> None:
    """Make a member's secret keys, and print what the roster says of it."""
    from stillwatch.sharing.matching.membership.identity import created, write_secret  # noqa: PLC0415 - an extra

    if not name or len(name) > 80 or any(not (letter.isalnum() or letter in "._:-") for letter in name):
        raise UsageError("a name has up to 80 letters, digits and . _ : -")
    made = created(name)
    write_secret(out, msgspec.json.encode(made))
    typer.echo(
        f'[[members]]\nname = "{name}"\nverify_key = "{made.verify_key}"\nseal_key = "{made.seal_key}"'
    )


def deal(
    epoch: Annotated[str, typer.Argument(help="the epoch's name, such as 2026q4")],
    out: Annotated[Path, typer.Option(help="file for the dealing, which every member gets")],
    start: Annotated[
        str | None, typer.Option(help="first moment, ISO 8601 [default: now, to the hour]")
    ] = None,
    days: Annotated[float, typer.Option(help="how long the epoch lasts", min=0.01, max=92)] = 90,
    identity_file: IdentityFile = DEFAULT_IDENTITY,
    roster_file: RosterFile = DEFAULT_ROSTER,
) -> None:
    """Deal this member's part of an epoch's key to all members. Every holder does so, with the same times."""
    from stillwatch.sharing.matching.membership.dealing import deal as dealt  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.membership.identity import load_identity, write_secret  # noqa: PLC0415
    from stillwatch.sharing.matching.membership.roster import load_roster  # noqa: PLC0415

    if not epoch.replace("-", "").replace(".", "").isalnum() or not epoch.isascii() or len(epoch) > 40:
        raise UsageError("an epoch's name has up to 40 letters, digits, - and .")
    try:
        first = _this_hour() if start is None else micros_of(start)
    except ValueError as error:
        raise UsageError(f"--start {start!r} is not an ISO 8601 time") from error
    dealing = dealt(
        load_identity(identity_file), load_roster(roster_file), epoch, first, first + int(days * DAY)
    )
    write_secret(out, dealing)


def join(
    dealings: Annotated[list[Path], typer.Argument(help="the dealings of all holders")],
    out: Annotated[Path, typer.Option(help="folder for the key; made if absent")] = DEFAULT_KEYS,
    identity_file: IdentityFile = DEFAULT_IDENTITY,
    roster_file: RosterFile = DEFAULT_ROSTER,
) -> None:
    """Make this member's part of an epoch's key of what all holders dealt, each checked against what it published."""
    from stillwatch.sharing.matching.membership.dealing import join as joined  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.membership.identity import load_identity, write_secret  # noqa: PLC0415
    from stillwatch.sharing.matching.membership.roster import load_roster  # noqa: PLC0415

    try:
        read = [(str(path), path.read_bytes()) for path in dealings]
    except OSError as error:
        raise UnreadableInput(f"{error.filename}: {error.strerror}") from error
    key = joined(load_identity(identity_file), load_roster(roster_file), read)
    write_secret(out / f"{key.epoch}-{key.key_id}.epoch", msgspec.json.encode(key))
    part = "asks" if key.number is None else f"holds share {key.number}"
    typer.echo(
        f"{key.key_id}  {key.epoch}  {rfc3339(key.valid_from)} to {rfc3339(key.valid_until)}  {key.member} {part}"
    )


def _this_hour() -> int:
    hour = 3_600_000_000
    return time.time_ns() // 1000 // hour * hour


COMMANDS: dict[str, Callable[..., int | None]] = {"identity": identity, "deal": deal, "join": join}
