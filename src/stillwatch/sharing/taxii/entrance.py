"""Who asks: a token, by `Bearer` or as the password of `Basic`, and the client certificate that goes with it.

TAXII wants `Basic` of every server; the user's name says nothing here, the token says all. A certificate is checked by
the proxy that ends TLS, which passes its SHA-256 on in a header; the header is believed of that proxy alone, and a
partner that has a certificate cannot come in without it, whoever has its token.
"""

import binascii
from base64 import b64decode
from collections.abc import Collection
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address

import msgspec
from starlette.requests import Request

from stillwatch.cases.store import Tenant
from stillwatch.cases.tokens import find_token
from stillwatch.sharing.taxii.partners import Partner, known_partner
from stillwatch.sharing.taxii.refusal import NotServed

CHALLENGE = 'Bearer realm="stillwatch", Basic realm="stillwatch"'
TOKEN_CHARACTERS = 200


class Certificates(msgspec.Struct, frozen=True, kw_only=True):
    """The header that a proxy puts a certificate's fingerprint in, and where that proxy is."""

    header: str
    proxies: Collection[IPv4Network | IPv6Network]


def shown_token(request: Request) -> str:
    """The token that a request shows. Raises NotServed."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        text = _password(text)
    elif kind.lower() != "bearer":
        text = ""
    if not 0 < len(text) <= TOKEN_CHARACTERS:
        raise unknown()
    return text.strip()


def unknown() -> NotServed:
    return NotServed(
        HTTPStatus.UNAUTHORIZED, "a token that is known here is needed", {"www-authenticate": CHALLENGE}
    )


def enter(tenant: Tenant, text: str, fingerprint: str | None) -> Partner | None:
    """The partner that a token and a certificate let in; None where they do not."""
    token = find_token(tenant, text)
    if token is None or not (token.may("pull") or token.may("push")):
        return None
    partner = known_partner(tenant, token)
    if partner.certificate is not None and not compare_digest(partner.certificate, fingerprint or ""):
        return None
    return partner


def fingerprint_of(request: Request, certificates: Certificates | None) -> str | None:
    """The certificate that a trusted proxy has seen."""
    if certificates is None or request.client is None:
        return None
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return None
    if not any(peer in network for network in certificates.proxies):
        return None
    given = request.headers.getlist(certificates.header)
    told = given[0].replace(":", "").lower() if len(given) == 1 else None
    return told if told is not None and told.isascii() else None


def _password(encoded: str) -> str:
    try:
        return b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
