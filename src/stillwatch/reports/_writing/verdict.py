"""A campaign in plain sentences: what, since when, how much, of what, how sure, and what was out of sight."""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from stillwatch.records import Campaign, Claim, LogSummary
from stillwatch.reports._writing.text import clean
from stillwatch.reports._writing.words import day, many, minute, named, odds, percent, rounded, span

SCARCE = 0.5  # a field carried by fewer exchanges than this is named as a gap
NAMED = 3  # capabilities, models and fields named before "other"


class Verdict(NamedTuple):
    """Whole sentences, each of which can stand alone."""

    what: str
    taken: str
    when: str
    sure: str
    unseen: str


def verdict(campaign: Campaign, log: LogSummary) -> Verdict:
    return Verdict(
        _what(campaign), _taken(campaign), _when(campaign), _sure(campaign, log), _unseen(campaign)
    )


def _what(campaign: Campaign) -> str:
    return (
        f"The evidence says that one operator runs {many(campaign.accounts, 'account')}, which made "
        f"{many(campaign.exchanges, 'exchange')} to harvest the model's answers: "
        f"{rounded(campaign.tokens_out)} tokens taken, {rounded(campaign.tokens_in)} sent."
    )


def _taken(campaign: Campaign) -> str:
    what = listed((named(share.name), share.share) for share in campaign.capabilities)
    models = listed((share.name, share.share) for share in campaign.models)
    return f"What it takes: {what or 'not known'}." + (f" From: {models}." if models else "")


def listed(shares: Iterable[tuple[str, float]]) -> str:
    """`62% reasoning traces, 21% coding, 17% other`."""
    pairs = list(shares)
    shown = [f"{percent(share)} {clean(name, 60)}" for name, share in pairs[:NAMED]]
    rest = sum(share for _, share in pairs[NAMED:])
    return ", ".join([*shown, *([f"{percent(rest)} other"] if rest > 0 else [])])


def _when(campaign: Campaign) -> str:
    state = (
        "It was still running at the end of the log"
        if campaign.active
        else f"Its last exchange was on {minute(campaign.last_seen)}"
    )
    return (
        f"Its first exchange was on {minute(campaign.first_seen)}; the first alarm came on "
        f"{minute(campaign.detected_at)}, {delay(campaign)} later, from what had arrived by then. {state}."
    )


def delay(campaign: Campaign) -> str:
    return span(max(0, campaign.detected_at - campaign.first_seen))


def _sure(campaign: Campaign, log: LogSummary) -> str:
    alone = (
        f"A benign group gives evidence this strong with a chance of {odds(campaign.log_e_value)} at most. "
        if campaign.log_e_value > 0
        else ""
    )
    tested = f" over all {many(log.clusters_tested, 'group')} tested" if log.clusters_tested else ""
    return (
        f"{alone}Of the campaigns reported this way, at most {percent(campaign.fdr)} are expected to be "
        f"benign (false discovery rate{tested})."
    )


def _unseen(campaign: Campaign) -> str:
    scarce = sorted((share, name) for name, share in campaign.coverage.items() if share < SCARCE)
    if not campaign.coverage:
        return "The verdict does not say which fields of the log it rests on."
    if not scarce:
        return "Every field the verdict rests on was present in at least half of its exchanges."
    fields = ", ".join(f"{clean(name, 40)} ({percent(share)})" for share, name in scarce[:8])
    more = f" and {len(scarce) - 8} more" if len(scarce) > 8 else ""
    return f"Seldom present in its exchanges, so little or nothing could be seen of it: {fields}{more}."


def headline(log: LogSummary, campaigns: list[Campaign]) -> str:
    """The whole run in a sentence."""
    read = f"{many(log.exchanges, 'exchange')} by {many(log.accounts, 'account')}"
    if not campaigns:
        return f"No campaign found in {read}"
    return f"{many(len(campaigns), 'campaign')} found in {read}"


def period(log: LogSummary) -> str:
    if log.first_ts is None or log.last_ts is None:
        return "no exchange carried a time"
    return f"{day(log.first_ts)} to {day(log.last_ts)}"


def tested(log: LogSummary) -> str:
    """What was done, said as plainly when nothing came of it."""
    groups = many(log.clusters_tested, "linked group")
    what = (
        f"{groups} of accounts {'was' if log.clusters_tested == 1 else 'were'} tested for common control and for extraction"
        if log.clusters_tested
        else "No accounts were linked strongly enough to form a group, so none was tested"
    )
    return f"{what}, at a false discovery rate of {percent(log.fdr)}."


def strongest(evidence: Claim, count: int) -> list[Claim]:
    """The claims that carry most, strongest first: those under the root, or the root itself."""
    claims = evidence.children or [evidence]
    while len(claims) < count and any(claim.children for claim in claims):
        claims = list(chain.from_iterable(claim.children or [claim] for claim in claims))
    adding = [claim for claim in claims if claim.strength > 0] or claims
    return sorted(adding, key=lambda claim: -claim.strength)[:count]
