"""Campaigns as a store keeps them, beside the cases that hold them."""

import json
from collections.abc import Sequence

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.campaign_record import decode
from stillwatch.cases.case_records import Page
from stillwatch.cases.schema import campaigns, holdings
from stillwatch.cases.store import Tenant
from stillwatch.records import Campaign, Micros, NotThere, Share, UsageError

AT_ONCE = 200  # records looked through for a filter
MOST = 1000  # rows of a page


class CampaignLine(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in one line."""

    watch: str
    campaign_id: str
    case_ids: list[str]
    active: bool
    accounts: int
    exchanges: int
    tokens_out: int
    capabilities: list[Share]
    log_e_value: float
    first_seen: Micros
    last_seen: Micros
    detected_at: Micros
    updated_at: Micros


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign, and the cases that hold it now."""

    watch: str
    case_ids: list[str]
    campaign: Campaign


def list_campaigns(
    tenant: Tenant,
    *,
    watch: str | None = None,
    active: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[CampaignLine]:
    """Campaigns in order of watch and id."""
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page has 1 to {MOST} rows, not {limit}")
    here = tenant.mine(campaigns) if watch is None else tenant.mine(campaigns) & (campaigns.c.watch == watch)
    rows: list[CampaignLine] = []
    with tenant.reading() as connection:
        place = None if after is None else _cursor(after)
        while True:
            later = here if place is None else here & _behind(*place)
            wanted = sql.select(campaigns).where(later).order_by(campaigns.c.watch, campaigns.c.campaign_id)
            found = connection.execute(wanted.limit(AT_ONCE)).all()
            for row in found:
                campaign = decode(row.record)
                if active is not None and campaign.active != active:
                    continue
                if len(rows) == limit:
                    return Page(rows, json.dumps([rows[-1].watch, rows[-1].campaign_id]))
                held = _cases(tenant, connection, row.watch, row.campaign_id)
                rows.append(_line(row.watch, campaign, row.updated_at, held))
            if len(found) < AT_ONCE:
                return Page(rows, None)
            place = (found[-1].watch, found[-1].campaign_id)


def get_campaign(tenant: Tenant, watch: str, campaign_id: str) -> Followed:
    """A campaign of a watch. Raises NotThere."""
    with tenant.reading() as connection:
        this = (campaigns.c.watch == watch) & (campaigns.c.campaign_id == campaign_id)
        record = connection.execute(
            sql.select(campaigns.c.record).where(tenant.mine(campaigns), this)
        ).scalar()
        if record is None:
            raise NotThere(f"there is no campaign {campaign_id!r} of the watch {watch!r}")
        return Followed(
            watch=watch, case_ids=_cases(tenant, connection, watch, campaign_id), campaign=decode(record)
        )


def _cases(tenant: Tenant, connection: Connection, watch: str, campaign_id: str) -> list[str]:
    wanted = sql.select(holdings.c.case_id).where(
        tenant.mine(holdings),
        holdings.c.watch == watch,
        holdings.c.campaign_id == campaign_id,
        holdings.c.current,
    )
    ordered = wanted.order_by(holdings.c.leading.desc(), holdings.c.case_id)
    return list(connection.execute(ordered).scalars())


def _line(watch: str, campaign: Campaign, updated_at: int, held: list[str]) -> CampaignLine:
    return CampaignLine(
        watch=watch,
        campaign_id=campaign.campaign_id,
        case_ids=held,
        active=campaign.active,
        accounts=campaign.accounts,
        exchanges=campaign.exchanges,
        tokens_out=campaign.tokens_out,
        capabilities=campaign.capabilities,
        log_e_value=campaign.log_e_value,
        first_seen=campaign.first_seen,
        last_seen=campaign.last_seen,
        detected_at=campaign.detected_at,
        updated_at=Micros(updated_at),
    )


def _behind(watch: str, campaign_id: str) -> sql.ColumnElement[bool]:
    same = (campaigns.c.watch == watch) & (campaigns.c.campaign_id > campaign_id)
    return (campaigns.c.watch > watch) | same


def _cursor(after: str) -> Sequence[str]:
    try:
        return msgspec.json.decode(after, type=tuple[str, str])
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise UsageError(f"no cursor of a page: {after!r}") from error
