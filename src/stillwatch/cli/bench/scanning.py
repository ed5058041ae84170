"""Benches of the code scanner: what it finds beside its peers, how noisy it is, how fast."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.bench.options import Json, Keep, Quick
from stillwatch.cli.bench.run import bench
from stillwatch.cli.codescan.needed import needed
from stillwatch.codescan.measure.corpus import PACKAGES, QUICK_PACKAGES
from stillwatch.codescan.measure.errors import CannotRun, UnusableSuite
from stillwatch.codescan.measure.peers import Setting
from stillwatch.lab.benches import Report, Tell
from stillwatch.records import UnreadableInput, UsageError

LINES, QUICK_LINES = 100_000, 20_000

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help=f"folders of clean code; not said, these are fetched: {', '.join(PACKAGES)}"),
]


def codescan_command(
    suite: Annotated[
        Path | None, typer.Option(help="a suite in the form of the OWASP Benchmark for Python")
    ] = None,
    composed: Annotated[
        int | None, typer.Option(help="compose a suite of our own with this seed; 9000 where none is named")
    ] = None,
    mutated: Annotated[
        int | None, typer.Option(help="also scan a copy of the suite in other words, made with this seed")
    ] = None,
    peers: Annotated[bool, typer.Option(help="ask Bandit, Ruff and Semgrep too")] = True,  # noqa: FBT002 - a flag
    semgrep_rules: Annotated[
        Path | None, typer.Option(help="rules for Semgrep, which has none of its own")
    ] = None,
    python: Annotated[
        Path | None,
        typer.Option(help="an interpreter that has what cases import", show_default="the one that runs this"),
    ] = None,
    run: Annotated[bool, typer.Option(help="also run what is found, in the sandbox")] = False,  # noqa: FBT002 - a flag
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """Which weaknesses the scanner finds in a suite with known answers, beside its peers, and in a copy in other words."""
    if suite is not None and composed is not None:
        raise UsageError("--suite and --composed name two suites; leave one")
    if suite is None and composed is None:
        composed = 9000
    needed()
    from stillwatch.cli.bench._scanning_reports import Asked, found_report  # noqa: PLC0415 - the extra `codescan`

    setting = Setting([] if python is None else [python.parent], semgrep_rules)
    asked = Asked(suite, composed, mutated, python, setting if peers else None, quick, run)
    _bench(lambda root, tell: found_report(root, asked, tell), keep, json, quick=quick)


def noise_command(
    paths: Paths = None,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How many alerts of high confidence the scanner gives on clean packages, and how much of them it looks at."""
    needed()
    from stillwatch.cli.bench._scanning_reports import noise_report  # noqa: PLC0415 - the extra `codescan`

    names = QUICK_PACKAGES if quick else PACKAGES
    _bench(lambda root, tell: noise_report(root, paths or [], names, tell), keep, json, quick=quick)


def speed_command(
    paths: Paths = None,
    lines: Annotated[int, typer.Option(help="how many lines to scan, in whole folders", min=1000)] = LINES,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
    keep: Keep = None,
) -> None:
    """How long a scan takes anew and after one file has changed, and how much memory."""
    needed()
    from stillwatch.cli.bench._scanning_reports import speed_report  # noqa: PLC0415 - the extra `codescan`

    size = QUICK_LINES if quick else lines
    _bench(lambda root, tell: speed_report(root, paths or [], size, tell), keep, json, quick=quick)


def _bench(
    measure: Callable[[Path, Tell], Report], keep: Path | None, json: Path | None, *, quick: bool
) -> None:
    def measured(root: Path, tell: Tell) -> Report:
        with _as_ours():
            return measure(root, tell)

    bench(measured, keep, json, quick=quick)


@contextmanager
def _as_ours() -> Iterator[None]:
    """The scanner stands alone and has errors of its own; here they get their exit codes."""
    try:
        yield
    except UnusableSuite as error:
        raise UnreadableInput(str(error)) from error
    except CannotRun as error:
        raise UsageError(str(error)) from error


COMMANDS = {
    "codescan": codescan_command,
    "codescan-noise": noise_command,
    "codescan-speed": speed_command,
}
