"""`stillwatch explain`: why a campaign was reported, or what an account has to do with one."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stillwatch.records import MEMBERS, Campaign, Claim, LogSummary, Share, UnreadableInput, UsageError
from stillwatch.reports import (
    campaign_fields,
    clean,
    evidence_tree,
    listed,
    load,
    many,
    minute,
    named,
    percent,
    rfc3339,
    verdict,
)
from stillwatch.sharing.matching.result import AccountMatch, Raised, digest_of, load_matches

NEAR = 3  # names offered for one that is unknown
TIMES = ("flagged_at", "first_seen", "last_seen")


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """An account's row of members.parquet, with what its flagged exchanges take."""

    account_id: str
    campaign_id: str
    probability: float
    illicit_share: float
    flagged_at: int
    first_seen: int
    last_seen: int
    exchanges: int
    capabilities: list[Share]


def command(
    name: Annotated[str, typer.Argument(metavar="CAMPAIGN|ACCOUNT", help="an id from the result")],
    out: Annotated[Path, typer.Option(help="directory that `detect` wrote")],
    depth: Annotated[
        int | None, typer.Option(help="levels of evidence below the verdict [default: all]", min=0)
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text")] = False,
) -> None:
    """Show the evidence behind a campaign, or an account's part in one."""
    log, campaigns = load(out)
    by_id = {campaign.campaign_id: campaign for campaign in campaigns}
    memberships = [] if name in by_id else _memberships(out, name)
    involved = [by_id[known] for known in (name, *(row.campaign_id for row in memberships)) if known in by_id]
    partners = None if name in by_id else _partners(out, name)
    voices = _voices(out, name) if name in by_id else None
    if not involved and partners is None:
        raise UsageError(_unknown(name, out, by_id))
    if as_json:
        typer.echo(_json(memberships, involved, partners or voices, depth))
        return
    console = Console(highlight=False)
    for row in memberships:
        _account(console, row)
    for campaign in involved:
        _campaign(console, campaign, log, depth)
    if partners is not None:
        _said(console, partners)
    if voices is not None:
        _heard(console, voices)


def _memberships(out: Path, account: str) -> list[Membership]:
    members = _rows(out / "members.parquet", account).select(MEMBERS.names)
    for name in TIMES:
        members = members.set_column(MEMBERS.names.index(name), name, members[name].cast(pa.int64()))
    flags = _rows(out / "flags.parquet", account) if members.num_rows else None
    return [
        msgspec.convert(row | {"capabilities": _capabilities(flags, row["campaign_id"])}, Membership)
        for row in members.to_pylist()
    ]


def _rows(path: Path, account: str) -> pa.Table:
    """The rows of one account; only the parts of the file that can hold it are read."""
    try:
        return pq.read_table(path, filters=pc.field("account_id") == account)
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableInput(f"{path}: {error}") from error


def _capabilities(flags: pa.Table, campaign_id: str) -> list[Share]:
    mine = flags.filter(pc.equal(flags["campaign_id"], campaign_id))
    counts = mine.group_by("capability").aggregate([([], "count_all")]).sort_by([("count_all", "descending")])
    return [Share(str(row["capability"]), row["count_all"] / mine.num_rows) for row in counts.to_pylist()]


def _partners(out: Path, account: str) -> AccountMatch | None:
    """What partners say about an account, if it was asked."""
    found = load_matches(out)
    return next((one for one in found.matches if one.account_id == account), None) if found else None


def _voices(out: Path, campaign_id: str) -> Raised | None:
    """What partners say about a campaign, if they were asked about these findings and not about earlier ones."""
    found = load_matches(out)
    if found is None or found.findings_sha256 != digest_of(out):
        return None
    return next((one for one in found.raised if one.campaign_id == campaign_id), None)


def _unknown(name: str, out: Path, campaigns: Iterable[str]) -> str:
    """Compares with accounts that begin or end alike, since comparing with all of them takes minutes."""
    column = pq.read_table(out / "members.parquet", columns=["account_id"])["account_id"]
    accounts: list[str] = column.unique().to_pylist()
    alike = [known for known in accounts if known[:3] == name[:3] or known[-3:] == name[-3:]]
    near = get_close_matches(name, [*campaigns, *alike], n=NEAR)
    hint = f"; did you mean {', '.join(clean(known, 80) for known in near)}?" if near else ""
    return f"{clean(name, 80)} is neither a campaign nor an account of one in {out}{hint}"


def _json(
    memberships: list[Membership],
    involved: list[Campaign],
    partners: AccountMatch | Raised | None,
    depth: int | None,
) -> str:
    """One campaign as in campaigns.json, or an account's memberships with their campaigns, and what partners say."""
    campaigns = [
        campaign_fields(msgspec.structs.replace(campaign, evidence=_cut(campaign.evidence, depth)))
        for campaign in involved
    ]
    rows = [
        msgspec.structs.asdict(row)
        | {name: rfc3339(getattr(row, name)) for name in TIMES}
        | {"capabilities": [{"capability": share.name, "share": share.share} for share in row.capabilities]}
        for row in memberships
    ]
    said = {} if partners is None else {"partners": msgspec.to_builtins(partners)}
    if not rows and not isinstance(partners, AccountMatch):
        return json.dumps(campaigns[0] | said, indent=1)
    return json.dumps({"memberships": rows, "campaigns": campaigns} | said, indent=1)


def _cut(claim: Claim, depth: int | None) -> Claim:
    if depth is None:
        return claim
    children = [_cut(child, depth - 1) for child in claim.children] if depth else []
    return msgspec.structs.replace(claim, children=children)


def _account(console: Console, row: Membership) -> None:
    takes = listed((named(share.name), share.share) for share in row.capabilities)
    console.print(Text(f"Account {clean(row.account_id, 120)}", style="bold"))
    traffic = f"{percent(row.illicit_share)} of its traffic"
    for sentence in (
        f"In campaign {clean(row.campaign_id, 80)} since {minute(row.flagged_at)}, when it was first flagged.",
        f"Run by the campaign's operator with probability {percent(row.probability)}.",
        f"{many(row.exchanges, 'exchange')} belong to the campaign, {traffic}; they take {takes or 'what is not known'}.",
        f"Seen {minute(row.first_seen)} to {minute(row.last_seen)}.",
    ):
        console.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))
    console.print()


def _campaign(console: Console, campaign: Campaign, log: LogSummary, depth: int | None) -> None:
    console.print(Text(f"Campaign {clean(campaign.campaign_id, 80)}", style="bold"))
    for sentence in verdict(campaign, log):
        console.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))
    console.print()
    console.print(evidence_tree(campaign.evidence, depth=depth))


def _said(console: Console, partners: AccountMatch) -> None:
    """Partners' evidence, which is no part of what stands above it."""
    console.print()
    console.print(Text(f"What partners say about {clean(partners.account_id, 120)}", style="bold"))
    total = f"At most {partners.nats:.1f} nats in all. It is no part of any evidence of your own."
    for sentence in (
        *(
            f"{clean(one.partner, 80)}, of its {clean(one.campaign, 80)}: {many(one.tokens, 'token')} by {one.kind},"
            f" {one.nats:.1f} of the {one.stated:.1f} nats it states."
            for one in partners.contributions
        ),
        total,
    ):
        console.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))


def _heard(console: Console, raised: Raised) -> None:
    """What partners raise the evidence of a campaign by, which changes nothing of what stands above it."""
    console.print()
    console.print(Text(f"What partners say about {clean(raised.campaign_id, 80)}", style="bold"))
    for sentence in (
        *(
            f"{clean(one.partner, 80)}, of its {clean(one.campaign, 80)}: {one.members:,} of {raised.of:,} members by"
            f" {one.kind}, {one.nats:.1f} of the {one.stated:.1f} nats it states."
            for one in raised.voices
        ),
        f"With at most {raised.nats:.1f} nats of theirs, {raised.own:.1f} nats of evidence become {raised.raised:.1f}.",
        "A partner's word has no error rate: the verdict and its false discovery rate stay as they are.",
    ):
        console.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))
