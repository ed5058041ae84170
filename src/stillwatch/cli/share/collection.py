"""stillwatch share collection: what partners read from and write to."""

from typing import Annotated

import typer

from stillwatch.cli.cases.options import DEFAULT, AuditKey, Person, StoreUrl, TenantName, opened, person
from stillwatch.records import NotThere, UsageError


def command(
    alias: Annotated[str, typer.Argument(help="short name: lower-case letters, digits and dashes")],
    title: Annotated[
        str | None, typer.Option(help="make the collection, unless it is there, with this title")
    ] = None,
    unmarked: Annotated[
        str, typer.Option(help="TLP level of objects in a new collection that carry none")
    ] = "amber",
    reader: Annotated[
        list[str] | None, typer.Option(help="partner that may read it; may be repeated")
    ] = None,
    writer: Annotated[
        list[str] | None, typer.Option(help="partner that may write to it; may be repeated")
    ] = None,
    no_more: Annotated[
        list[str] | None, typer.Option(help="partner that may do neither from now on; may be repeated")
    ] = None,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Make a collection, and say who may read it and write to it. Prints its id.

    A partner that is named takes exactly what this command says: as reader, as writer, as both. A partner that writes is
    best given a collection of its own: whether an id is held already can be seen by who writes beside others.
    """
    from stillwatch.sharing import taxii  # noqa: PLC0415 - needs an extra

    if unmarked not in taxii.LABELS:
        raise UsageError(f"--unmarked is one of {', '.join(taxii.LABELS)}")
    with opened(store, tenant, audit_key, make=True) as mine:
        taxii.prepare(mine)
        who = person(by)
        try:
            shelf = taxii.house_shelf(mine, alias)
        except NotThere:
            if title is None:
                raise
            taxii.add_collection(mine, title, alias=alias, unmarked=taxii.LABELS[unmarked], by=who)
            shelf = taxii.house_shelf(mine, alias)
        for partner in dict.fromkeys([*(reader or ()), *(writer or ()), *(no_more or ())]):
            may = {"read": partner in (reader or ()), "write": partner in (writer or ())}
            if any(may.values()) and partner in (no_more or ()):
                raise UsageError(f"{partner} is let in and shut out at once")
            taxii.grant(mine, alias, partner, by=who, **may)
    typer.echo(shelf.collection_id)
