"""What a clearing rests on, and when there is so much more evidence that it no longer holds.

A person who clears accounts has weighed the evidence of that day. Noise from look to look must not undo that,
new evidence must. A clearing lapses when the evidence has GROWN by three nats, a factor of twenty: were the group
benign, its e-value would ever grow so much with a chance of one in twenty at most (Ville's inequality). E-values
are capped where the benign reference ends, so the parts of the detectors are compared as well: their rises, each
counted only from half a nat on, since less is noise between looks, must sum to the same amount. A detector says
at most one and a half nats, so two of them must have turned from silent to loud. A whole case lapses, too, when
its campaign has twice the accounts: the person saw less than half of what is there.
"""

import msgspec

from stillwatch.records import Campaign, Claim

GROWN = 3.0  # nats, the natural logarithm of twenty
STEP = 0.5  # nats: strengths are kept in these steps, and smaller rises are noise
MORE = 2.0  # times the accounts


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A digest of a campaign's evidence, coarse enough to survive noise."""

    log_e_value: float
    accounts: int
    detectors: dict[str, float]  # strength in nats, in steps


def weighed(campaign: Campaign) -> Evidence:
    """The digest of a campaign's evidence now."""
    strengths: dict[str, float] = {}
    for claim in _leaves(campaign.evidence):
        step = round(claim.strength / STEP) * STEP
        if step > 0:
            strengths[claim.detector] = max(step, strengths.get(claim.detector, 0.0))
    return Evidence(log_e_value=campaign.log_e_value, accounts=campaign.accounts, detectors=strengths)


def growth(then: Evidence, now: Evidence, *, whole: bool) -> str | None:
    """Why a clearing given on the evidence of `then` no longer holds, or None where it does."""
    if now.log_e_value - then.log_e_value >= GROWN:
        return f"the log e-value grew from {then.log_e_value:.1f} to {now.log_e_value:.1f}"
    rises = {
        name: strength - then.detectors.get(name, 0.0)
        for name, strength in now.detectors.items()
        if strength - then.detectors.get(name, 0.0) > STEP
    }
    if sum(rises.values()) >= GROWN:
        return f"detectors say more than they did: {', '.join(sorted(rises))}"
    if whole and now.accounts >= MORE * then.accounts:
        return f"the campaign grew from {then.accounts} accounts to {now.accounts}"
    return None


def _leaves(claim: Claim) -> list[Claim]:
    return [leaf for child in claim.children for leaf in _leaves(child)] if claim.children else [claim]
