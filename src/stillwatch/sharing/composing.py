"""A finding with all that the room knows of a campaign: its figures, training compute, tokens, and template sketches.

What partners match by goes through the quorum of the matching group, so it is made only where the policy lets it go to the
recipient, and nothing is asked for anybody else.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from stillwatch.features.key import SketchKey
from stillwatch.records import Rejection
from stillwatch.sharing.brief.interval import compute_interval
from stillwatch.sharing.finding.build import Said, build_finding
from stillwatch.sharing.finding.folder import Folder
from stillwatch.sharing.finding.model import Finding
from stillwatch.sharing.finding.policy import ReleasePolicy
from stillwatch.sharing.finding.tokens import account_tokens
from stillwatch.sharing.finding.view import Dropped, refusal
from stillwatch.sharing.finding.words import Status, Tlp
from stillwatch.sharing.matching.publishing import indicators_of
from stillwatch.sharing.matching.templates.carried import Findings
from stillwatch.sharing.matching.tokens import Asking

SKETCHES, TOKENS = "template_sketches", "match_tokens"
NO_GROUP = "no matching group is set up here (stillwatch share identity)"
NO_LOG = "the log is needed for it: name its directory with --log"
NO_FIELDS = "the policy names no field of accounts to match by (matching: fields)"
NO_SKETCH = "no text of its own is on enough accounts of the campaign"
NO_VALUES = "no sure member has a value in the fields to match by"


class Audience(NamedTuple):
    """To whom, under which policy."""

    policy: ReleasePolicy
    recipient: str


class Terms(NamedTuple):
    """As what the finding is told."""

    status: Status = "open"
    tlp: Tlp = "amber"
    case_id: str | None = None


class Composed(NamedTuple):
    """The finding; fields of partners' matching that are not there, each with why; and what of the log could not be read."""

    finding: Finding
    absent: list[Dropped]
    rejected: list[Rejection]


def compose(
    folder: Folder,
    campaign_id: str,
    audience: Audience,
    *,
    key: SketchKey,
    said: Said,
    terms: Terms,
    asking: Asking | None = None,
) -> Composed:
    """The finding of a campaign as it is before the gate. Raises NoQuorum where too few partners answer."""
    members = folder.members(campaign_id)
    whole = msgspec.structs.replace(
        said,
        compute=compute_interval(folder, campaign_id),
        account_tokens=account_tokens(key, members),
    )
    reasons = dict(_kept_back(folder, audience, len(members), asking))
    rejected: list[Rejection] = []
    if len(reasons) < len((SKETCHES, TOKENS)):
        assert asking is not None  # `_kept_back` says so
        assert folder.log is not None
        fields = audience.policy.matching.fields if TOKENS not in reasons else ()
        made = indicators_of(
            [folder.log],
            Findings(
                folder.rows("members", ("account_id", "campaign_id", "probability")),
                folder.rows("flags", ("exchange_id", "campaign_id")),
            ),
            asking.key,
            asking.evaluate,
            fields=fields,
            weight=audience.policy.matching.weight,
            only={campaign_id},
            sketched=SKETCHES not in reasons,
        )
        rejected = made.rejected
        for one in made.campaigns:
            whole = msgspec.structs.replace(
                whole, template_sketches=one.template_sketches, match_tokens=one.oprf_tokens
            )
        if not whole.template_sketches:
            reasons.setdefault(SKETCHES, NO_SKETCH)
        if not whole.match_tokens:
            reasons.setdefault(TOKENS, NO_VALUES)
    finding = build_finding(folder, campaign_id, said=whole, **terms._asdict())
    absent = [Dropped(field=field, because=because) for field, because in sorted(reasons.items())]
    return Composed(finding, absent, rejected)


def _kept_back(
    folder: Folder, audience: Audience, accounts: int, asking: Asking | None
) -> Iterable[tuple[str, str]]:
    """Which of both is not made, and why."""
    clearance = audience.policy.recipient(audience.recipient).clearance
    for field in (SKETCHES, TOKENS):
        against = refusal(audience.policy.row(field, audience.recipient), accounts, clearance)
        if against is None and field == TOKENS and not audience.policy.matching.fields:
            against = NO_FIELDS
        if against is None and asking is None:
            against = NO_GROUP
        if against is None and folder.log is None:
            against = NO_LOG
        if against is not None:
            yield field, against
