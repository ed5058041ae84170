"""The TAXII 2.1 server as an ASGI application: its nine endpoints, over the tenants of a store that it serves."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TypeVar, TypeVarTuple, Unpack

import anyio.to_thread
import msgspec
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.cases.store import Tenant
from stillwatch.records import StillwatchError
from stillwatch.sharing.taxii.endpoints import (
    ENDPOINTS,
    Asked,
    Endpoint,
    check_writable,
    objects_of,
    whole_body,
)
from stillwatch.sharing.taxii.entrance import Certificates, enter, fingerprint_of, shown_token, unknown
from stillwatch.sharing.taxii.limits import Allowance, Limits
from stillwatch.sharing.taxii.negotiation import check_accept, check_content
from stillwatch.sharing.taxii.partners import Partner
from stillwatch.sharing.taxii.records import MEDIA_TYPE, ApiRoot, Discovery, Error
from stillwatch.sharing.taxii.refusal import NotServed, not_found
from stillwatch.sharing.taxii.release import Release, by_level
from stillwatch.sharing.taxii.schema import prepare

LOG = logging.getLogger("stillwatch.sharing")
AT_ONCE = 12  # requests that read or write the store at once
AGAIN = "5"  # seconds
ROOT = "/taxii2/"
TITLE = "Stillwatch"
MINUTE, DAY = 60.0, 86_400.0
Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What is served, and on what terms. Each tenant is an API root of its own."""

    tenants: Mapping[str, Tenant]
    title: str = TITLE
    contact: str | None = None
    release: Release = by_level
    limits: Limits = Limits()
    certificates: Certificates | None = None


def taxii_app(exchange: Exchange) -> Starlette:
    """The server. Tables are made in each tenant's store unless they are there."""
    for tenant in exchange.tenants.values():
        prepare(tenant)
    serving = _Serving(exchange)
    below = ROOT + "{tenant}/"
    routes = [Route(ROOT, serving.discovery, methods=["GET"]), Route(below, serving.root, methods=["GET"])]
    for path, methods in ENDPOINTS.items():
        for method, endpoint in methods.items():
            routes.append(Route(below + path, serving.endpoint(endpoint), methods=[method]))
    app = Starlette(routes=_by_path(routes), exception_handlers={HTTPException: _unrouted})
    app.router.redirect_slashes = False
    return app


def _by_path(routes: list[Route]) -> list[Route]:
    """One route a path, so that a method which none of them takes is told as such."""
    together: dict[str, dict[str, Callable[[Request], Awaitable[Response]]]] = {}
    for route in routes:
        for method in route.methods or ():
            together.setdefault(route.path, {})[method] = route.endpoint

    def route_of(path: str, methods: dict[str, Callable[[Request], Awaitable[Response]]]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await methods[request.method](request)

        return Route(path, endpoint, methods=list(methods))

    return [route_of(path, methods) for path, methods in together.items()]


class _Serving:
    """What all requests share."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._limiter = CapacityLimiter(AT_ONCE)
        self._requests = Allowance(exchange.limits.requests_a_minute, MINUTE)
        self._objects = Allowance(exchange.limits.objects_a_day, DAY)
        self._strangers = Allowance(exchange.limits.strangers_a_minute, MINUTE)

    async def discovery(self, request: Request) -> Response:
        async def answer() -> bytes:
            found = [name for name in self._exchange.tenants if await self._partner(request, name)]
            if not found:
                raise self._stranger(request)
            roots = [f"{ROOT}{name}/" for name in found]
            said = Discovery(
                title=self._exchange.title,
                contact=self._exchange.contact,
                default=roots[0],
                api_roots=roots,
            )
            return msgspec.json.encode(said)

        return await self._answered(request, answer)

    async def root(self, request: Request) -> Response:
        async def answer() -> bytes:
            await self._let_in(request)
            title = f"{self._exchange.title}: {request.path_params['tenant']}"
            length = self._exchange.limits.body_bytes
            return msgspec.json.encode(ApiRoot(title=title, versions=[MEDIA_TYPE], max_content_length=length))

        return await self._answered(request, answer)

    def endpoint(self, run: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """One that asks the store."""

        async def endpoint(request: Request) -> Response:
            async def answer() -> bytes | Response:
                partner = await self._let_in(request)
                if any("\x00" in value for value in request.path_params.values()):
                    raise not_found()  # what PostgreSQL cannot even look for
                name = request.path_params["tenant"]
                bodies: list[bytes] = []
                if request.method == "POST":
                    check_content(request)
                    await self._in_thread(check_writable, self._asked(request, partner, bodies))
                    body = await whole_body(request, self._exchange.limits.body_bytes)
                    most = self._exchange.limits.objects_a_request
                    bodies = await self._in_thread(objects_of, body, most)
                    self._objects.spend(name, partner.name, len(bodies))
                return await self._in_thread(run, self._asked(request, partner, bodies))

            return await self._answered(request, answer)

        return endpoint

    def _asked(self, request: Request, partner: Partner, bodies: list[bytes]) -> Asked:
        return Asked(
            tenant=self._exchange.tenants[request.path_params["tenant"]],
            partner=partner,
            release=self._exchange.release,
            path=request.path_params,
            parameters=request.query_params.multi_items(),
            bodies=bodies,
        )

    async def _let_in(self, request: Request) -> Partner:
        """The partner that asks. Raises NotServed; of a tenant that is not served no more is said than of a wrong token."""
        name = request.path_params["tenant"]
        partner = await self._partner(request, name) if name in self._exchange.tenants else None
        if partner is None:
            raise self._stranger(request)
        self._requests.spend(name, partner.name)
        return partner

    async def _partner(self, request: Request, tenant: str) -> Partner | None:
        try:
            text = shown_token(request)
        except NotServed as refused:
            raise self._stranger(request) from refused
        fingerprint = fingerprint_of(request, self._exchange.certificates)
        return await self._in_thread(enter, self._exchange.tenants[tenant], text, fingerprint)

    def _stranger(self, request: Request) -> NotServed:
        """Raises NotServed where an address has failed too often."""
        self._strangers.spend("", request.client.host if request.client else "")
        return unknown()

    async def _in_thread(self, function: Callable[[Unpack[Arguments]], Result], *args: *Arguments) -> Result:
        return await anyio.to_thread.run_sync(function, *args, limiter=self._limiter)

    async def _answered(
        self, request: Request, answer: Callable[[], Awaitable[bytes | Response]]
    ) -> Response:
        try:
            check_accept(request)
            found = await answer()
        except NotServed as refused:
            return error(refused)
        except (StillwatchError, OSError):
            LOG.exception("a request failed")
            return error(
                NotServed(HTTPStatus.SERVICE_UNAVAILABLE, "the store does not answer", {"retry-after": AGAIN})
            )
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        return found if isinstance(found, Response) else Response(found, media_type=MEDIA_TYPE)


def error(refused: NotServed) -> Response:
    """The error resource, with an id that the log has as well."""
    error_id = secrets.token_hex(6)
    LOG.info("error %s: %d %s", error_id, refused.status.value, refused.why)
    said = Error(
        title=refused.status.phrase,
        description=refused.why,
        error_id=error_id,
        http_status=str(refused.status.value),
    )
    return Response(
        msgspec.json.encode(said),
        status_code=refused.status.value,
        headers=refused.headers,
        media_type=MEDIA_TYPE,
    )


async def _unrouted(_request: Request, unknown_path: Exception) -> Response:
    assert isinstance(unknown_path, HTTPException)
    status = HTTPStatus(unknown_path.status_code)
    return error(NotServed(status, "there is no such endpoint here", unknown_path.headers))
