"""stillwatch watch: find campaigns while they are active."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from stillwatch.cli.access.judging import judging
from stillwatch.cli.cases.options import AuditKey
from stillwatch.cli.cases.printing import tell
from stillwatch.cli.detect import chosen_fields
from stillwatch.features.key import load_key
from stillwatch.features.ledger import HOUR
from stillwatch.features.sketchlog import TICK
from stillwatch.records import Interrupted, Notice, UsageError
from stillwatch.reports import many, minute
from stillwatch.runtime.asking import Asks
from stillwatch.runtime.casework import Books
from stillwatch.runtime.decided import spools
from stillwatch.runtime.duty import Duty, Post
from stillwatch.runtime.following import Hooks, Orders, follow
from stillwatch.runtime.ingest import Settings
from stillwatch.runtime.judging_regions import Regions
from stillwatch.runtime.lock import claimed
from stillwatch.runtime.watch import Watch
from stillwatch.sinks import line

if TYPE_CHECKING:
    from types import FrameType

    from stillwatch.records import Alarm
    from stillwatch.runtime.metrics import Metrics

PER_DAY = 24 * HOUR // TICK
DECISIVE = 2  # interrupts after which nothing is waited for


def command(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="files or directories that grow, nats://host:port/STREAM, kafka://host:port/TOPIC"
        ),
    ],
    out: Annotated[Path, typer.Option(help="directory for the findings, renewed as the watch goes on")],
    state: Annotated[
        Path | None, typer.Option(help="directory for the state of the watch [default: OUT/state]")
    ] = None,
    name: Annotated[str, typer.Option(help="name of this watch, told with every alarm")] = "watch",
    tenant: Annotated[str, typer.Option(help="whose traffic it is")] = "default",
    alarm_to: Annotated[
        list[str] | None,
        typer.Option(
            help="where alarms go, may be repeated: jsonl:PATH, webhook+https://…, syslog://…, ocsf:PATH, apprise:…"
        ),
    ] = None,
    verdicts: Annotated[
        Path | None, typer.Option(help="file that gateways look verdicts up in [default: OUT/verdicts]")
    ] = None,
    levels: Annotated[
        Path | None,
        typer.Option(help="level policy by which accounts are asked to verify; needs --store"),
    ] = None,
    verification: Annotated[
        Path | None,
        typer.Option(help="settings of verification, whose levels count [default: the packaged levels]"),
    ] = None,
    standings: Annotated[
        Path | None, typer.Option(help="file that gateways look standings up in [default: OUT/standings]")
    ] = None,
    regions: Annotated[
        Path | None,
        typer.Option(help="regions file, by which it is judged where accounts are used; needs --levels"),
    ] = None,
    mmdb: Annotated[
        Path | None, typer.Option(help="address data for --regions [default: the packaged ones]")
    ] = None,
    ranges: Annotated[
        list[Path] | None,
        typer.Option(help="ranges that hide their users, for --regions; may be repeated"),
    ] = None,
    lateness: Annotated[
        float, typer.Option(help="seconds an exchange may come late and still count in its tick", min=0)
    ] = 120.0,
    fdr: Annotated[
        float, typer.Option(help="false discovery rate over all clusters ever tested", min=1e-6, max=0.5)
    ] = 0.01,
    keep_days: Annotated[
        int,
        typer.Option(help="days that sketches of exchanges stay on disk; findings reach back as far", min=28),
    ] = 90,
    until_end: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--until-end", help="stop when every source is at its end, as a replay would")
    ] = False,
    metrics: Annotated[
        str | None, typer.Option(help="serve Prometheus metrics at HOST:PORT, such as 127.0.0.1:9464")
    ] = None,
    link: Annotated[str | None, typer.Option(help="base URL of the analysts' pages, for alarms")] = None,
    store: Annotated[
        str | None,
        typer.Option(
            envvar="STILLWATCH_STORE",
            help="store in which campaigns become cases, and whose decisions count: sqlite:///FILE or postgresql+psycopg://…",
        ),
    ] = None,
    audit_key: AuditKey = None,
    drop_fields: Annotated[
        list[str] | None,
        typer.Option(help="pretend these are missing: payments, network, text, or a field's name"),
    ] = None,
    keep_text: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--keep-text", help="put short redacted snippets of prompts into the evidence")
    ] = False,
) -> int:
    """Watch a provider's traffic as it is made, and raise an alarm while a campaign is still active.

    The watch works in event time, in ticks of six hours, through the same steps as `stillwatch detect`. What is
    taken from a source is on disk before it is acknowledged; a watch that is stopped or killed goes on where it was when
    it is started again with the same --out. Alarms are printed as JSON lines and sent to every --alarm-to.

    Exit code: 0 no campaign found, 1 campaigns found, 3 input unreadable.
    """
    logging.basicConfig(level=logging.WARNING, format="stillwatch: %(message)s")
    home = state or out / "state"
    if levels is not None and store is None:
        raise UsageError("--levels needs --store: a challenge is kept, and told in its case")
    stop, errors = threading.Event(), Console(stderr=True)
    judged = judging(regions, levels, mmdb, ranges or (), tell)
    key = load_key(out)
    post = Post(
        out,
        verdicts or out / "verdicts",
        name,
        tenant,
        tuple(alarm_to or ()),
        link,
        None if store is None else Books(store, audit_key, tenant, name),
        () if store is None else tuple(spools(sources)),
        None if levels is None else Asks(levels, standings or out / "standings", verification),
        key,
        None if judged is None else Regions(judged[0], standings or out / "standings"),
    )
    settings = Settings(
        key, chosen_fields(drop_fields or []), keep_text, None if judged is None else judged[1]
    )
    orders = Orders(
        tuple(sources), home, settings, fdr, lateness, until_end, keep_days * PER_DAY, levels is not None
    )
    with _told_where_it_stands(out) as written, ExitStack() as stack:
        stack.enter_context(claimed(home))
        series = None if metrics is None else stack.enter_context(_serving(metrics))
        duty = stack.enter_context(Duty(home, post, _say, series))
        stack.enter_context(_stopping(stop))
        watch = follow(orders, _shown(duty.hooks, errors), stop)
        if stop.is_set():
            errors.print("writing the last findings; interrupt again to leave without them")
        campaigns = duty.conclude(watch)
        written.set()
    where = f"the findings are in {out}" if _any(out) else "no tick is over, so there are no findings yet"
    errors.print(
        f"{many(watch.told().exchanges, 'exchange')}, {many(campaigns, 'campaign')}; {where}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    if campaigns:
        return 1
    return 3 if watch.counts["rejected"] else 0


def _say(notice: Notice) -> None:
    typer.echo(line(notice), nl=False)


def _shown(hooks: Hooks, errors: Console) -> Hooks:
    """The hooks, and a line on stderr for each tick."""

    def closed(watch: Watch, tick: int, alarms: "list[Alarm]", seconds: float) -> None:
        hooks.closed(watch, tick, alarms, seconds)
        standing = len(watch.state.loop.court.docket.standing())
        errors.print(
            f"{minute((tick + 1) * TICK)}  {many(watch.counts['exchanges'], 'exchange')}"
            f"  {many(standing, 'campaign')}  {seconds:.1f} s",
            markup=False,
            highlight=False,
        )

    return Hooks(closed, hooks.round, hooks.warned)


def _any(out: Path) -> bool:
    return (out / "campaigns.json").exists()


@contextmanager
def _told_where_it_stands(out: Path) -> Iterator[threading.Event]:
    """Say of a watch that ends at once what its directory holds; the event is to be set once the last findings are there."""
    written = threading.Event()
    try:
        yield written
    except KeyboardInterrupt as error:
        if written.is_set():
            held = "holds the last findings; alarms still on their way are sent when it is started again"
        elif _any(out):
            held = "holds the findings of an earlier time; starting again with the same --out writes the rest"
        else:
            held = "holds no findings yet; starting again with the same --out writes them"
        raise Interrupted(f"interrupted; {out} {held}") from error


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM end the watch after the round it is in; a second one ends it at once."""
    asked = 0

    def handler(number: int, frame: "FrameType | None") -> None:
        nonlocal asked
        asked += 1
        stop.set()
        if asked >= DECISIVE:
            signal.default_int_handler(number, frame)

    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


@contextmanager
def _serving(address: str) -> "Iterator[Metrics]":
    from stillwatch.runtime.metrics import Metrics, Server  # noqa: PLC0415 - needs an extra

    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"--metrics {address}: HOST:PORT is meant, such as 127.0.0.1:9464")
    series = Metrics()
    with Server(series, host, int(port)):
        yield series
