"""The programs that people call with: each installation has a user agent and a TLS handshake."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import NamedTuple


class Client(NamedTuple):
    """User agent and JA4 fingerprint of one installation."""

    agent: str
    ja4: str


PYTHON_HANDSHAKE = "py3.11"
DESKTOPS = [
    *("Windows NT 10.0; Win64; x64", "Windows NT 10.0; Win64; x64"),
    *("Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "Linux; Android 10; K"),
]
SCRIPTS = [
    *("python-requests/2.32", "python-httpx/0.27", "aiohttp/3.10", "curl/8.5.0"),
    *("Go-http-client/2.0", "okhttp/4.12", "axios/1.7.2"),
]
GATEWAYS = ["litellm/1.48", "litellm/1.52", "portgate/2.1", "unigate/0.9"]
PHONES = ["iOS 17.6", "iOS 18.1", "iOS 18.3", "Android 13", "Android 14", "Android 15"]
PROGRAMS = ("py", "py", "node", "raw", "chain")


def handshake(key: str, protocol: str = "h2") -> str:
    """Return the JA4 fingerprint of everything that is named `key`."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    counts = f"{12 + int(digest[0], 16) % 6}{10 + int(digest[1], 16) % 8}"
    return f"t13d{counts}{protocol}_{digest[4:16]}_{digest[20:32]}"


def script(agent: str, key: str) -> Client:
    """A program that speaks HTTP/1.1 with the handshake named `key`."""
    return Client(agent, handshake(key, "h1"))


def programs(rng: Random, count: int = 1, families: Sequence[str] = PROGRAMS) -> list[Client]:
    return [client(rng, rng.choice(families)) for _ in range(count)]


def client(rng: Random, family: str) -> Client:
    """Draw an installation of a family."""
    if family == "browser":
        return _browser(rng)
    if family == "mobile":
        system = rng.choice(PHONES)
        agent = f"ProviderApp/{rng.choice(['5.1.0', '5.2.0', '5.2.1'])} ({system})"
        return Client(agent, handshake("app" + system[:3]))
    if family == "node":
        node = rng.choice((18, 20, 20, 22))
        return script(f"provider-node/{rng.choice(['4.20.1', '4.28.0', '5.0.2'])} node/{node}", f"node{node}")
    if family == "py":
        agent = f"provider-python/{rng.choice(['0.36.0', '0.39.2', '0.40.0', '0.42.1'])} httpx/0.27"
        return script(agent, "py" + rng.choice(["3.10", "3.11", "3.12", "3.12mac"]))
    if family == "chain":
        agent = f"langchain/{rng.choice(['0.2.16', '0.3.1', '0.3.7'])} python/3.11"
        return script(agent, PYTHON_HANDSHAKE)
    agent = rng.choice(GATEWAYS if family == "gateway" else SCRIPTS)
    return script(agent, "gw" + rng.choice("ab") if family == "gateway" else agent)


def _browser(rng: Random) -> Client:
    brand = rng.choice(["chrome", "chrome", "chrome", "safari", "firefox", "edge"])
    if brand == "safari":
        return _safari(rng)
    system = rng.choice(DESKTOPS)
    version = rng.choice((138, 139, 139, 140, 140, 140, 141))
    if brand == "firefox":
        agent = f"Mozilla/5.0 ({system}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        return Client(agent, handshake(f"ff{version // 2}"))
    agent = (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    )
    if brand == "edge":
        agent += f" Edg/{version}.0.0.0"
    return Client(agent, handshake(f"chrome{version > 138}"))


def _safari(rng: Random) -> Client:
    version = rng.choice(["17_6", "18_1", "18_3"])
    phone = f"iPhone; CPU iPhone OS {version} like Mac OS X"
    system = rng.choice(["Macintosh; Intel Mac OS X 10_15_7", phone])
    agent = (
        f"Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        f"Version/{version.replace('_', '.')} Safari/605.1.15"
    )
    return Client(agent, handshake("safari" + version))
