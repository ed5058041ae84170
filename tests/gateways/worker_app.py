"""What the workers of a server run in tests: the provider behind the middleware, configured by the environment."""

from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.lab.provider_app import ProviderApp


def create():
    return StillwatchMiddleware(ProviderApp())
