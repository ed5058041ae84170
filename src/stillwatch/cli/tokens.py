"""`stillwatch tokens`: who may ask the service, for what and until when."""

from typing import Annotated

import typer

from stillwatch import cases
from stillwatch.cli.cases.options import DEFAULT, AuditKey, Person, StoreUrl, TenantName, opened, person
from stillwatch.cli.cases.printing import tell
from stillwatch.reports import minute

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("add")
def add_command(
    owner: Annotated[
        str, typer.Argument(help="the person or program it is for; changes are made in this name")
    ],
    scope: Annotated[
        list[str], typer.Option(help="read, decide, review, ingest, pull, push or admin; may be repeated")
    ],
    days: Annotated[float, typer.Option(help="how long it holds", min=0.001, max=3660)] = 90,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Make a token. It is printed this once; the store keeps a hash."""
    with opened(store, tenant, audit_key, make=True) as mine:
        token, text = cases.add_token(mine, owner=owner, scopes=scope, days=days, by=person(by))  # type: ignore[arg-type] # scopes are checked there
    tell(f"{token.token_id}, of {token.owner}, until {minute(token.expires_at)}")
    typer.echo(text)


@app.command("list")
def list_command(
    store: StoreUrl = DEFAULT, tenant: TenantName = "default", audit_key: AuditKey = None
) -> None:
    """All tokens, one a line: id, owner, scopes, and until when or since when not."""
    with opened(store, tenant, audit_key) as mine:
        now = mine.clock()
        for token in cases.list_tokens(mine):
            if token.revoked_at is not None:
                until = f"revoked {minute(token.revoked_at)}"
            else:
                until = f"{'until' if token.expires_at > now else 'expired'} {minute(token.expires_at)}"
            typer.echo(f"{token.token_id}  {token.owner}  {','.join(token.scopes)}  {until}")


@app.command("revoke")
def revoke_command(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN-ID")],
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """End a token now."""
    with opened(store, tenant, audit_key) as mine:
        token = cases.revoke_token(mine, token_id, by=person(by))
    typer.echo(f"{token.token_id} revoked")
