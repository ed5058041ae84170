"""The provider behind the middleware, as `uvicorn --factory stillwatch.lab.served.asgi_app:create` serves it."""

from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.lab.provider_app import ProviderApp


def create() -> StillwatchMiddleware:
    return StillwatchMiddleware(ProviderApp())
