"""Benches of what is shared with partners and authorities."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.bench.options import (
    QUICK_SCALE,
    QUICK_WEEKS,
    FirstSeed,
    Json,
    Keep,
    Quick,
    Scale,
    Seeds,
    Weeks,
)
from stillwatch.cli.bench.run import bench
from stillwatch.lab.benches import Report, Tell, compute
from stillwatch.lab.benches.trials import Traffic

QUICK_MATCH_OWN, QUICK_MATCH_THEIRS = 8_000, 2_000
QUICK_CAMPAIGN_SCALE = 0.002
QUICK_OBJECTS, QUICK_PAGES, QUICK_CAMPAIGNS = 10_000, 20, 3


def taxii_command(
    url: Annotated[
        str | None,
        typer.Argument(help="base URL of a server [default: ours, and medallion where it is installed]"),
    ] = None,
    token: Annotated[str | None, typer.Option(envvar="STILLWATCH_PEER_TOKEN", help="bearer token")] = None,
    user: Annotated[str | None, typer.Option(help="name for HTTP Basic, in place of a token")] = None,
    password: Annotated[str, typer.Option(envvar="STILLWATCH_PEER_PASSWORD", help="for HTTP Basic")] = "",
    clause: Annotated[
        list[str] | None, typer.Option(help="ask about this clause alone; may be repeated")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="write the scorecard to this file, in Markdown")] = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Which requirements of TAXII 2.1 a server keeps. Puts objects into the first collection that may be read and written."""
    from stillwatch.sharing.taxii import require  # noqa: PLC0415 - needs an extra

    require()
    from stillwatch.lab.benches import taxii  # noqa: PLC0415 - needs an extra
    from stillwatch.lab.conformance.target import Login  # noqa: PLC0415 - needs an extra

    login = Login(token=token, user=user, password=password)

    def measure(root: Path, tell: Tell) -> Report:
        report = taxii.measure(root, tell, url=url, login=login, only=clause)
        if page is not None:
            page.write_text(taxii.page(report.figures, shlex.join(["stillwatch", *sys.argv[1:]])))
        return report

    bench(measure, keep, json, quick=quick)


def sharing_command(
    objects: Annotated[int, typer.Option(help="objects that the collection holds", min=2_000)] = 200_000,
    pages: Annotated[int, typer.Option(help="pages of 1,000 that are timed", min=10)] = 100,
    campaigns: Annotated[int, typer.Option(help="campaigns that are sent to a partner", min=1)] = 20,
    scale: Scale = 0.01,
    weeks: Weeks = 1,
    seed: Annotated[int, typer.Option(help="of the simulated log and of where pages begin")] = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How soon a campaign is with a partner, how long a page takes, how many objects a second are taken in."""
    from stillwatch.sharing.taxii import require  # noqa: PLC0415 - needs an extra

    require()
    from stillwatch.lab.benches import sharing  # noqa: PLC0415 - needs an extra

    if quick:
        objects, pages, campaigns, scale = QUICK_OBJECTS, QUICK_PAGES, QUICK_CAMPAIGNS, QUICK_CAMPAIGN_SCALE
    size = sharing.Size(objects, pages, campaigns, Traffic("february", scale, seed, (), weeks))
    bench(lambda root, tell: sharing.measure(root, tell, size), keep, json, quick=quick)


def match_command(
    own: Annotated[int, typer.Option(help="accounts of the lab that matches", min=4)] = 200_000,
    theirs: Annotated[int, typer.Option(help="accounts of its partner's campaigns", min=4)] = 24_000,
    whole: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--whole", help="also two million accounts of a lab under a key of its own")
    ] = False,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """How long two labs take to find the accounts they have in common, through a quorum of two of three."""
    from stillwatch.lab.benches import match  # noqa: PLC0415 - needs an extra

    if quick:
        own, theirs = QUICK_MATCH_OWN, QUICK_MATCH_THEIRS
    book = None if not whole else QUICK_MATCH_OWN if quick else match.WHOLE
    bench(lambda root, tell: match.measure(root, own, theirs, tell, whole=book), None, json, quick=quick)


def rotate_command(
    scale: Scale = 0.01,
    weeks: Weeks = 4,
    seeds: Seeds = 3,
    first_seed: FirstSeed = 8000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Whether a lab recognises campaigns without an account in common, from another's template sketches alone."""
    from stillwatch.lab.benches import rotate  # noqa: PLC0415 - needs an extra

    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, 1
    traffics = [Traffic("all", scale, first_seed + n, (), weeks) for n in range(seeds)]
    bench(lambda root, tell: rotate.measure(root, traffics, tell), keep, json, quick=quick)


def compute_command(
    seeds: Annotated[
        int, typer.Option(help="how many sets of draws, each with a seed of its own", min=1)
    ] = 5,
    draws: Annotated[int, typer.Option(help="draws in a set", min=1000)] = 200_000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """Whether published training runs lie inside the ranges that a brief gives for hauls of their size."""
    if quick:
        seeds = 2
    bench(lambda _, tell: compute.measure(seeds, draws, tell), None, json, quick=quick)


COMMANDS = {
    "taxii": taxii_command,
    "sharing": sharing_command,
    "match": match_command,
    "rotate": rotate_command,
    "compute": compute_command,
}
