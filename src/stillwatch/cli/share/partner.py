"""stillwatch share partner: how confidential a thing a partner is shown."""

from typing import Annotated

import typer

from stillwatch.cli.cases.options import DEFAULT, AuditKey, Person, StoreUrl, TenantName, opened, person
from stillwatch.records import UsageError


def command(
    name: Annotated[str, typer.Argument(help="the owner of the partner's tokens")],
    tlp: Annotated[
        str, typer.Option(help="the highest level it is shown: clear, green, amber, amber+strict or red")
    ],
    certificate: Annotated[
        str | None,
        typer.Option(help="SHA-256 of the client certificate it must show beside its token"),
    ] = None,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Say what a partner is shown. One that was never entered is shown TLP:CLEAR."""
    from stillwatch.sharing import taxii  # noqa: PLC0415 - needs an extra

    if tlp not in taxii.LABELS:
        raise UsageError(f"--tlp is one of {', '.join(taxii.LABELS)}")
    with opened(store, tenant, audit_key, make=True) as mine:
        taxii.prepare(mine)
        taxii.set_partner(mine, name, taxii.LABELS[tlp], certificate=certificate, by=person(by))
    typer.echo(f"{name} is shown up to TLP:{tlp.upper()}")
