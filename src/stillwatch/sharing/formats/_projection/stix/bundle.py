"""A view as one STIX bundle."""

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.names import time_text, uuid_of
from stillwatch.sharing.formats._projection.sentences import TITLE, summary
from stillwatch.sharing.formats._projection.stix import actors, extension, opinions, seen, tlp
from stillwatch.sharing.formats._projection.stix.indicators import indicators
from stillwatch.sharing.formats._projection.stix.matching import more_tokens
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object


def bundle(view: View) -> Object:
    """All objects of the view; a report refers to each of them, to accounts and networks by the observed data."""
    make = Maker(view)
    campaign = _campaign(make)
    tokens, networks = seen.accounts(make), seen.networks(make)
    observed = seen.observations(make, [*tokens, *networks])
    found = [
        campaign,
        *actors.operators(make, campaign),
        *_infrastructure(make, campaign, networks),
        *tokens,
        *networks,
        *observed,
        seen.sighting(make, campaign, observed),
        *more_tokens(make, campaign),
        *indicators(make, campaign),
        *opinions.patterns(make, campaign),
        opinions.opinion(make, campaign),
        *opinions.notes(make, campaign),
    ]
    fixed = [tlp.marking(view.tlp), *extension.definition(), actors.producer(make)]
    once = list({str(one["id"]): one for one in found}.values())  # a token or a remark may stand twice
    objects = [*fixed, *once, _report(make, once)]
    return {"type": "bundle", "id": f"bundle--{uuid_of(view, 'bundle', make.modified)}", "objects": objects}


def _campaign(make: Maker) -> Object:
    times = make.view.finding.campaign
    return make.domain(
        "campaign",
        "campaign",
        name=TITLE,
        description=summary(make.view),
        first_seen=time_text(times.first_seen) if times else None,
        last_seen=time_text(times.last_seen) if times else None,
        objective="Training another model on the answers of this one",
        extensions=extension.of_campaign(make.view),
    )


def _infrastructure(make: Maker, campaign: Object, networks: list[Object]) -> list[Object]:
    """The network of accounts, which has its own provider."""
    found = make.domain(
        "infrastructure",
        "accounts",
        name="Network of accounts",
        description="The accounts through which the campaign reached the model, and where they came from.",
        infrastructure_types=["exfiltration"],
    )
    parts = [make.relation(found, "consists-of", one) for one in networks]
    return [found, make.relation(campaign, "uses", found), *parts, *actors.providers(make, found)]


def _report(make: Maker, found: list[Object]) -> Object:
    return make.domain(
        "report",
        "report",
        name=TITLE,
        description=summary(make.view),
        report_types=["campaign"],
        published=time_text(make.view.released),
        object_refs=[one["id"] for one in found if one["type"] not in seen.OBSERVABLE],
    )
