"""All that is held about one account's standing: what is asked, by when and why, what holds now, what challenges asked.

Where regions are judged, also why the account is held to be in one that is not supported.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stillwatch import cases
from stillwatch.access.regions import evidence
from stillwatch.access.regions.evidence import RegionVerdict
from stillwatch.cases.challenge_records import AskedOf
from stillwatch.policy.standing_table import StandingTable
from stillwatch.records import Limit, Micros, Standing

if TYPE_CHECKING:
    from stillwatch.cases.api import Tenant


class AccountStanding(msgspec.Struct, frozen=True, kw_only=True):
    """`standing` is None where there is nothing to say; `limit` where nothing holds the account back."""

    standing: Standing | None
    reason: str | None
    overdue: bool
    limit: Limit | None
    challenges: list[AskedOf]
    region: RegionVerdict | None  # where it is probable enough that its evidence is kept
    version: int  # of the table of standings
    created_at: Micros


def account_standing(
    standings: Path, tenant: "Tenant | None", account_id: str, now: Micros
) -> AccountStanding:
    """Raises UnreadableInput where no standings can be read, or evidence about regions lies beside them that cannot be."""
    table = StandingTable.open(standings)
    standing = table.lookup(account_id)
    return AccountStanding(
        standing=standing,
        reason=None if standing is None or not standing.asked else standing.reason,
        overdue=standing is not None and standing.overdue(now),
        limit=None if standing is None else standing.limit(now),
        challenges=[] if tenant is None else cases.asked_of(tenant, account_id),
        region=evidence.read_verdict(evidence.beside(standings), account_id),
        version=table.version,
        created_at=table.created_at,
    )
