"""Every figure of a brief has an id here, what it means, what it is computed from, and the way to compute it again."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import NamedTuple

from stillwatch.records import CAPABILITIES, Campaign
from stillwatch.sharing.brief.audience import Audience
from stillwatch.sharing.brief.compute import Numbers, Range, range_of
from stillwatch.sharing.brief.figures import Kind, released
from stillwatch.sharing.brief.material import Material
from stillwatch.sharing.brief.reference import chips, likelihoods, thresholds

OTHER = "other"
PERCENTILES = Range._fields
WORDS = {"p10": "one draw in ten is below it", "p50": "half the draws are", "p90": "nine draws in ten are"}


class Query(NamedTuple):
    """A figure: `source` says where it comes from, `compute` gets it from there."""

    id: str
    what: str
    source: str
    kind: Kind
    compute: Callable[[], float]

    def value(self, audience: Audience) -> float:
        """What these readers are told."""
        return released(self.compute(), self.kind, audience)


def registry(material: Material) -> dict[str, Query]:
    """All queries on a material, by id."""
    queries = [*_log(material), *_reference(material)]
    if material.campaigns:
        queries += [*_totals(material), *_compute(material)]
    for number, campaign in enumerate(material.campaigns, 1):
        queries += _campaign(material, campaign, f"campaign.{number}")
    if material.doings is not None:
        queries += _doings(material)
    return {query.id: query for query in queries}


def capability(name: str) -> str:
    """The name, if it is one of the closed list: whatever else a file says is not repeated."""
    return name if name in CAPABILITIES else OTHER


def mix(campaigns: list[tuple[Campaign, int]]) -> dict[str, float]:
    """Shares of capabilities over campaigns, each weighed by its exchanges, largest first."""
    total = sum(weight for _, weight in campaigns) or 1
    sums: dict[str, float] = {}
    for campaign, weight in campaigns:
        for share in campaign.capabilities:
            name = capability(share.name)
            sums[name] = sums.get(name, 0.0) + share.share * weight / total
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _log(material: Material) -> Iterator[Query]:
    log, at = material.log, "campaigns.json: log"
    yield Query("log.exchanges", "exchanges read", at, "count", lambda: log.exchanges)
    yield Query("log.accounts", "accounts seen", at, "count", lambda: log.accounts)
    yield Query("log.rejected", "records that could not be read", at, "count", lambda: log.rejected)
    yield Query("log.groups", "linked groups of accounts tested", at, "tally", lambda: log.clusters_tested)
    yield Query("log.fdr", "false discovery rate of the run", at, "share", lambda: log.fdr)
    yield Query(
        "log.unseen", "tests left out in part for want of a field", at, "tally", lambda: len(log.unseen)
    )
    for name, ts in (("first", log.first_ts), ("last", log.last_ts)):
        if ts is not None:
            yield Query(f"log.{name}", f"day of the {name} exchange read", at, "day", partial(float, ts))


def _totals(material: Material) -> Iterator[Query]:
    found, rows = material.campaigns, "rows of the campaigns"
    yield Query("total.campaigns", "campaigns", "campaigns.json", "tally", lambda: len(found))
    yield Query(
        "total.live",
        "campaigns active at the end",
        "campaigns.json",
        "tally",
        lambda: sum(c.active for c in found),
    )
    yield Query("total.accounts", "accounts", f"members.parquet: {rows}", "people", lambda: material.accounts)
    yield Query(
        "total.exchanges", "exchanges", f"flags.parquet: {rows}", "people", lambda: material.exchanges
    )
    for side, what in (("out", "taken"), ("in", "sent")):
        yield Query(
            f"total.tokens_{side}",
            f"tokens {what}",
            "campaigns.json: sum over campaigns",
            "count",
            partial(_sum, found, f"tokens_{side}"),
        )
    yield Query("total.first_seen", "day first seen", "campaigns.json", "day", lambda: material.first_seen)
    first = partial(min, [one.detected_at for one in found])
    yield Query("total.detected", "day of the first alarm", "campaigns.json", "day", first)
    yield Query(
        "total.others",
        "accounts named that are expected to be somebody else's",
        "members.parquet: sum of 1 - probability",
        "people",
        lambda: sum(material.of(one).others for one in found),
    )
    yield Query(
        "total.disagreements",
        "campaigns whose stated counts are not those of their rows",
        "campaigns.json against members.parquet and flags.parquet",
        "tally",
        lambda: material.disagreements,
    )
    for name in mix([(one, material.of(one).exchanges) for one in found]):
        yield Query(
            f"total.capability.{name}",
            f"share of exchanges that take {name.replace('_', ' ')}",
            "campaigns.json: capabilities, weighed by flags.parquet",
            "share",
            partial(_share, material, found, name),
        )


def _campaign(material: Material, one: Campaign, at: str) -> Iterator[Query]:
    rows, stated = "rows of the campaign", "campaigns.json: the campaign"
    counts = material.of(one)
    yield Query(f"{at}.accounts", "accounts", f"members.parquet: {rows}", "people", lambda: counts.accounts)
    yield Query(f"{at}.exchanges", "exchanges", f"flags.parquet: {rows}", "people", lambda: counts.exchanges)
    yield Query(f"{at}.tokens_out", "tokens taken", stated, "count", lambda: one.tokens_out)
    yield Query(f"{at}.first_seen", "day first seen", stated, "day", lambda: one.first_seen)
    yield Query(f"{at}.last_seen", "day last seen", stated, "day", lambda: one.last_seen)
    for name in mix([(one, 1)]):
        yield Query(
            f"{at}.capability.{name}",
            f"share of exchanges that take {name.replace('_', ' ')}",
            f"{stated}, capabilities",
            "share",
            partial(_share, material, [one], name),
        )


def _compute(material: Material) -> Iterator[Query]:
    """Draws are made when a figure is first asked for, and once for all of them."""
    wanted: list[tuple[str, str, Kind, Callable[[], Numbers]]] = [
        ("kept", "tokens trained on", "modelled", lambda: material.model.kept(material.haul)),
        ("fed", "operations of the training fed", "flop", lambda: material.model.fed(material.haul)),
        (
            "sampling",
            "operations of sampling displaced",
            "flop",
            lambda: material.model.sampling(material.haul),
        ),
        ("teacher", "operations of training a teacher, once", "flop", material.model.teacher),
    ]
    for chip in chips().values():
        wanted += [
            (
                f"fed.{chip.id}",
                f"hours of one {chip.name}, training fed",
                "hours",
                partial(_fed, material, chip.id),
            ),
            (
                f"displaced.{chip.id}",
                f"hours of one {chip.name}, sampling displaced",
                "hours",
                partial(_sampled, material, chip.id),
            ),
        ]
    for name, what, kind, draw in wanted:
        ranged = cache(partial(_ranged, draw))
        for at, percentile in enumerate(PERCENTILES):
            yield Query(
                f"compute.{name}.{percentile}",
                f"{what}: {WORDS[percentile]}",
                "Monte-Carlo over the priors",
                kind,
                partial(_at, ranged, at),
            )
    fed = cache(lambda: range_of(material.model.fed(material.haul)))
    for row in thresholds():
        for at, percentile in ((1, "p50"), (2, "p90")):
            yield Query(
                f"compute.of.{row.id}.{percentile}",
                f"training fed over the threshold of {row.name}",
                f"compute.fed.{percentile} / threshold.{row.id}",
                "ratio",
                partial(_over, fed, at, row.flop),
            )


def _reference(material: Material) -> Iterator[Query]:
    for row in thresholds():
        yield Query(
            f"threshold.{row.id}", f"threshold of {row.name}", row.source, "flop", partial(float, row.flop)
        )
    for chip in chips().values():
        yield Query(f"chip.{chip.id}", f"peak of {chip.name}", chip.source, "flop", partial(float, chip.peak))
    if material.campaigns:
        for prior in material.model.priors.values():
            for end in ("low", "high"):
                bound = partial(float, getattr(prior, end))
                yield Query(
                    f"prior.{prior.name}.{end}", f"{prior.unit}, {end} end", "priors.json", "ratio", bound
                )
    stated = [*material.statement.beneficiary, *material.statement.provider]
    for words in dict.fromkeys(one.likelihood for one in stated):
        for end in ("low", "high"):
            bound = partial(float, getattr(likelihoods()[words], end))
            slug = words.replace(" ", "-")
            yield Query(f"words.{slug}.{end}", f"'{words}', {end} end", "ICD-203", "share", bound)


def _doings(material: Material) -> Iterator[Query]:
    doings = material.doings
    assert doings is not None
    yield Query(
        "done.reviewers", "people who reviewed the case", "the case", "tally", lambda: doings.reviewers
    )
    yield Query("done.opened", "day the case was opened", "the case", "day", lambda: doings.opened_at)
    for step in doings.steps:
        counted = partial(float, doings.steps[step])
        yield Query(
            f"done.{step}", f"calls met with {step.replace('_', ' ')}", "the audit", "people", counted
        )


def _sum(campaigns: list[Campaign], field: str) -> float:
    return float(sum(getattr(one, field) for one in campaigns))


def _share(material: Material, campaigns: list[Campaign], name: str) -> float:
    weighed = [(one, material.of(one).exchanges if len(campaigns) > 1 else 1) for one in campaigns]
    return mix(weighed)[name]


def _fed(material: Material, chip: str) -> Numbers:
    return material.model.fed_hours(material.haul, chip)


def _sampled(material: Material, chip: str) -> Numbers:
    return material.model.sampling_hours(material.haul, chip)


def _ranged(draw: Callable[[], Numbers]) -> Range:
    return range_of(draw())


def _at(ranged: Callable[[], Range], at: int) -> float:
    return ranged()[at]


def _over(ranged: Callable[[], Range], at: int, flop: float) -> float:
    return ranged()[at] / flop
