"""Partners' evidence in cases: an entry of its own in a case's history and audit, never part of a campaign's e-value.

What a person reads there is who says so, of which of its campaigns, by what kind of match, about how many accounts of the
case, and what it counts at most. The same again, from a later matching, makes no further entry. What a partner that was
asked says no more, having revoked it or let it end, is entered as withdrawn.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from stillwatch import cases
from stillwatch.cases.api import Draft, Page, Tenant
from stillwatch.sharing.matching.result import AccountMatch

KIND, WITHDRAWN = "partner_evidence", "partner_evidence_withdrawn"
BY = "stillwatch"
PAGE = 1000
LIVING = ("open", "confirmed")
Row = TypeVar("Row")
Named: TypeAlias = tuple[str, str, str]
"""Partner, its campaign, and the kind of match."""


def enter_matches(
    tenant: Tenant, matches: Sequence[AccountMatch], key_id: str, asked: Collection[str]
) -> int:
    """Write what matches into the open and confirmed cases that hold the accounts; returns how many entries.

    `asked` are the partners whose indicators were looked at: of others nothing is withdrawn.
    """
    said = {one.account_id: one.contributions for one in matches}
    written = 0
    for case in _all(lambda after: cases.list_cases(tenant, after=after, limit=PAGE)):
        if case.state not in LIVING:
            continue
        found: dict[Named, dict[str, tuple[float, float]]] = defaultdict(dict)
        for account in _accounts(tenant, case.case_id):
            for one in said.get(account, ()):
                found[one.partner, one.campaign, one.kind][account] = (one.nats, one.stated)
        drafts = [_draft(case.case_id, names, about, key_id) for names, about in sorted(found.items())]
        standing = _standing(tenant, case.case_id)
        new = [draft for draft in drafts if standing.get(_name(draft.facts)) != dict(draft.facts)]
        new += [_withdrawn(case.case_id, name) for name in standing if name[0] in asked and name not in found]
        with tenant.writing() as connection:
            cases.append_many(tenant, connection, new)
        written += len(new)
    return written


def _draft(case_id: str, names: Named, about: dict[str, tuple[float, float]], key_id: str) -> Draft:
    partner, campaign, kind = names
    nats, stated = next(iter(about.values()))
    facts = {
        "partner": partner,
        "campaign": campaign,
        "match": kind,
        "key_id": key_id,
        "accounts": len(about),
        "nats": nats,
        "stated": stated,
    }
    said = f"{partner} matches {len(about)} accounts of this case with its {campaign}, by {kind}: {nats} nats at most"
    return Draft(kind=KIND, by=BY, case_id=case_id, facts=facts, text=said, accounts=sorted(about))


def _standing(tenant: Tenant, case_id: str) -> dict[Named, dict[str, object]]:
    """What partners said last in a case, without what was withdrawn since."""
    standing: dict[Named, dict[str, object]] = {}
    for one in _history(tenant, case_id):
        if one.kind == KIND:
            standing[_name(one.facts)] = dict(one.facts)
        elif one.kind == WITHDRAWN:
            standing.pop(_name(one.facts), None)
    return standing


def _name(facts: Mapping[str, object]) -> Named:
    return str(facts["partner"]), str(facts["campaign"]), str(facts["match"])


def _withdrawn(case_id: str, name: Named) -> Draft:
    partner, campaign, kind = name
    said = f"{partner} says no more that its {campaign} matches this case by {kind}"
    facts = {"partner": partner, "campaign": campaign, "match": kind}
    return Draft(kind=WITHDRAWN, by=BY, case_id=case_id, facts=facts, text=said)


def _accounts(tenant: Tenant, case_id: str) -> Iterator[str]:
    for row in _all(lambda after: cases.list_accounts(tenant, case_id, after=after, limit=PAGE)):
        if row.current and not row.cleared:
            yield row.account_id


def _history(tenant: Tenant, case_id: str) -> Iterator[cases.Happened]:
    return _all(lambda after: cases.history(tenant, case_id, after=after, limit=PAGE))


def _all(read: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    page = read(None)
    yield from page.rows
    while page.next is not None:
        page = read(page.next)
        yield from page.rows
