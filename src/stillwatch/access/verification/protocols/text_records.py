"""Text records of the domain name system, asked of one server or several."""

from collections.abc import Sequence
from ipaddress import ip_address

import dns.exception
import dns.flags
import dns.name
import dns.resolver
import msgspec

from stillwatch.access.verification.refusal import Refused
from stillwatch.records import InvalidConfiguration

TIMEOUT = 5.0  # seconds for one server, tries and all
PORT = 53


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The texts under a name. `signed`: the server says that it has checked signatures of DNSSEC."""

    texts: frozenset[str]
    signed: bool


def domain_of(text: str) -> str:
    """A domain in its ASCII form, in small letters. Raises Refused where it is none that can be owned."""
    try:
        name = dns.name.from_text(text.strip().rstrip("."), idna_codec=dns.name.IDNA_2003_Practical)
        domain = name.to_text(omit_final_dot=True).lower()
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise Refused("malformed", "no domain name") from error
    labels = domain.split(".")
    plain = all(one and set(one) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for one in labels)
    if len(labels) < 2 or not plain or labels[-1].isdecimal():
        raise Refused("malformed", "no domain name that an organisation can own")
    return domain


def texts_under(name: str, servers: Sequence[str]) -> list[Found]:
    """What each server says; without any, those of this machine's configuration together. Raises Refused."""
    return [_ask(name, one) for one in servers] or [_ask(name, None)]


def server_of(text: str) -> tuple[str, int]:
    """Address and port of a server, as `192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:53`."""
    host, port = text, str(PORT)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        address, number = str(ip_address(host)), int(port)
    except ValueError:
        address, number = "", 0
    if not 0 < number < 65_536:
        raise InvalidConfiguration(f"no address of a name server: {text!r}")
    return address, number


def _ask(name: str, server: str | None) -> Found:
    try:
        resolver = dns.resolver.Resolver(configure=server is None)
        if server is not None:
            host, resolver.port = server_of(server)
            resolver.nameservers = [host]
        resolver.use_edns(0, dns.flags.DO, 1232)
        resolver.flags = dns.flags.RD | dns.flags.AD
        answer = resolver.resolve(name, "TXT", lifetime=TIMEOUT, search=False)
        texts = frozenset(b"".join(one.strings).decode("utf-8", "replace") for one in answer)
        return Found(texts=texts, signed=bool(answer.response.flags & dns.flags.AD))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Found(texts=frozenset(), signed=False)
    except (dns.exception.DNSException, OSError) as error:
        raise Refused("unreachable", "the domain's name servers did not answer") from error
