"""Campaigns as a store keeps them: without prompt text, and without accounts outside the rows of members."""

import json
import math
from collections.abc import Iterable, Iterator

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.cases.entry import canonical
from stillwatch.records import MEMBERS, Campaign, Claim, Rejection, UnreadableInput

FINDINGS = "findings"  # what a rejection names instead of a file


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An account's row of the members table."""

    account_id: str
    probability: float
    illicit_share: float
    flagged_at: int
    first_seen: int
    last_seen: int
    exchanges: int


def encode(campaign: Campaign) -> str:
    """The record as text. Snippets are prompt text and links name accounts, so both are left out."""
    kept = msgspec.structs.replace(campaign, evidence=_finite(campaign.evidence), links=[], snippets=[])
    return canonical(msgspec.to_builtins(kept))


def decode(record: str) -> Campaign:
    return msgspec.convert(json.loads(record), Campaign)


def _finite(claim: Claim) -> Claim:
    """A measured value may be infinite or undefined, for which JSON has no number: it is kept as text."""

    def said(value: float | str) -> float | str:
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    return msgspec.structs.replace(
        claim,
        value=said(claim.value),
        expected_if_benign=said(claim.expected_if_benign),
        children=[_finite(child) for child in claim.children],
    )


def by_campaign(members: pa.Table) -> dict[str, list[Member]]:
    """The members of each campaign. Raises UnreadableInput where the table has not the contract's columns."""
    try:
        table = members.select(MEMBERS.names).cast(MEMBERS)
        for name in ("flagged_at", "first_seen", "last_seen"):
            table = table.set_column(table.schema.names.index(name), name, pc.cast(table[name], pa.int64()))
    except (KeyError, pa.ArrowException) as error:
        raise UnreadableInput(f"the members are not as the output contract has them: {error}") from error
    out: dict[str, list[Member]] = {}
    for row in table.to_pylist():
        campaign_id = row.pop("campaign_id")
        try:
            out.setdefault(campaign_id, []).append(msgspec.convert(row, Member))
        except msgspec.ValidationError as error:
            raise UnreadableInput(f"a member of {campaign_id} cannot be read: {error}") from error
    return out


def accepted(
    campaigns: Iterable[Campaign], members: dict[str, list[Member]], rejected: list[Rejection]
) -> Iterator[tuple[Campaign, list[Member]]]:
    """Campaigns that can be kept, with their members; the others are added to `rejected`."""
    seen: set[str] = set()
    for campaign in campaigns:
        reason = _refusal(campaign, members.get(campaign.campaign_id, []), seen)
        seen.add(campaign.campaign_id)
        if reason is None:
            yield campaign, members[campaign.campaign_id]
        else:
            rejected.append(Rejection(FINDINGS, None, f"campaign {campaign.campaign_id!r}: {reason}"))


def _refusal(campaign: Campaign, own: list[Member], seen: set[str]) -> str | None:
    if not campaign.campaign_id or campaign.campaign_id in seen:
        return "its id is empty or stands here twice"
    if not own:
        return "no account is a member of it"
    if len({one.account_id for one in own}) < len(own):
        return "an account is a member twice"
    try:
        encode(campaign)
    except ValueError:
        return "it holds a number that is not finite"
    if not all(math.isfinite(one.probability) and math.isfinite(one.illicit_share) for one in own):
        return "a member's probability or share is not finite"
    return None
