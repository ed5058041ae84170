"""What was done in a case, counted from its audit: kinds and steps, never who or in which words."""

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from stillwatch import cases
from stillwatch.records import STEPS, Micros

if TYPE_CHECKING:
    from collections.abc import Callable

    from stillwatch.cases.api import Happened, Page, Tenant

PAGE = 1000  # entries read at once
TOLD = ("case_confirmed", "case_dismissed", "case_closed", "case_reopened")


class Doings(msgspec.Struct, frozen=True, kw_only=True):
    """A case as a brief tells of it."""

    state: str
    opened_at: Micros
    campaign_ids: list[str]
    reviewers: int
    changes: list[tuple[Micros, str]]  # when, and which of TOLD
    steps: dict[str, int]  # decisions of gateways by step of the ladder


def read_case(tenant: "Tenant", case_id: str) -> Doings:
    """A case and its history. Raises NotThere."""
    summary = cases.get_case(tenant, case_id).summary
    steps: Counter[str] = Counter()
    for row in _all(lambda after: cases.decided(tenant, case_id, after=after, limit=PAGE)):
        step = row.facts.get("step")
        if step in STEPS:
            steps[str(step)] += 1
    changes = [
        (row.ts, row.kind)
        for row in _all(lambda after: cases.history(tenant, case_id, after=after, limit=PAGE))
        if row.kind in TOLD
    ]
    return Doings(
        state=summary.state,
        opened_at=summary.opened_at,
        campaign_ids=summary.campaign_ids,
        reviewers=len(summary.reviewers),
        changes=changes,
        steps={step: steps[step] for step in STEPS if steps[step]},
    )


def _all(read: "Callable[[str | None], Page[Happened]]") -> "list[Happened]":
    page = read(None)
    rows = list(page.rows)
    while page.next is not None:
        page = read(page.next)
        rows += page.rows
    return rows
