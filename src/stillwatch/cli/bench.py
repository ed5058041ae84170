"""`stillwatch bench`: measure, print a table, and say by the exit code whether every floor holds."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.lab.benches import (
    Report,
    Tell,
    access,
    challenge,
    compute,
    decide,
    detection,
    false_alarms,
    gateways,
    live,
    peers,
    response,
    speed,
    weights,
)
from stillwatch.lab.benches.trials import Traffic, groups_named
from stillwatch.records import UsageError

TABLE_WIDTH = 130  # where standard output is no terminal
BELOW_A_FLOOR = 1

app = typer.Typer(help=__doc__, no_args_is_help=True)

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
QUICK_ALARM_SEEDS = 3
QUICK_GATEWAY_CALLS, QUICK_GATEWAY_PARTS = 200, 2_000
QUICK_SIZES = "20000,40000,80000"
QUICK_RESPONSE_SCALE, QUICK_RESPONSE_WEEKS = 0.0031, 2
QUICK_CHALLENGE_SCALE, QUICK_CHALLENGE_WEEKS = 0.006, 4
QUICK_MATCH_OWN, QUICK_MATCH_THEIRS = 8_000, 2_000
QUICK_VERDICTS, QUICK_CALLS = 100_000, 50_000
QUICK_OBJECTS, QUICK_PAGES, QUICK_CAMPAIGNS = 10_000, 20, 3


@app.command("detection")
def detection_command(
    scenario: Annotated[str, typer.Option(help="a scenario of `stillwatch simulate`")] = "all",
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 5,
    first_seed: FirstSeed = 1000,
    drop_fields: Annotated[
        str, typer.Option(help="groups of fields left out: payments,network,text; or `each` for all settings")
    ] = "",
    evasion: Annotated[list[str] | None, typer.Option(help="as `stillwatch simulate`; repeatable")] = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How many operators are found, how completely, how early, and how many innocents are named."""
    groups = None if drop_fields == "each" else groups_named(drop_fields)
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, 1
    evasions = tuple(evasion or ())
    traffics = [Traffic(scenario, scale, first_seed + n, evasions, weeks) for n in range(seeds)]
    _bench(lambda root, tell: detection.measure(root, traffics, tell, groups=groups), keep, json, quick=quick)


@app.command("false-alarms")
def false_alarms_command(
    scale: Scale = 0.005,
    weeks: Weeks = 4,
    seeds: Seeds = 40,
    first_seed: FirstSeed = 1000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How often a log without operators holds a campaign, against the stated level."""
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, QUICK_ALARM_SEEDS
    traffics = [Traffic("benign", scale, first_seed + n, (), weeks) for n in range(seeds)]
    _bench(lambda root, tell: false_alarms.measure(root, traffics, tell), keep, json, quick=quick)


@app.command("peers")
def peers_command(
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 2,
    first_seed: FirstSeed = 1000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Who finds the operators' accounts on the same logs, at what cost in innocents."""
    if quick:
        scale, weeks, seeds = QUICK_SCALE, QUICK_WEEKS, 1
    traffics = [Traffic("all", scale, first_seed + n, (), weeks) for n in range(seeds)]
    _bench(lambda root, tell: peers.measure(root, traffics, tell), keep, json, quick=quick)


@app.command("speed")
def speed_command(
    exchanges: Annotated[
        str, typer.Option(help="sizes of the logs, with commas")
    ] = "250000,500000,1000000,2000000,4000000",
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Exchanges a second, growth with the size of the log, and peak memory."""
    try:
        sizes = [int(size) for size in (QUICK_SIZES if quick else exchanges).split(",")]
    except ValueError as wrong:
        raise UsageError(f"--exchanges takes whole numbers with commas, not {exchanges!r}") from wrong
    if min(sizes) < 1:
        raise UsageError("--exchanges takes sizes of one exchange or more")
    _bench(lambda root, tell: speed.measure(root, sizes, tell), keep, json, quick=quick)


@app.command("decide")
def decide_command(
    verdicts: Annotated[int, typer.Option(help="accounts that a verdict is held against", min=1)] = 1_000_000,
    calls: Annotated[
        int, typer.Option(help="calls decided upon, half of them from such accounts", min=1)
    ] = 200_000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """How long a gateway waits for a decision, with twelve rules on."""
    if quick:
        verdicts, calls = QUICK_VERDICTS, QUICK_CALLS
    _bench(lambda root, tell: decide.measure(root, verdicts, calls, tell), None, json, quick=quick)


@app.command("live")
def live_command(
    rate: Annotated[int, typer.Option(help="exchanges written a second", min=1)] = 3_500,
    scenario: Annotated[str, typer.Option(help="a scenario of `stillwatch simulate`")] = "all",
    scale: Scale = 0.042,
    weeks: Weeks = 4,
    seed: Annotated[int, typer.Option(help="seed of the log")] = 6000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """A watch beside a growing log: the alarms of a replay, how many exchanges a second, how soon an alarm is told.

    The default log has about a million exchanges and takes five minutes to write.
    """
    if quick:
        scale, weeks = QUICK_SCALE, QUICK_WEEKS
    traffic = Traffic(scenario, scale, seed, (), weeks)
    _bench(lambda root, tell: live.measure(root, traffic, rate, tell), keep, json, quick=quick)


@app.command("gateways")
def gateways_command(
    calls: Annotated[int, typer.Option(help="calls to each gateway, guarded and not", min=10)] = 600,
    parts: Annotated[int, typer.Option(help="how often each part of a gateway is timed", min=100)] = 20_000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """What LiteLLM, Envoy and an ASGI server add to a call when they are guarded, and how soon they act."""
    if quick:
        calls, parts = QUICK_GATEWAY_CALLS, QUICK_GATEWAY_PARTS
    _bench(lambda root, tell: gateways.measure(root, calls, parts, tell), None, json, quick=quick)


@app.command("response")
def response_command(
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 1,
    first_seed: FirstSeed = 5000,
    review_hours: Annotated[
        float, typer.Option(help="from an alarm until people have confirmed it; 0 leaves people out", min=0)
    ] = 8.0,
    reaction: Annotated[
        list[str] | None,
        typer.Option(
            help=f"how operators react: {', '.join(response.REACTIONS)}; repeatable, all if not said"
        ),
    ] = None,
    policy: Annotated[Path, typer.Option(help="the policy to enforce", show_default="the bench's own")] = (
        response.POLICY
    ),
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How much of their haul operators lose where a gateway acts on the verdicts of a watch, and who else is met."""
    chosen = list(dict.fromkeys(reaction or response.REACTIONS))
    if unknown := [name for name in chosen if name not in response.REACTIONS]:
        raise UsageError(f"no such reaction: {unknown[0]}; there are {', '.join(response.REACTIONS)}")
    if quick:
        scale, weeks, seeds = QUICK_RESPONSE_SCALE, QUICK_RESPONSE_WEEKS, 1
    logs = [Traffic("all", scale, first_seed + number, (), weeks) for number in range(seeds)]
    _bench(
        lambda root, tell: response.measure(
            root, logs, tell, reactions=chosen, review_hours=review_hours, policy=policy
        ),
        keep,
        json,
        quick=quick,
    )


@app.command("challenge")
def challenge_command(
    scale: Scale = 0.02,
    weeks: Weeks = 4,
    seeds: Seeds = 3,
    first_seed: FirstSeed = 7000,
    review_hours: Annotated[
        float, typer.Option(help="from an alarm until people have confirmed it; 0 leaves people out", min=0)
    ] = 0.0,
    levels: Annotated[Path, typer.Option(help="the level policy", show_default="the bench's own")] = (
        challenge.LEVELS
    ),
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How soon a campaign's accounts are asked to verify, who else is, and what surviving it costs an operator."""
    if quick:
        scale, weeks, seeds = QUICK_CHALLENGE_SCALE, QUICK_CHALLENGE_WEEKS, 1
    logs = [Traffic(challenge.SCENARIO, scale, first_seed + number, (), weeks) for number in range(seeds)]
    _bench(
        lambda root, tell: challenge.measure(root, logs, tell, review_hours=review_hours, levels=levels),
        keep,
        json,
        quick=quick,
    )


@app.command("access")
def access_command(
    part: Annotated[
        list[str] | None,
        typer.Option(help=f"what to measure: {', '.join(access.PARTS)}; repeatable, all if not said"),
    ] = None,
    first_seed: FirstSeed = 7000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How well places, owners, names and sign-ups of accounts are judged, and how fast."""
    chosen = list(dict.fromkeys(part or access.PARTS))
    if unknown := [name for name in chosen if name not in access.PARTS]:
        raise UsageError(f"no such part: {unknown[0]}; there are {', '.join(access.PARTS)}")
    _bench(
        lambda root, tell: access.measure(root, tell, parts=chosen, seed=first_seed, quick=quick),
        keep,
        json,
        quick=quick,
    )


def _bench(
    measure: Callable[[Path, Tell], Report], keep: Path | None, json: Path | None, *, quick: bool
) -> None:
    told = Console(stderr=True)
    with _room(keep) as root:
        report = measure(root, lambda line: told.print(line, markup=False, highlight=False, soft_wrap=True))
    report.figures["quick"] = quick
    out = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    for table in [*report.tables, report.floor_table()]:
        out.print(table)
    if json is not None:
        report.write(json, shlex.join(["stillwatch", *sys.argv[1:]]))
    if not report.holds:
        raise typer.Exit(BELOW_A_FLOOR)


@contextmanager
def _room(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with TemporaryDirectory(prefix="stillwatch-bench-") as room:
        yield Path(room)


@app.command("weights")
def weights_command(
    logs: Annotated[
        int, typer.Option(help="logs with operators, and as many without, of each simulator", min=1)
    ] = 3,
    first_seed: FirstSeed = 1,
    scale: Scale = 0.01,
    write: Annotated[Path | None, typer.Option(help="put the fitted weights into this file")] = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """How well the weights of evidence separate operators, and how well across simulators; fits them anew."""
    if quick:
        logs, scale = 1, QUICK_SCALE
    _bench(
        lambda root, tell: weights.measure(root, logs, first_seed, scale, tell, write),
        None,
        json,
        quick=quick,
    )


@app.command("taxii")
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

    _bench(measure, keep, json, quick=quick)


@app.command("sharing")
def sharing_command(
    objects: Annotated[int, typer.Option(help="objects that the collection holds", min=2_000)] = 200_000,
    pages: Annotated[int, typer.Option(help="pages of 1,000 that are timed", min=10)] = 100,
    campaigns: Annotated[int, typer.Option(help="campaigns that are sent to a partner", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="of the campaigns and of where pages begin")] = 8000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How soon a campaign is with a partner, how long a page takes, how many objects a second are taken in."""
    from stillwatch.sharing.taxii import require  # noqa: PLC0415 - needs an extra

    require()
    from stillwatch.lab.benches import sharing  # noqa: PLC0415 - needs an extra

    if quick:
        objects, pages, campaigns = QUICK_OBJECTS, QUICK_PAGES, QUICK_CAMPAIGNS
    _bench(
        lambda root, tell: sharing.measure(
            root, tell, objects=objects, pages=pages, campaigns=campaigns, seed=seed
        ),
        keep,
        json,
        quick=quick,
    )


@app.command("match")
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
    _bench(lambda root, tell: match.measure(root, own, theirs, tell, whole=book), None, json, quick=quick)


@app.command("rotate")
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
    _bench(lambda root, tell: rotate.measure(root, traffics, tell), keep, json, quick=quick)


@app.command("compute")
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
    _bench(lambda _, tell: compute.measure(seeds, draws, tell), None, json, quick=quick)
