"""stillwatch serve: the API, the guardrail API and the watch, in one command."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli.access.judging import judging
from stillwatch.cli.cases.options import AuditKey, TenantName
from stillwatch.cli.cases.printing import tell


def command(
    out: Annotated[Path, typer.Option(help="directory for findings, verdicts, spool and state")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="what is watched beside the spool of the service, as for `stillwatch watch`"),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            envvar="STILLWATCH_STORE", help="where cases are kept [default: sqlite:///OUT/cases.db]"
        ),
    ] = None,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any free one", min=0, max=65535)] = 8730,
    gateway: Annotated[
        Path | None, typer.Option(help="configuration of a gateway: serve its guardrail API as well")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="policy in force, to be shown [default: that of the gateway]")
    ] = None,
    verification: Annotated[
        Path | None,
        typer.Option(help="settings of verification [default: the methods that need none]"),
    ] = None,
    levels: Annotated[
        Path | None, typer.Option(help="level policy by which accounts are asked to verify")
    ] = None,
    regions: Annotated[
        Path | None,
        typer.Option(help="regions file, as for `stillwatch watch`; needs --levels"),
    ] = None,
    mmdb: Annotated[Path | None, typer.Option(help="address data for --regions")] = None,
    ranges: Annotated[
        list[Path] | None, typer.Option(help="ranges that hide their users, for --regions; may be repeated")
    ] = None,
    trusted_hops: Annotated[
        int, typer.Option(help="proxies of yours in front that append to X-Forwarded-For", min=0, max=20)
    ] = 0,
    no_watch: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--no-watch", help="run no watch; another process does")
    ] = False,
    name: Annotated[str, typer.Option(help="name of the watch, told with every alarm")] = "watch",
    alarm_to: Annotated[
        list[str] | None, typer.Option(help="where alarms go, as for `stillwatch watch`; may be repeated")
    ] = None,
    lateness: Annotated[
        float, typer.Option(help="seconds an exchange may come late and still count in its tick", min=0)
    ] = 120.0,
    link: Annotated[str | None, typer.Option(help="base URL of the analysts' pages, for alarms")] = None,
) -> int:
    """Serve cases, findings, alarms and the audit over HTTP, take in exchanges and decisions, and watch.

    The watch is a process of its own over OUT/spool and the given sources; it is started again when it dies. A first start
    makes a token: on a terminal it is printed once, else it is left in OUT/first-token. SIGTERM ends requests, then the
    watch.
    """
    from stillwatch.service.serving import Serving, serve  # noqa: PLC0415 - needs an extra

    logging.basicConfig(level=logging.INFO, format="stillwatch: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    judging(regions, levels, mmdb, ranges or (), tell)
    options = ["--name", name, "--lateness", str(lateness)]
    options += [part for one in alarm_to or () for part in ("--alarm-to", one)]
    options += [] if link is None else ["--link", link]
    options += [] if levels is None else ["--levels", str(levels.absolute())]
    for option, path in (
        ("--regions", regions),
        ("--mmdb", mmdb),
        *(("--ranges", one) for one in ranges or ()),
    ):
        options += [] if path is None else [option, str(path.absolute())]
    options += [] if verification is None else ["--verification", str(verification.absolute())]
    serve(
        Serving(
            out=out,
            store=store or f"sqlite:///{out.absolute()}/cases.db",
            host=host,
            port=port,
            tenant=tenant,
            audit_key=audit_key,
            gateway=gateway,
            policy=policy,
            verification=verification,
            trusted_hops=trusted_hops,
            sources=sources or (),
            watch=not no_watch,
            watch_options=options,
        ),
        tell,
    )
    return 0
