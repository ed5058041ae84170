"""What is known of cases where verdicts are made: which accounts people confirmed, which they cleared."""

from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch import cases
from stillwatch.policy.publish import VERDICTS, rows
from stillwatch.records import Campaign, Verdict

if TYPE_CHECKING:
    from stillwatch.cases.api import Accused, Tenant


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a store held at some moment. Of accused accounts the columns are as long as each other."""

    accounts: list[str] = []
    case_ids: list[str] = []
    states: list[str] = []
    cleared: list[str] = []
    confirmed: list[tuple[str, Verdict]] = []  # verdicts of accounts that a person confirmed
    campaigns: dict[str, str] = {}  # of this watch -> case


def known_of(tenant: "Tenant", watch: str) -> Known:
    """What the store holds now."""
    accused = cases.accused(tenant)
    confirmed = [one for one in accused if one.state == "confirmed"]
    held = {
        key: cases.get_campaign(tenant, *key).campaign
        for key in sorted({(one.watch, one.campaign_id) for one in confirmed})
    }
    return Known(
        accounts=[one.account_id for one in accused],
        case_ids=[one.case_id for one in accused],
        states=[one.state for one in accused],
        cleared=[one.account_id for one in cases.cleared(tenant)],
        confirmed=[(one.account_id, _verdict(one, held[one.watch, one.campaign_id])) for one in confirmed],
        campaigns={one.campaign_id: one.case_id for one in accused if one.watch == watch},
    )


def applied(found: pa.Table, known: Known) -> pa.Table:
    """Verdicts of a look (schema VERDICTS) as people's decisions make them.

    Accounts that are cleared, as those of dismissed cases are, are left out. An account that a person confirmed
    keeps its verdict where the look does not name it any more: only a person takes that back.
    """
    left = found.filter(pc.invert(pc.is_in(found["account_id"], pa.array(known.cleared, pa.string()))))
    at = pc.index_in(left["account_id"], pa.array(known.accounts, pa.string()))
    case_ids = pc.take(pa.array(known.case_ids, pa.string()), at)
    states = pc.take(pa.array(known.states, pa.string()), at)
    named = left.set_column(VERDICTS.get_field_index("case_id"), VERDICTS.field("case_id"), case_ids)
    state = pc.coalesce(states, left["state"])
    told = named.set_column(VERDICTS.get_field_index("state"), VERDICTS.field("state"), state)
    return pa.concat_tables([told, rows(known.confirmed)])  # the first row of an account counts


def _verdict(one: "Accused", campaign: Campaign) -> Verdict:
    return Verdict(
        campaign_id=campaign.campaign_id,
        state="confirmed",
        probability=one.probability,
        log_e_value=campaign.log_e_value,
        accounts=campaign.accounts,
        capability=campaign.capabilities[0].name if campaign.capabilities else "",
        since=campaign.detected_at,
        active=campaign.active,
        case_id=one.case_id,
    )
