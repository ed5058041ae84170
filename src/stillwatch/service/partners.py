"""What partners reach: the TAXII server, in a process and at an address of its own, apart from the analysts' API.

It has the edge of the service: bounds of time, of number and of bodies, an id for each request, one line in the log.
"""

import re
import signal
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import msgspec
from starlette.responses import Response

from stillwatch import cases
from stillwatch.records import InvalidConfiguration
from stillwatch.service.edge import Bounds, Edge
from stillwatch.service.metrics import Series
from stillwatch.service.problem import Refused
from stillwatch.service.server import Server, listening
from stillwatch.sharing.taxii.application import Exchange, error, taxii_app
from stillwatch.sharing.taxii.entrance import Certificates
from stillwatch.sharing.taxii.limits import Limits
from stillwatch.sharing.taxii.refusal import NotServed

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
SLACK = 1 << 20  # bytes above the bound that partners are told, so that its own refusal reaches them


class Partnering(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be served to partners."""

    store: str
    host: str
    port: int
    tenants: Sequence[str]
    title: str
    contact: str | None = None
    audit_key: Path | None = None
    trusted_hops: int = 0
    certificate_header: str | None = None
    certificate_proxies: Sequence[str] = ()
    limits: Limits = Limits()


class _Life:
    """What is told that the server goes down."""

    def __init__(self) -> None:
        self.ending = Event()


def serve_partners(orders: Partnering, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    if unfit := [name for name in orders.tenants if not NAME.fullmatch(name)]:
        raise InvalidConfiguration(f"a tenant that is served has a name fit for a URL, not {unfit[0]!r}")
    certificates = _certificates(orders)
    with (
        cases.open_store(orders.store, audit_key=orders.audit_key) as store,
        listening(orders.host, orders.port) as found,
    ):
        exchange = Exchange(
            tenants={name: store.tenant(name) for name in orders.tenants},
            title=orders.title,
            contact=orders.contact,
            limits=orders.limits,
            certificates=certificates,
        )
        bounds = Bounds(body_bytes=orders.limits.body_bytes + SLACK, trusted_hops=orders.trusted_hops)
        server = Server(Edge(taxii_app(exchange), Series(), bounds, _answer), _Life())
        for number in (signal.SIGINT, signal.SIGTERM):  # what the server raises again when it has ended
            signal.signal(number, lambda *_: None)
        host, port = found.getsockname()[:2]
        say(f"serving partners on http://{f'[{host}]' if ':' in host else host}:{port}/taxii2/")
        server.run(sockets=[found])


def _answer(refused: Refused, _request_id: str) -> Response:
    return error(NotServed(refused.status, refused.detail, refused.headers))


def _certificates(orders: Partnering) -> Certificates | None:
    if (orders.certificate_header is None) != (not orders.certificate_proxies):
        raise InvalidConfiguration("a header with certificates and the proxies that send it go together")
    if orders.certificate_header is None:
        return None
    try:
        proxies = [ip_network(one) for one in orders.certificate_proxies]
    except ValueError as wrong:
        raise InvalidConfiguration(f"proxies are addresses or networks: {wrong}") from wrong
    return Certificates(header=orders.certificate_header, proxies=proxies)
