"""The application: the operations as routes, each request let in by its token, and what is open to everybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus

import anyio.to_thread
import msgspec
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from stillwatch import cases
from stillwatch.cases.api import Scope, Tenant, Token
from stillwatch.records import StillwatchError
from stillwatch.service.catalogue import operations
from stillwatch.service.edge import OPERATION, App, Bounds, Edge
from stillwatch.service.open_to_all import OPENED, Opened
from stillwatch.service.operation import Asked, Operation
from stillwatch.service.problem import Refused, refusal_of
from stillwatch.service.reading import body, parameters
from stillwatch.service.standing import Standing

AT_ONCE = 12  # operations that block at once; fewer than connections that the store holds
TOKEN_CHARACTERS = 200  # more has no token
Endpoint = Callable[[Request], Awaitable[Response]]


def application(standing: Standing, *, bounds: Bounds | None = None, beside: Starlette | None = None) -> App:
    """The whole service. `beside` is an application whose paths are served as well, but for those that are ours."""
    limiter = CapacityLimiter(AT_ONCE)
    ours = [
        *(Route(one.path, _opened(standing, one), methods=["GET"]) for one in OPENED),
        *(
            Route(one.template, _endpoint(standing, one, limiter), methods=[one.method])
            for one in operations()
        ),
    ]
    taken = {one.path for one in OPENED}
    others = (
        []
        if beside is None
        else [route for route in beside.routes if isinstance(route, Route) and route.path not in taken]
    )

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if beside is not None:
                await stack.enter_async_context(beside.router.lifespan_context(beside))
            yield
            await asyncio.to_thread(standing.close)

    router = Router([*ours, *others], redirect_slashes=False, lifespan=lifespan)
    return Edge(router, standing.series, bounds or Bounds())


def _opened(standing: Standing, one: Opened) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        request.scope[OPERATION] = one.name
        return await one.run(standing)

    return endpoint


def _endpoint(standing: Standing, operation: Operation, limiter: CapacityLimiter) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        request.scope[OPERATION] = operation.name
        tenant = standing.store.tenant(request.path_params["tenant"])
        try:
            asked = Asked(
                standing=standing,
                tenant=tenant,
                let_in=await _let_in(request, tenant, operation.scope, limiter),
                parameters=parameters(operation, request),
                body=await body(operation, request),
                headers={name: value for name, value in request.headers.items() if name in operation.headers},
                resumed=request.headers.get("last-event-id"),
            )
            answer = await anyio.to_thread.run_sync(operation.run, asked, limiter=limiter)
        except (StillwatchError, OSError) as error:
            raise refusal_of(error) from error
        if isinstance(answer, Response):
            return answer
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return endpoint


def _bearer(request: Request) -> str:
    """The token that a request shows. Raises Refused."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 0 < len(text) <= TOKEN_CHARACTERS:
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "a token is needed: Authorization: Bearer",
            {"www-authenticate": "Bearer"},
        )
    return text.strip()


async def _let_in(
    request: Request, tenant: Tenant, scope: Scope | None, limiter: CapacityLimiter
) -> Token | None:
    """Raises Refused. A token of another tenant is as unknown here as one that nobody has."""
    if scope is None:
        return None
    text = _bearer(request)
    token = await anyio.to_thread.run_sync(cases.find_token, tenant, text, limiter=limiter)
    if token is None:
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "the token is unknown here, has expired or was revoked",
            {"www-authenticate": 'Bearer error="invalid_token"'},
        )
    if not token.may(scope):
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise Refused(
            HTTPStatus.FORBIDDEN,
            f"the token needs the scope {scope}",
            {"www-authenticate": challenge},
        )
    return token
