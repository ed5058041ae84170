"""What partners' indicators say about one's own accounts: bounded evidence with provenance, kept apart from one's own.

A match counts what its partner stated, never more, and less where many of one's own accounts match: what one in
twenty carries says nothing. All partners together say at most HEAVIEST about an account, since they may have it from
each other.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import pyarrow as pa

from stillwatch.sharing.finding.words import HEAVIEST
from stillwatch.sharing.matching.indicators import Indicators
from stillwatch.sharing.matching.result import AccountMatch, CampaignMatch, Contribution
from stillwatch.sharing.matching.templates.carried import Carried
from stillwatch.sharing.matching.templates.sketches import Evaluate, K, fragment_value, tokens_of

HERE = 10  # own accounts that must carry a fragment before the quorum is asked about it
DISTINCT = 2  # fragments of one sketch that an account must carry: one run of four words may be chance,
PART = 8  # and one in so many of a larger sketch, since others may have a sentence in common with it. Tuned on seeds 1 and 2
# under four hash families: at one in 16 eleven of 118,000 benign accounts match, at one in 8 none, and no campaign is lost
COMMON = 0.05  # share of one's own accounts at which a match says nothing
RECOGNISED = K  # own accounts that match one campaign's templates


Wanted = dict[bytes, set[int]]
"""Tokens of partners, each with the numbers of the campaigns that have it."""

Hits = dict[tuple[int, str], dict[str, int]]
"""By number of the campaign and kind: the accounts that match, with how many tokens."""


def match(
    indicators: Sequence[Indicators],
    carried: Carried | None,
    values: Sequence[tuple[str, bytes]],
    population: int,
    evaluate: Evaluate,
) -> tuple[list[CampaignMatch], list[AccountMatch]]:
    """Own templates and accounts (id and value) against partners' campaigns. `population` are all own accounts."""
    campaigns = [(one.partner, campaign) for one in indicators for campaign in one.campaigns]
    hits: Hits = defaultdict(dict)
    of_templates: Wanted = defaultdict(set)
    of_accounts: Wanted = defaultdict(set)
    for number, (_, campaign) in enumerate(campaigns):
        for sketch in campaign.template_sketches:
            for token in tokens_of(sketch):
                of_templates[token].add(number)
        for known in campaign.oprf_tokens:
            of_accounts[bytes.fromhex(known.value)].add(number)
    if of_templates and carried is not None:
        _templates(of_templates, carried, evaluate, hits)
    if of_accounts:
        _accounts(of_accounts, values, evaluate, hits)
    of_account: dict[str, list[Contribution]] = defaultdict(list)
    for (number, kind), found in sorted(hits.items()):
        partner, campaign = campaigns[number]
        counted = round(_bounded(campaign.weight, len(found), population), 4)
        for account, count in found.items():
            of_account[account].append(
                Contribution(
                    partner=partner,
                    campaign=campaign.campaign,
                    kind=kind,
                    tokens=count,
                    stated=campaign.weight,
                    nats=counted,
                )
            )
    return (
        [_campaign(partner, one.campaign, hits, number) for number, (partner, one) in enumerate(campaigns)],
        [
            AccountMatch(account_id=account, nats=together(said), contributions=said)
            for account, said in sorted(of_account.items())
        ],
    )


def together(said: Sequence[Contribution]) -> float:
    """What several contributions count: the strongest of each partner's campaign, all within HEAVIEST."""
    strongest: dict[tuple[str, str], float] = {}
    for one in said:
        name = (one.partner, one.campaign)
        strongest[name] = max(strongest.get(name, 0.0), one.nats)
    return round(min(HEAVIEST, sum(strongest.values())), 4)


def _bounded(stated: float, matched: int, population: int) -> float:
    return max(0.0, min(stated, HEAVIEST, math.log(COMMON * max(population, 1) / matched)))


def _templates(wanted: Wanted, carried: Carried, evaluate: Evaluate, hits: Hits) -> None:
    fragments = carried.common(HERE)
    of, found = [], []
    for fragment, token in zip(fragments, evaluate([fragment_value(one) for one in fragments]), strict=True):
        for number in wanted.get(token, ()):
            of.append(number)
            found.append(fragment)
    asked = pa.table({"number": pa.array(of, pa.int64()), "fragment": pa.array(found, pa.uint64())})
    sizes = Counter(number for numbers in wanted.values() for number in numbers)
    for number, account, count in carried.holders(asked, DISTINCT):
        if count * PART >= sizes[number]:
            hits[number, "template"][account] = count


def _accounts(wanted: Wanted, values: Sequence[tuple[str, bytes]], evaluate: Evaluate, hits: Hits) -> None:
    distinct = sorted({value for _, value in values})
    tokens = dict(zip(distinct, evaluate(distinct), strict=True))
    for account, value in values:
        for number in wanted.get(tokens[value], ()):
            found = hits[number, "account"]
            found[account] = found.get(account, 0) + 1


def _campaign(partner: str, campaign: str, hits: Hits, number: int) -> CampaignMatch:
    by_template = len(hits.get((number, "template"), ()))
    return CampaignMatch(
        partner=partner,
        campaign=campaign,
        by_account=len(hits.get((number, "account"), ())),
        by_template=by_template,
        recognised=by_template >= RECOGNISED,
    )
