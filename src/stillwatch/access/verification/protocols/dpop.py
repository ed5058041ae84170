"""Proof of possession by RFC 9449 (DPoP): a token that the holder of a key signs for one call, so that a key resold breaks.

The proof names method and address, was made just now, counts once, and, with a token, carries the token's hash. A
nonce of ours shows that it was not made ahead; ours are signed times, so nothing is kept for them.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

import msgspec

from stillwatch.access.verification.proof import MINUTE, SECOND, SKEW
from stillwatch.access.verification.protocols import base64url, jose
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

TYPE = "dpop+jwt"  # section 4.2
WINDOW = 5 * MINUTE  # a proof's age; section 11.1 leaves it open and speaks of seconds or minutes
NONCE_LIVES = 5 * MINUTE  # section 8.2 leaves it open
LONGEST_JTI = 256
PORTS = {"http": 80, "https": 443}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A proof that holds: whose key made it, and what makes it count once."""

    jkt: str  # SHA-256 thumbprint of the key (RFC 7638), by which tokens are bound
    jti: str
    made_at: Micros
    key: dict[str, object]  # as JWK


class WrongNonce(Refused):
    """The proof needs a nonce that was handed out just now; the answer carries one (section 8)."""


class Nonces:
    """Nonces that a server hands out (section 8): a time, and its keyed hash."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"stillwatch dpop nonce", "sha256")

    def issue(self, now: Micros) -> str:
        moment = now.to_bytes(8, "big", signed=True)
        return base64url.encoded(moment + hmac.digest(self._secret, moment, "sha256")[:16])

    def check(self, nonce: object, now: Micros) -> None:
        """Raises WrongNonce where it is none of ours, or was handed out too long ago."""
        try:
            data = base64url.decoded(nonce) if isinstance(nonce, str) else b""
        except ValueError:
            data = b""
        moment, made = data[:8], data[8:]
        if len(data) != 24 or not hmac.compare_digest(hmac.digest(self._secret, moment, "sha256")[:16], made):
            raise WrongNonce("forged", "the nonce is none of ours")
        issued = int.from_bytes(moment, "big", signed=True)
        if not issued - SKEW <= now < issued + NONCE_LIVES:
            raise WrongNonce("expired", "the nonce has expired")


def check(  # the checks of section 4.3, in its order
    proof: str,
    *,
    method: str,
    url: str,
    now: Micros,
    token: str | None = None,
    jkt: str | None = None,
    check_nonce: Callable[[object], None] | None = None,
) -> Shown:
    """A proof for one call; with `token`, made for it, and with `jkt`, by this key. Raises Refused."""
    header, _ = jose.opened(proof)
    if str(header.get("typ", "")).lower() != TYPE:
        raise Refused("malformed", f"no proof of possession: its typ is not {TYPE}")
    key = jose.public_key(header.get("jwk"))
    claims = jose.verified(proof, key)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise Refused("malformed", "the proof has no jti, or too long a one")
    if claims.get("htm") != method:
        raise Refused("mismatch", "the proof was made for another method")
    if not same_address(claims.get("htu"), url):
        raise Refused("mismatch", "the proof was made for another address")
    if check_nonce is not None:
        check_nonce(claims.get("nonce"))
    made_at = _check_age(claims, now)
    if token is not None and not _is(claims.get("ath"), access_token_hash(token)):
        raise Refused("mismatch", "the proof was made for another token")
    thumbprint = key.thumbprint()
    if jkt is not None and not _is(thumbprint, jkt):
        raise Refused("mismatch", "the proof was made with another key")
    return Shown(jkt=thumbprint, jti=jti, made_at=made_at, key=dict(key.as_dict(private=False)))


def access_token_hash(token: str) -> str:
    """`ath` of section 4.2."""
    return base64url.encoded(sha256(token.encode("utf-8", "surrogatepass")).digest())


def _check_age(claims: dict[str, object], now: Micros) -> Micros:
    issued = jose.number(claims, "iat")
    if issued is None:
        raise Refused("malformed", "the proof does not say when it was made: iat is missing")
    made_at = Micros(round(issued * SECOND))
    if made_at > now + SKEW:
        raise Refused("clock_skewed", "the proof's iat lies ahead of our clock")
    if now - made_at > WINDOW:
        raise Refused("late", f"the proof is more than {WINDOW // SECOND} seconds old")
    return made_at


def _is(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def same_address(given: object, url: str) -> bool:
    """Whether `htu` is the address of the call: without query and fragment, both normalised (RFC 3986, section 6.2)."""
    if not isinstance(given, str):
        return False
    try:
        return _normal(urlsplit(given)) == _normal(urlsplit(url))
    except ValueError:
        return False


def _normal(parts: SplitResult) -> tuple[str, str, int | None, str]:
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no address of a call")
    return scheme, parts.hostname.lower(), parts.port or PORTS[scheme], _path(parts.path)


def _path(path: str) -> str:
    """Escapes of characters that need none are taken away, the others written in capitals, dots walked."""
    out: list[str] = []
    for segment in (path or "/").split("/")[1:]:
        plain = quote(unquote_to_bytes(segment), safe="!$&'()*+,;=:@")  # an escaped slash stays escaped
        if plain == "..":
            out = out[:-1]
        elif plain != ".":
            out.append(plain)
    return "/" + "/".join(out)
