"""Evidence of one's own campaigns that partners raise: beside the campaign's own, bounded, and by the partner's name.

A partner's campaign speaks for one here where it matches two of its members, and one in ten. It then counts what its match
counts for an account, which is never more than its partner stated, and all partners together at most HEAVIEST.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from stillwatch.records import UnreadableInput
from stillwatch.sharing.matching.matching import together
from stillwatch.sharing.matching.result import INDEX, AccountMatch, Contribution, Raised, Voice
from stillwatch.sharing.matching.templates.carried import findings_of

FEWEST = 2  # members: one may have been a customer of both
PART = 10  # one in so many members, as for the indicators of a shared finding


class _Campaign(msgspec.Struct):
    campaign_id: str
    log_e_value: float


class _Document(msgspec.Struct):
    campaigns: list[_Campaign]


def raised(findings: Path, matches: Sequence[AccountMatch]) -> list[Raised]:
    """What partners say for each campaign that `detect` found; nothing where it found none."""
    path = findings / INDEX
    if not path.exists():
        return []
    try:
        known = {
            one.campaign_id: one.log_e_value
            for one in msgspec.json.decode(path.read_bytes(), type=_Document).campaigns
        }
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableInput(f"{path}: not the findings of `stillwatch detect`: {error}") from error
    members: defaultdict[str, list[str]] = defaultdict(list)
    rows = findings_of(findings).members
    for account, campaign in zip(
        rows["account_id"].to_pylist(), rows["campaign_id"].to_pylist(), strict=True
    ):
        members[campaign].append(account)
    said = {one.account_id: one.contributions for one in matches}
    found = [_raised(name, own, members[name], said) for name, own in known.items()]
    return [one for one in found if one.voices]


def _raised(
    campaign_id: str, own: float, members: Sequence[str], said: Mapping[str, Sequence[Contribution]]
) -> Raised:
    counts: Counter[tuple[str, str, str]] = Counter()
    counted: dict[tuple[str, str, str], Contribution] = {}
    for account in members:
        for one in said.get(account, ()):
            name = (one.partner, one.campaign, one.kind)
            counts[name] += 1
            counted[name] = one
    enough = [name for name, count in sorted(counts.items()) if count >= max(FEWEST, len(members) / PART)]
    voices = [
        Voice(
            partner=partner,
            campaign=campaign,
            kind=kind,
            members=counts[partner, campaign, kind],
            stated=counted[partner, campaign, kind].stated,
            nats=counted[partner, campaign, kind].nats,
        )
        for partner, campaign, kind in enough
    ]
    nats = together([counted[name] for name in enough])
    return Raised(
        campaign_id=campaign_id,
        own=own,
        of=len(members),
        nats=nats,
        raised=round(own + nats, 4),
        voices=voices,
    )
