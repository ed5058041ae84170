"""Options that the commands of private matching share."""

from pathlib import Path
from typing import Annotated

import typer

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
