"""What was seen: the accounts as tokens, the networks, the observation of both, and sightings."""

from collections.abc import Iterator

from stillwatch.sharing.formats._projection.names import time_text
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object, counted


def accounts(make: Maker) -> list[Object]:
    """A user-account a token; nothing of it but the token."""
    return [make.observable("user-account", user_id=one.value) for one in make.view.finding.account_tokens]


def networks(make: Maker) -> list[Object]:
    """The autonomous systems that members came from."""
    numbers = [int(one.value) for one in make.view.finding.indicators if one.kind == "asn"]
    return [make.observable("autonomous-system", public=True, number=number) for number in numbers]


def observation(make: Maker, found: list[Object]) -> Iterator[Object]:
    """The observed data over accounts and networks, where the view has times."""
    finding = make.view.finding
    if not found or finding.campaign is None:
        return
    exchanges = finding.haul.exchanges if finding.haul else None
    yield make.domain(
        "observed-data",
        "accounts",
        first_observed=time_text(finding.campaign.first_seen),
        last_observed=time_text(finding.campaign.last_seen),
        number_observed=max(1, counted(exchanges.value)) if exchanges else 1,
        object_refs=[one["id"] for one in found],
    )


def sighting(make: Maker, campaign: Object, observed: list[Object]) -> Object:
    """That the campaign was seen at the producer."""
    finding = make.view.finding
    seen = finding.campaign
    exchanges = finding.haul.exchanges if finding.haul else None
    return make.domain(
        "sighting",
        "campaign",
        sighting_of_ref=campaign["id"],
        where_sighted_refs=[make.producer],
        observed_data_refs=[one["id"] for one in observed],
        first_seen=time_text(seen.first_seen) if seen else None,
        last_seen=time_text(seen.last_seen) if seen else None,
        count=counted(exchanges.value) if exchanges else None,
    )
