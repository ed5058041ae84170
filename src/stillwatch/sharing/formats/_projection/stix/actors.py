"""Who: the organisation that reports, the operator who benefits, and the provider of the accounts, each by itself.

The operator is an intrusion set that the campaign is attributed to. The provider is a threat actor who owns the
infrastructure that the campaign uses; the campaign is never attributed to it. Both exist only where a person said so.
"""

from collections.abc import Iterator

from stillwatch.sharing.finding.model import AccountNetworkProvider, Operator
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object

CONFIDENCE = {"low": 15, "moderate": 50, "high": 85}  # the middle of STIX's scale of low, medium, high


def producer(make: Maker) -> Object:
    """The same object for every recipient, so its times are fixed."""
    view = make.view
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": make.producer,
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": view.producer.name,
        "identity_class": "organization",
        **({"contact_information": view.producer.contact} if view.producer.contact else {}),
    }


def operators(make: Maker, campaign: Object) -> Iterator[Object]:
    for one in make.view.finding.operators:
        found = make.domain(
            "intrusion-set",
            one.name,
            name=one.name,
            description=_judged(one, "benefits from the campaign"),
            confidence=CONFIDENCE[one.confidence],
        )
        yield found
        yield make.relation(campaign, "attributed-to", found)


def providers(make: Maker, infrastructure: Object) -> Iterator[Object]:
    for one in make.view.finding.providers:
        found = make.domain(
            "threat-actor",
            one.name,
            name=one.name,
            description=_judged(one, "provides the accounts"),
            threat_actor_types=["unknown"],
            roles=["infrastructure-operator"],
            confidence=CONFIDENCE[one.confidence],
        )
        yield found
        yield make.relation(found, "owns", infrastructure)


def _judged(one: Operator | AccountNetworkProvider, what: str) -> str:
    return (
        f"It is judged {one.likelihood}, with {one.confidence} confidence, that {one.name} {what}."
        f" Entered by {one.provenance.person} on the basis of {one.provenance.basis}: {one.provenance.statement}"
    )
