"""stillwatch share pull: what a partner shares, over TAXII 2.1."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.cases.printing import tell
from stillwatch.cli.share.peer_options import Certificate, Password, Token, User, peer_of


def command(
    url: Annotated[str, typer.Argument(help="of a server, an API root of it, or one collection")],
    out: Annotated[Path, typer.Option(help="directory for what comes; a later pull goes on there")],
    partner: Annotated[
        str | None, typer.Option(help="your name for the partner; said once, OUT remembers it")
    ] = None,
    partner_key: Annotated[
        Path | None,
        typer.Option(help="what the partner's `share key` printed, by which its releases are checked"),
    ] = None,
    token: Token = None,
    user: User = None,
    password: Password = "",
    certificate: Certificate = None,
    no_deletions: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--no-deletions", help="do not ask which objects the peer holds no more")
    ] = False,
) -> int:
    """Pull what is new in each collection that you may read into OUT/ID.jsonl, one object a line as it was sent.

    The directory remembers where it is: after a failure the same command goes on there. Objects that are no STIX 2.1 are
    counted and left with the peer; the exit code is then 3. With --partner and --partner-key `share match --pulled OUT` can
    use what came.
    """
    from stillwatch.sharing import taxii  # noqa: PLC0415 - needs an extra

    taxii.require()
    from stillwatch.sharing.matching.pulled import remember_partner  # noqa: PLC0415 - needs an extra

    remember_partner(out, partner, partner_key)

    async def run() -> list[taxii.Pulled]:
        async with peer_of(token, user, password, certificate) as peer:
            return await taxii.pull(peer, url, out, deletions=not no_deletions)

    found = asyncio.run(run())
    for one in found:
        typer.echo(f"{one.path}  {one.objects:,} new  {one.withdrawn:,} withdrawn")
        for reason, count in sorted(one.rejected.items()):
            tell(f"{one.path.stem}: {count:,} rejected: {reason}")
    if not found:
        tell("there is no collection that you may read")
    return 3 if any(one.rejected for one in found) else 0
