"""What a store says of a campaign: the state of its case, and whom people cleared."""

from typing import NamedTuple

from stillwatch.cases.api import Tenant, get_case, list_accounts
from stillwatch.records import UsageError
from stillwatch.sharing.finding.words import Status

PAGE = 1000


class Standing(NamedTuple):
    """Of a case."""

    case_id: str
    status: Status
    cleared: frozenset[str]


def standing_of(tenant: Tenant, case_id: str) -> Standing:
    """Of an open or confirmed case. Raises UsageError for one that people dismissed or closed."""
    summary = get_case(tenant, case_id).summary
    if summary.state not in ("open", "confirmed"):
        raise UsageError(
            f"{summary.case_id} is {summary.state}: only what stands open or confirmed is shared"
        )
    gone: set[str] = set()
    after: str | None = None
    while True:
        page = list_accounts(tenant, case_id, after=after, limit=PAGE)
        gone.update(row.account_id for row in page.rows if row.cleared or not row.current)
        after = page.next
        if after is None:
            return Standing(
                summary.case_id, "confirmed" if summary.state == "confirmed" else "open", frozenset(gone)
            )
