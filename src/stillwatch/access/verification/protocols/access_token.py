"""An access token in the JWT profile of RFC 9068, signed by the operator's own authorization server."""

from typing import Any

from joserfc.jwk import KeySet

from stillwatch.access.verification.proof import SECOND, SKEW
from stillwatch.access.verification.protocols import jose
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

TYPES = ("at+jwt", "application/at+jwt")  # section 2.1


def claims_of(token: str, keys: KeySet, *, issuer: str, audience: str, now: Micros) -> dict[str, Any]:
    """The claims of a genuine token that is meant for us and has not expired (section 4). Raises Refused."""
    header, _ = jose.opened(token)
    if str(header.get("typ", "")).lower() not in TYPES:
        raise Refused("malformed", "the token is no access token: its typ is not at+jwt")
    claims = jose.verified(token, keys)
    if claims.get("iss") != issuer:
        raise Refused("untrusted", "the token is of another issuer")
    meant = claims.get("aud")
    if audience not in (meant if isinstance(meant, list) else [meant]):
        raise Refused("mismatch", "the token is meant for another audience")
    check_times(claims, now)
    if not isinstance(claims.get("sub"), str):
        raise Refused("malformed", "the token names no subject")
    return claims


def check_times(claims: dict[str, Any], now: Micros) -> None:
    """`exp` must lie ahead, `iat` and `nbf` behind, give or take what clocks differ. Raises Refused."""
    expires = jose.number(claims, "exp")
    if expires is None:
        raise Refused("malformed", "the token does not say when it expires")
    if now >= expires * SECOND + SKEW:
        raise Refused("expired", "the token has expired")
    for name in ("iat", "nbf"):
        begins = jose.number(claims, name)
        if begins is not None and begins * SECOND > now + SKEW:
            raise Refused("clock_skewed", f"the token's {name} lies ahead of our clock")
