"""`stillwatch share tokens` and `match`: what is published of one's campaigns, and what of partners' is here."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from stillwatch import cases
from stillwatch.cli.cases.options import AuditKey, TenantName, opened
from stillwatch.cli.share.matching_options import (
    DEFAULT_IDENTITY,
    DEFAULT_KEYS,
    DEFAULT_ROSTER,
    Fields,
    IdentityFile,
    KeysFolder,
    RosterFile,
    Workers,
    asking_of,
    tell_troubles,
)
from stillwatch.records import ACCOUNTS, Micros, UnreadableInput, UsageError

if TYPE_CHECKING:
    from stillwatch.sharing.matching.indicators import Indicators
    from stillwatch.sharing.matching.tokens import Asking

SKIPPED = 3
Logs = Annotated[list[Path], typer.Argument(help="log files or directories, as for `stillwatch detect`")]


def tokens(
    logs: Logs,
    findings: Annotated[Path, typer.Option(help="directory that `detect` wrote for this log")],
    out: Annotated[Path, typer.Option(help="file for the indicators, signed")],
    weight: Annotated[
        float, typer.Option(help="nats that a match should count at most", min=0.01, max=3)
    ] = 3.0,
    field: Fields = None,
    store: Annotated[
        str | None,
        typer.Option(
            envvar="STILLWATCH_STORE", help="leave out the accounts that people cleared in this store"
        ),
    ] = None,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    identity_file: IdentityFile = DEFAULT_IDENTITY,
    roster_file: RosterFile = DEFAULT_ROSTER,
    keys: KeysFolder = DEFAULT_KEYS,
    workers: Workers = None,
) -> int:
    """Write what partners may match with: template sketches and account tokens of the campaigns found, and no text.

    Needs the quorum: every value goes through it. Exit code 3 if the log was in part skipped.
    """
    from stillwatch.sharing.matching.indicators import published  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.publishing import indicators_of  # noqa: PLC0415
    from stillwatch.sharing.matching.templates.carried import findings_of  # noqa: PLC0415

    asking = asking_of(identity_file, roster_file, keys, workers)
    found = findings_of(findings)
    if store is not None:
        with opened(store, tenant, audit_key) as mine:
            found = found.without([one.account_id for one in cases.cleared(mine)])
    made = indicators_of(logs, found, asking.key, asking.evaluate, fields=_fields(field), weight=weight)
    _write(out, published(asking.identity, asking.key, made.campaigns, _now()))
    told = Console(stderr=True, highlight=False)
    for one in made.campaigns:
        kinds = f"{len(one.template_sketches)} sketch, {len(one.oprf_tokens):,} account tokens"
        told.print(f"{one.campaign}: {kinds}", markup=False)
    tell_troubles(told, asking.left_out, made.rejected)
    return SKIPPED if made.rejected else 0


def match(
    logs: Logs,
    out: Annotated[Path, typer.Option(help="directory for partners.json, beside the findings of `detect`")],
    indicators: Annotated[
        list[Path] | None,
        typer.Option(help="a partner's indicators, as `share tokens` wrote them; may be repeated"),
    ] = None,
    pulled: Annotated[
        list[Path] | None,
        typer.Option(help="directory that `share pull --partner` filled; may be repeated"),
    ] = None,
    field: Fields = None,
    store: Annotated[
        str | None,
        typer.Option(envvar="STILLWATCH_STORE", help="enter what matches into the cases of this store"),
    ] = None,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    identity_file: IdentityFile = DEFAULT_IDENTITY,
    roster_file: RosterFile = DEFAULT_ROSTER,
    keys: KeysFolder = DEFAULT_KEYS,
    workers: Workers = None,
) -> int:
    """Find accounts and templates of one's own log among partners' indicators, without showing either.

    What matches is bounded evidence, kept apart from one's own: OUT/partners.json, shown by `explain` for accounts and for
    campaigns that `detect` wrote into OUT, and with --store an entry in each case that holds such an account. Exit code 1
    if a campaign is recognised, 3 if input was in part skipped.
    """
    from stillwatch.sharing.matching.comparing import compare  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.raising import raised  # noqa: PLC0415
    from stillwatch.sharing.matching.result import FILE, Matches, digest_of  # noqa: PLC0415

    if not indicators and not pulled:
        raise UsageError("name what partners share: --pulled DIR, or --indicators FILE")
    if store is not None:
        with opened(store, tenant, audit_key):  # that it is there is known before the quorum is asked
            pass
    asking = asking_of(identity_file, roster_file, keys, workers)
    now, told = _now(), Console(stderr=True, highlight=False)
    read, whole = _read(indicators or (), pulled or (), asking, now, told)
    found = compare(logs, read, asking.key, asking.evaluate, fields=_fields(field))
    result = Matches(
        made_at=Micros(now),
        key_id=asking.key.key_id,
        accounts_compared=found.accounts,
        campaigns=found.campaigns,
        matches=found.matches,
        left_out=asking.left_out,
        partners=sorted({one.partner for one in read}),
        findings_sha256=digest_of(out),
        raised=raised(out, found.matches),
    )
    out.mkdir(parents=True, exist_ok=True)
    _write(out / FILE, msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    if store is not None:
        from stillwatch.sharing.matching.casework import enter_matches  # noqa: PLC0415 - an extra

        with opened(store, tenant, audit_key) as mine:
            entered = enter_matches(mine, found.matches, asking.key.key_id, result.partners)
        told.print(f"{entered} entries in cases")
    tell_troubles(told, asking.left_out, found.rejected)
    table = Table("partner", "campaign", "by account", "by template", "recognised")
    for one in found.campaigns:
        counts = (f"{one.by_account:,}", f"{one.by_template:,}", "yes" if one.recognised else "")
        table.add_row(one.partner, one.campaign, *counts)
    Console().print(table)
    if any(one.recognised for one in found.campaigns):
        return 1
    return SKIPPED if found.rejected or not whole else 0


def _read(
    indicators: Sequence[Path], pulled: Sequence[Path], asking: "Asking", now: int, told: Console
) -> "tuple[list[Indicators], bool]":
    """What partners share, and whether none of it had to be left aside; says what."""
    from stillwatch.sharing.matching.indicators import received  # noqa: PLC0415 - an extra
    from stillwatch.sharing.matching.pulled import indicators_in  # noqa: PLC0415

    known = {asking.key.key_id: asking.key}
    read = [received(str(path), _content(path), asking.roster, known, now) for path in indicators]
    whole = True
    for folder in pulled:
        taken = indicators_in(folder, asking.key, Micros(now))
        read.append(taken.indicators)
        for reason, count in sorted(taken.left_aside.items()):
            told.print(f"left aside of {taken.indicators.partner}: {count:,} times {reason}", markup=False)
        whole = whole and not taken.left_aside
    return read, whole


def _fields(chosen: Sequence[str] | None) -> tuple[str, ...]:
    for name in chosen or ():
        if name not in ACCOUNTS.names or name == "account_id":
            raise UsageError(f"--field: accounts have no {name!r} to match by")
    return tuple(dict.fromkeys(chosen or ()))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    made = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        made.write_bytes(content)
        made.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def _now() -> int:
    return time.time_ns() // 1000


COMMANDS: dict[str, Callable[..., int | None]] = {"tokens": tokens, "match": match}
