"""`stillwatch cases confirm`, `dismiss`, `close`, `reopen`, `note`, `assign`, `clear`, `merge` and `split`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch import cases
from stillwatch.cli.cases.options import (
    DEFAULT,
    AuditKey,
    CaseId,
    Person,
    Reason,
    StoreUrl,
    TenantName,
    opened,
    person,
)
from stillwatch.cli.cases.printing import Form, Format, as_json

if TYPE_CHECKING:
    from stillwatch.cases.api import Tenant

Accounts = Annotated[list[str], typer.Argument(metavar="ACCOUNT...")]


def confirm(
    case_id: CaseId,
    reason: Reason,
    *,
    reviewer: Annotated[
        bool, typer.Option("--reviewer", help="as a reviewer, whom a block of its accounts needs")
    ] = False,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Say that the case is a campaign.

    With --reviewer you also stand for blocking its accounts. Up to 100 accounts need one reviewer, more need two
    different ones; the second confirms a case that is confirmed already.
    """
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.confirm(mine, case_id, by=person(by), reason=reason, reviewer=reviewer), form)


def dismiss(
    case_id: CaseId,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Say that the case is no campaign. Its accounts are not accused again on the same evidence."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.dismiss(mine, case_id, by=person(by), reason=reason), form)


def close(
    case_id: CaseId,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """End the work on a case. It opens again when its campaign is seen active later than now."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.close(mine, case_id, by=person(by), reason=reason), form)


def reopen(
    case_id: CaseId,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Undo a confirmation, a dismissal with its clearing, or a close. Reviews start anew."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.reopen(mine, case_id, by=person(by), reason=reason), form)


def note(
    case_id: CaseId,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Add a note to a case's history."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.note(mine, case_id, by=person(by), text=text), form)


def assign(
    case_id: CaseId,
    owner: Annotated[str | None, typer.Argument(metavar="[OWNER]", help="nobody, if left out")] = None,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Make somebody the owner of a case."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.assign(mine, case_id, by=person(by), owner=owner), form)


def clear(
    case_id: CaseId,
    accounts: Accounts,
    *,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Clear accounts one by one: they leave the case and are not accused again on the same evidence."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.clear(mine, case_id, accounts, by=person(by), reason=reason), form)


def merge(
    case_id: CaseId,
    other_id: Annotated[str, typer.Argument(metavar="OTHER", help="goes into CASE; its id then leads there")],
    *,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Put another case into this one. Both histories are kept; `split` undoes it."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.merge(mine, case_id, other_id, by=person(by), reason=reason), form)


def split(
    case_id: CaseId,
    accounts: Accounts,
    *,
    reason: Reason,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Move accounts to a new case in the same state, whose id is printed; `merge` undoes it."""
    with opened(store, tenant, audit_key) as mine:
        _told(mine, cases.split(mine, case_id, accounts, by=person(by), reason=reason), form)


def _told(mine: "Tenant", case_id: str, form: Form) -> None:
    """The case as it is after the change."""
    summary = cases.get_case(mine, case_id).summary
    if form is Form.JSON:
        as_json(summary)
    else:
        typer.echo(f"{summary.case_id} {summary.state} {summary.accounts}")


COMMANDS: dict[str, Callable[..., int | None]] = {
    "confirm": confirm,
    "dismiss": dismiss,
    "close": close,
    "reopen": reopen,
    "note": note,
    "assign": assign,
    "clear": clear,
    "merge": merge,
    "split": split,
}
