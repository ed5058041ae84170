"""stillwatch share serve: collections for partners, over TAXII 2.1."""

import logging
from typing import Annotated

import typer

from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl
from stillwatch.cli.cases.printing import tell


def command(
    tenant: Annotated[
        list[str] | None,
        typer.Option(help="whose collections; may be repeated, each is an API root of its own"),
    ] = None,
    store: StoreUrl = DEFAULT,
    audit_key: AuditKey = None,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any free one", min=0, max=65535)] = 8731,
    title: Annotated[str, typer.Option(help="name of this server, as partners see it")] = "Stillwatch",
    contact: Annotated[str | None, typer.Option(help="how partners reach you")] = None,
    trusted_hops: Annotated[
        int, typer.Option(help="proxies of yours in front that append to X-Forwarded-For", min=0, max=20)
    ] = 0,
    certificate_header: Annotated[
        str | None,
        typer.Option(help="header in which your proxy passes on the SHA-256 of a client certificate"),
    ] = None,
    certificate_proxy: Annotated[
        list[str] | None,
        typer.Option(help="address or network of that proxy; nobody else's header is believed"),
    ] = None,
    requests_a_minute: Annotated[int, typer.Option(help="of one partner", min=1)] = 1_200,
    objects_a_day: Annotated[int, typer.Option(help="that one partner may hand in", min=1)] = 2_000_000,
) -> int:
    """Serve partners over TAXII 2.1 until SIGTERM.

    A partner comes in with a token of the scopes `pull` and `push` (stillwatch tokens add), sees the collections it was
    let into (share collection), and in them what its TLP level allows (share partner).
    """
    from stillwatch.sharing.taxii import require  # noqa: PLC0415 - needs an extra

    require()
    from stillwatch.service.partners import (  # noqa: PLC0415 - needs an extra
        Partnering,
        serve_partners,
    )
    from stillwatch.sharing.taxii.limits import Limits  # noqa: PLC0415 - needs an extra

    logging.basicConfig(level=logging.INFO, format="stillwatch: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    serve_partners(
        Partnering(
            store=store,
            host=host,
            port=port,
            tenants=tenant or ["default"],
            title=title,
            contact=contact,
            audit_key=audit_key,
            trusted_hops=trusted_hops,
            certificate_header=certificate_header,
            certificate_proxies=certificate_proxy or (),
            limits=Limits(requests_a_minute=requests_a_minute, objects_a_day=objects_a_day),
        ),
        tell,
    )
    return 0
