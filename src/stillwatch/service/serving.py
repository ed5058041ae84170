"""All of the service in one process: the API, the guardrail API of a gateway, and the watch it looks after."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette

from stillwatch import cases
from stillwatch.access import verification
from stillwatch.cases.api import Tenant
from stillwatch.features.key import load_key
from stillwatch.gateways.guardrail_api import TOKEN, guardrail_app
from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import GatewaySettings, load
from stillwatch.records import InvalidConfiguration
from stillwatch.service.application import application
from stillwatch.service.edge import Bounds
from stillwatch.service.metrics import Series
from stillwatch.service.server import Server, listening
from stillwatch.service.spooling import Spooler
from stillwatch.service.standing import Home, Standing
from stillwatch.service.supervision import Supervisor

if TYPE_CHECKING:
    from stillwatch.access.verification.office import Office  # needs the extra `access`

FIRST_TOKEN = "first-token"  # noqa: S105 - the name of a file
FIRST_DAYS = 30
ALARMS = "alarms.jsonl"


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be served."""

    out: Path
    store: str
    host: str
    port: int
    tenant: str = "default"
    audit_key: Path | None = None
    gateway: Path | None = None
    policy: Path | None = None
    verification: Path | None = None
    trusted_hops: int = 0
    sources: Sequence[str] = ()
    watch: bool = True
    watch_options: Sequence[str] = ()

    @property
    def state(self) -> Path:
        return self.out / "state"

    @property
    def verdicts(self) -> Path:
        return self.out / "verdicts"

    @property
    def standings(self) -> Path:
        return self.out / "standings"


def serve(orders: Serving, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT: then requests end first, and the watch after them."""
    settings = None if orders.gateway is None else load(orders.gateway)
    guarding = None if settings is None else _guarding(settings, orders.host)
    orders.out.mkdir(parents=True, exist_ok=True)
    office = _office(orders)
    with ExitStack() as stack:
        store = stack.enter_context(cases.open_store(orders.store, audit_key=orders.audit_key))
        found = stack.enter_context(listening(orders.host, orders.port))
        _first_token(store.tenant(orders.tenant), orders.out, say)
        if office is not None:
            office.prepare(store.tenant(orders.tenant))
        spool = orders.out / "spool" if settings is None else settings.path(settings.spool)
        home = Home(
            out=orders.out,
            verdicts=orders.verdicts,
            standings=orders.standings,
            alarms=orders.state / ALARMS,
            spooler=Spooler(spool),
            policy=orders.policy or _policy(settings),
        )
        series = Series()
        supervisor = _supervisor(orders, spool, series) if orders.watch else None
        standing = Standing(store, {orders.tenant: home}, series, supervisor, office)
        app = application(standing, bounds=Bounds(trusted_hops=orders.trusted_hops), beside=guarding)
        server = Server(app, standing)
        for number in (
            signal.SIGINT,
            signal.SIGTERM,
        ):  # what the server puts back, and raises again, when it has ended
            signal.signal(number, lambda *_: None)
        if supervisor is not None:
            supervisor.start()
            stack.callback(supervisor.close)
        host, port = found.getsockname()[:2]
        say(f"serving on http://{f'[{host}]' if ':' in host else host}:{port}")
        server.run(sockets=[found])


def _policy(settings: GatewaySettings | None) -> Path | None:
    return None if settings is None or settings.policy is None else settings.path(settings.policy)


def _office(orders: Serving) -> "Office | None":
    """Verification, with what is decided in the file; without one, by the methods that need no settings.

    Its tokens are keyed as the sketches of the watch are. Where the extra is missing, it is not served.
    """
    if orders.verification is None and not verification.installed():
        return None
    settings = (
        verification.Settings() if orders.verification is None else verification.load(orders.verification)
    )
    return verification.Office(settings, load_key(orders.out))


def _guarding(settings: GatewaySettings, host: str) -> Starlette:
    token = os.environ.get(TOKEN)
    if token is None and not _loopback(host):
        raise InvalidConfiguration(
            f"the guardrail API would be open to everybody on {host}: set {TOKEN}, or serve it on 127.0.0.1"
        )
    return guardrail_app(open_gateway(settings), token=token)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _supervisor(orders: Serving, spool: Path, series: Series) -> Supervisor:
    """The store's URL may hold a password, so it goes by the environment."""
    environment = {"STILLWATCH_STORE": orders.store}
    return Supervisor(_arguments(orders, spool), orders.state, series.started, environment=environment)


def _arguments(orders: Serving, spool: Path) -> list[str]:
    """Those of the watch."""
    named = [
        "--out",
        orders.out,
        "--state",
        orders.state,
        "--verdicts",
        orders.verdicts,
        "--tenant",
        orders.tenant,
    ]
    if orders.audit_key is not None:
        named += ["--audit-key", orders.audit_key]
    own = f"{spool.absolute().as_uri()}?consume=1"
    return [*map(str, named), *orders.watch_options, "--", own, *orders.sources]


def _first_token(tenant: Tenant, out: Path, say: Callable[[str], None]) -> None:
    """Where nobody could come in, make a token for the first one: told on a terminal, else left in a file."""
    if cases.has_tokens(tenant):
        return
    if sys.stderr.isatty():
        _, text = cases.add_token(tenant, owner="admin", scopes=["admin"], days=FIRST_DAYS, by="stillwatch")
        say(f"the first token, of admin, for {FIRST_DAYS} days; it is shown this once: {text}")
        return
    path = out / FIRST_TOKEN
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        _, text = cases.add_token(tenant, owner="admin", scopes=["admin"], days=FIRST_DAYS, by="stillwatch")
        file.write(text + "\n")
    say(f"the first token, of admin, for {FIRST_DAYS} days, is in {path}; delete the file once you have it")
