"""`stillwatch cases list` and `show`."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from stillwatch import cases
from stillwatch.cli.cases.options import DEFAULT, AuditKey, CaseId, StoreUrl, TenantName, opened
from stillwatch.cli.cases.printing import Form, Format, as_json, case_page, case_table, tell
from stillwatch.records import UsageError

PAGE = 1000  # rows read at once
Row = TypeVar("Row")


def list_(
    state: Annotated[
        str | None, typer.Option(help="only these: open, confirmed, dismissed or closed")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="only theirs")] = None,
    after: Annotated[str | None, typer.Option(help="where the page before this one ended")] = None,
    limit: Annotated[int, typer.Option(help="cases to show", min=1, max=1000)] = 50,
    *,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """List cases, the latest opened first."""
    if state is not None and state not in cases.NEXT:
        raise UsageError(f"--state: {state!r} is none of {', '.join(cases.NEXT)}")
    with opened(store, tenant, audit_key) as mine:
        page = cases.list_cases(mine, state=state, owner=owner, after=after, limit=limit)
    if form is Form.JSON:
        as_json(page)
        return
    case_table(page)
    if page.next is not None:
        tell(f"there are more: --after {page.next}")


def show(
    case_id: CaseId,
    depth: Annotated[int, typer.Option(help="levels of evidence below the verdict", min=0)] = 1,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Show a case: figures, evidence, accounts and history. As JSON it is all of them."""
    with opened(store, tenant, audit_key) as mine:
        case = cases.get_case(mine, case_id)
        if form is Form.TABLE:
            accounts, history = cases.list_accounts(mine, case_id, limit=20), cases.history(mine, case_id)
            case_page(case, accounts, history, depth)
            return
        as_json(
            {
                "case": case,
                "accounts": _all(lambda after: cases.list_accounts(mine, case_id, after=after, limit=PAGE)),
                "history": _all(lambda after: cases.history(mine, case_id, after=after, limit=PAGE)),
            }
        )


def _all(read: "Callable[[str | None], cases.Page[Row]]") -> list[Row]:
    page = read(None)
    rows = list(page.rows)
    while page.next is not None:
        page = read(page.next)
        rows += page.rows
    return rows


COMMANDS: dict[str, Callable[..., int | None]] = {"list": list_, "show": show}
