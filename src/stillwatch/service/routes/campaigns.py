"""Campaigns, as the latest findings of each watch have them."""

import msgspec

from stillwatch import cases
from stillwatch.cases.api import CampaignLine, Followed, Page
from stillwatch.service.operation import Asked, Id, Limit, Operation, Words


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which campaigns."""

    watch: Id | None = None
    active: bool | None = None
    after: Words | None = None
    limit: Limit = 50


class OfCampaign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which campaign."""

    watch: Id
    campaign_id: Id


def list_(asked: Asked[Wanted, None]) -> Page[CampaignLine]:
    return cases.list_campaigns(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def one(asked: Asked[OfCampaign, None]) -> Followed:
    return cases.get_campaign(asked.tenant, asked.parameters.watch, asked.parameters.campaign_id)


OPERATIONS = [
    Operation(
        name="list_campaigns",
        method="GET",
        path="/campaigns",
        scope="read",
        summary="Campaigns, in order of watch and id",
        run=list_,
        answer=Page[CampaignLine],
        parameters=Wanted,
    ),
    Operation(
        name="get_campaign",
        method="GET",
        path="/campaigns/{watch}/{campaign_id}",
        scope="read",
        summary="A campaign, and the cases that hold it",
        run=one,
        answer=Followed,
        parameters=OfCampaign,
    ),
]
