"""`stillwatch access check`."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from stillwatch.access.regions.evidence import RegionVerdict
from stillwatch.access.regions.places import name_of
from stillwatch.cli.cases.options import AuditKey, TenantName, opened
from stillwatch.cli.cases.printing import Form, Format, as_json
from stillwatch.policy.account_standing import AccountStanding, account_standing
from stillwatch.records import Limit, Micros
from stillwatch.reports import clean, minute, percent

ASKED = 1
SHOWN_NATS = 0.05  # less is nothing to one decimal


def check(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    standings: Annotated[
        Path, typer.Option(envvar="STILLWATCH_STANDINGS", help="file of standings that the watch publishes")
    ],
    store: Annotated[
        str | None,
        typer.Option(envvar="STILLWATCH_STORE", help="store of cases: tells what challenges asked before"),
    ] = None,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> int:
    """What is held about an account's standing: what it is asked to prove, by when and why, and what holds until then.

    Where the watch judges regions: how probable it is that the account is in one that is not supported, and the evidence,
    in nats, which add to the log-odds.

    Exit code: 0 nothing is asked that it has not proved, or the account is not in the standings; 1 something is asked; 3 the
    standings cannot be read.
    """
    now = Micros(time.time_ns() // 1000)
    with nullcontext() if store is None else opened(store, tenant, audit_key) as mine:
        found = account_standing(standings, mine, account, now)
    if form is Form.JSON:
        as_json(found)
    else:
        out = Console(highlight=False)
        for line in _lines(account, found):
            out.print(Text(line), soft_wrap=True)
    return ASKED if found.standing is not None and found.standing.short else 0


def _lines(account: str, found: AccountStanding) -> list[str]:
    name, standing = clean(account, 120), found.standing
    if standing is None and found.region is None and not found.challenges:  # a name mistyped looks the same
        lines = [f"{name} is not in these standings: it is unknown to the watch, or nothing is asked of it"]
    elif standing is None:
        lines = [f"{name}: nothing is asked"]
    elif not standing.asked:
        lines = [f"{name}: nothing is asked; level {standing.level} is proved"]
    else:
        state = "overdue" if found.overdue else "asked" if standing.short else "proved"
        lines = [
            f"{name}: level {standing.asked} is {state}; level {standing.level} is proved",
            f"  why: {clean(standing.reason)} (rule {standing.terms.rule_id}), standing {standing.standing_id}",
            f"  asked {minute(standing.since)}"
            + ("" if standing.deadline is None else f", to be proved by {minute(standing.deadline)}"),
        ]
        if standing.short:
            lines.append(
                f"  until then: {_limit(standing.terms.until)}; after it: {_limit(standing.terms.after)}"
            )
        if standing.challenge_id is not None:
            role = "drawn by lot to measure" if standing.control else "asked in"
            lines.append(f"  {role} {clean(standing.challenge_id)}")
    if found.region is not None:
        lines += _region(found.region)
    elif standing is not None and standing.region_outside is not None:
        lines.append(f"  in a region that is not supported: {percent(standing.region_outside)}")
    lines += [
        f"  {clean(one.challenge_id)}: level {one.level} asked {minute(one.asked.since)}"
        f"{' by lot' if one.asked.control else ''}, {one.asked.answer}"
        for one in found.challenges
    ]
    return [*lines, f"  standings of {minute(found.created_at)}"]


def _region(held: RegionVerdict) -> list[str]:
    """The probability, and what it is made of, the strongest first."""
    place = "" if held.place is None else f", most likely {name_of(held.place)} ({held.place})"
    parts = f"used from there {percent(held.used)}, owned from there {percent(held.owned)}"
    lines = [
        f"  in a region that is not supported: {percent(held.probability)}{place}",
        f"    {parts}; certainty {percent(held.certainty)}",
    ]
    if held.exempt:
        lines.append("    an exemption covers it, in the places that it names")
    weighed = sorted(held.evidence, key=lambda one: -abs(one.nats))
    lines += [f"    {one.nats:+6.1f}  {one.signal}: {one.finding}" for one in weighed]
    rest = (
        (held.prior, "before the evidence"),
        (held.doubt, "what more might show, as it is best for the account"),
        (held.elsewhere, "other places that explain it too"),
    )
    lines += [f"    {nats:+6.1f}  {what}" for nats, what in rest if abs(nats) >= SHOWN_NATS]
    if held.unseen:
        lines.append(f"    not seen: {', '.join(held.unseen)}")
    return lines


def _limit(limit: Limit) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in limit.settings.items())
    return f"{limit.step} ({settings})" if settings else limit.step


COMMANDS: dict[str, Callable[..., int | None]] = {"check": check}
