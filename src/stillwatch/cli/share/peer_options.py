"""Options by which a partner's TAXII server is reached, and the client they make."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stillwatch.sharing.taxii import Peer

Token = Annotated[str | None, typer.Option(envvar="STILLWATCH_PEER_TOKEN", help="sent as a bearer token")]
User = Annotated[str | None, typer.Option(help="name for HTTP Basic, in place of a token")]
Password = Annotated[str, typer.Option(envvar="STILLWATCH_PEER_PASSWORD", help="for HTTP Basic")]
Certificate = Annotated[
    Path | None, typer.Option(help="PEM file with the client certificate to show, and its key")
]


def peer_of(token: str | None, user: str | None, password: str, certificate: Path | None) -> "Peer":
    from stillwatch.sharing import taxii  # noqa: PLC0415 - needs an extra

    basic = None if user is None else (user, password)
    shown = None if certificate is None else str(certificate)
    return taxii.Peer(token=token, basic=basic, certificate=shown)
