"""Benches of a live watch: decisions, gateways, and what they cost an operator."""

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
from stillwatch.lab.benches import decide, gateways, live, response
from stillwatch.lab.benches.trials import Traffic
from stillwatch.records import UsageError

QUICK_GATEWAY_CALLS, QUICK_GATEWAY_PARTS = 200, 2_000
QUICK_RESPONSE_SCALE, QUICK_RESPONSE_WEEKS = 0.0031, 2
QUICK_VERDICTS, QUICK_CALLS = 100_000, 50_000


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
    bench(lambda root, tell: decide.measure(root, verdicts, calls, tell), None, json, quick=quick)


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
    bench(lambda root, tell: live.measure(root, traffic, rate, tell), keep, json, quick=quick)


def gateways_command(
    calls: Annotated[int, typer.Option(help="calls to each gateway, guarded and not", min=10)] = 600,
    parts: Annotated[int, typer.Option(help="how often each part of a gateway is timed", min=100)] = 20_000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """What LiteLLM, Envoy and an ASGI server add to a call when they are guarded, and how soon they act."""
    if quick:
        calls, parts = QUICK_GATEWAY_CALLS, QUICK_GATEWAY_PARTS
    bench(lambda root, tell: gateways.measure(root, calls, parts, tell), None, json, quick=quick)


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
    bench(
        lambda root, tell: response.measure(
            root, logs, tell, reactions=chosen, review_hours=review_hours, policy=policy
        ),
        keep,
        json,
        quick=quick,
    )


COMMANDS = {
    "decide": decide_command,
    "live": live_command,
    "gateways": gateways_command,
    "response": response_command,
}
