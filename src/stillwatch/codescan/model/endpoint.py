"""Where a model is asked: the address, the name of the model, how it is spoken to, and the key."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

Protocol = Literal["openai", "anthropic"]
ENDINGS: dict[str, Protocol] = {"/chat/completions": "openai", "/messages": "anthropic"}
HOSTS: dict[str, Protocol] = {"anthropic.com": "anthropic", "openai.com": "openai"}


class NotAnEndpoint(Exception):
    """An address or a key that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind an address; `protocol` is None where it has yet to be found out."""

    base: SplitResult
    model: str
    protocol: Protocol | None = None
    key: str = field(default="", repr=False)

    @classmethod
    def at(
        cls,
        address: str,
        model: str,
        *,
        protocol: Protocol | None = None,
        key: str = "",
        allow_http: bool = False,
    ) -> Endpoint:
        """An endpoint whose address may be used. Raises NotAnEndpoint."""
        try:
            base = urlsplit(address)
            host, port = base.hostname, base.port
        except ValueError as error:
            raise NotAnEndpoint(f"not an address: {error}") from None
        if base.scheme not in {"http", "https"} or not host or port == 0:
            raise NotAnEndpoint(
                "an address begins with https:// (or http:// on this machine) and names a host"
            )
        if base.username is not None or base.query or base.fragment:
            raise NotAnEndpoint(
                "an address holds no name, password, query or fragment; the key is taken from the environment"
            )
        if not address.isascii() or not address.isprintable() or " " in address:
            raise NotAnEndpoint("an address is plain ASCII")
        if base.scheme == "http" and not is_loopback(host) and not allow_http:
            raise NotAnEndpoint(f"code would go to {host} unencrypted; use https")
        if not key.isascii() or not key.isprintable():
            raise NotAnEndpoint("the key is not plain ASCII")
        path = base.path.rstrip("/")
        said = protocol
        for ending, spoken in ENDINGS.items():
            if path.endswith(ending):
                path, said = path.removesuffix(ending), protocol or spoken
        return cls(base._replace(path=path), model, said or _known(host), key)

    @property
    def place(self) -> str:
        """The address as it is shown."""
        return self.base.geturl()


def _known(host: str) -> Protocol | None:
    return next((spoken for name, spoken in HOSTS.items() if host == name or host.endswith(f".{name}")), None)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, whatever a name server says."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
