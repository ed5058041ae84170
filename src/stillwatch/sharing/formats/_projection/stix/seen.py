"""What was seen: the accounts as tokens, the networks, the observation of both, and sightings."""

from stillwatch.sharing.formats._projection.names import time_text
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object, counted

OBSERVABLE = ("user-account", "autonomous-system")
TOGETHER = 2_000  # accounts that one object refers to: 100 kB of ids


def accounts(make: Maker) -> list[Object]:
    """A user-account a token; nothing of it but the token."""
    return [make.observable("user-account", user_id=one.value) for one in make.view.finding.account_tokens]


def networks(make: Maker) -> list[Object]:
    """The autonomous systems that members came from."""
    numbers = [int(one.value) for one in make.view.finding.indicators if one.kind == "asn"]
    return [make.observable("autonomous-system", public=True, number=number) for number in numbers]


def observations(make: Maker, found: list[Object]) -> list[Object]:
    """What holds accounts and networks: observed data, or groupings where the view has no times.

    Each holds so many that no server refuses it for its length, and its part of the exchanges.
    """
    parts = [found[begin : begin + TOGETHER] for begin in range(0, len(found), TOGETHER)]
    return [_held(make, part, number, len(found)) for number, part in enumerate(parts)]


def _held(make: Maker, part: list[Object], number: int, whole: int) -> Object:
    finding = make.view.finding
    key, refs = f"accounts/{number}" if number else "accounts", [one["id"] for one in part]
    if finding.campaign is None:
        return make.domain(
            "grouping", key, name="Accounts and networks", context="suspicious-activity", object_refs=refs
        )
    exchanges = finding.haul.exchanges if finding.haul else None
    return make.domain(
        "observed-data",
        key,
        first_observed=time_text(finding.campaign.first_seen),
        last_observed=time_text(finding.campaign.last_seen),
        number_observed=max(1, counted(exchanges.value * len(part) / whole)) if exchanges else 1,
        object_refs=refs,
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
        observed_data_refs=[one["id"] for one in observed if one["type"] == "observed-data"],
        first_seen=time_text(seen.first_seen) if seen else None,
        last_seen=time_text(seen.last_seen) if seen else None,
        count=counted(exchanges.value) if exchanges else None,
    )
