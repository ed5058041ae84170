"""Signed JSON Web Tokens, read with bounds and with asymmetric signatures alone.

RFC 8725 says how such tokens are attacked: by `none`, by a public key used as a secret, by a key that comes along. The
list of algorithms is fixed here, and a key's type must fit its algorithm.
"""

import json
import math
from typing import Any, TypeAlias

from joserfc import jwk, jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key, KeySet, RSAKey
from joserfc.jws import CompactSignature

from stillwatch.access.verification.refusal import Refused

Claims: TypeAlias = dict[str, Any]
ALGORITHMS = (
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",  # the older name, which most clients still use for Ed25519
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
)
LONGEST = 16_384  # bytes of a token
HEADER = 4_096  # bytes of its header: a proof of RFC 9449 carries an RSA key there
SMALLEST_RSA = 2_048  # bits, the least that NIST SP 800-131A allows
LARGEST_RSA = 8_192  # bits; checking more takes too long
LONGEST_EXPONENT = 8  # characters, some 48 bits; a long one makes each check dear
PUBLIC = frozenset({"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"})
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class _Registry(jws.JWSRegistry):
    max_header_length = HEADER
    max_payload_length = LONGEST

    def get_alg(self, name: str) -> Any:
        """Without the library's warning about the name EdDSA."""
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(f"{name} is not taken")
        return self.algorithms[name]


REGISTRY = _Registry(algorithms=ALGORITHMS)


def opened(token: str) -> tuple[Claims, Claims]:
    """Header and claims, with nothing verified yet. Raises Refused."""
    found = _compact(token)
    return dict(found.headers()), _claims(found.payload)


def verified(token: str, key: Key | KeySet) -> Claims:
    """The claims of a token that one of these keys has signed. Raises Refused."""
    found = _compact(token)
    claims = _claims(found.payload)
    try:
        holds = jws.validate_compact(found, key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused("forged", f"the signature of the token cannot be checked: {_said(error)}") from error
    if not holds:
        raise Refused("forged", "the signature of the token does not hold")
    return claims


def _compact(token: str) -> CompactSignature:
    if len(token) > LONGEST or not token.isascii():
        raise Refused("malformed", "no signed token: it is too long or not ASCII")
    try:
        found = jws.extract_compact(token.encode("ascii"), registry=REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused("malformed", f"no signed token: {_said(error)}") from error
    if not isinstance(found.headers(), dict) or found.headers().get("alg") not in ALGORITHMS:
        raise Refused("malformed", "the token is not signed with an algorithm that is taken")
    return found


def _claims(payload: bytes) -> Claims:
    try:
        claims = json.loads(payload, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", "the token's claims are not JSON") from error
    if not isinstance(claims, dict):
        raise Refused("malformed", "the token's claims are no object")
    return claims


def _no_number(text: str) -> None:
    raise ValueError(text)


def public_key(described: object) -> Key:
    """A public key from its JWK. Raises Refused where it is none, is private, or is too weak."""
    if not isinstance(described, dict):
        raise Refused("malformed", "the key is no JWK")
    if set(described) & PRIVATE:
        raise Refused("malformed", "the key is a private or a secret one")
    kind = described.get("kty")
    if kind not in ("EC", "OKP", "RSA") or len(str(described.get("e", ""))) > LONGEST_EXPONENT:
        raise Refused("malformed", "the key is of no kind that signs")
    try:
        found = jwk.import_key({name: described[name] for name in described if name in PUBLIC}, kind)
    except Exception as error:
        raise Refused("malformed", f"the key is no JWK: {_said(error)}") from error
    if isinstance(found, RSAKey) and not SMALLEST_RSA <= found.public_key.key_size <= LARGEST_RSA:
        raise Refused("malformed", f"an RSA key has {SMALLEST_RSA} to {LARGEST_RSA} bits")
    return found


def key_set(described: object) -> KeySet:
    """The keys of a JWKS that can be read and sign; others are passed over. Raises Refused where there are none."""
    listed = described.get("keys") if isinstance(described, dict) else None
    found = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("use", "sig") == "sig":
            try:
                found.append(public_key(one))
            except Refused:
                continue
    if not found:
        raise Refused("malformed", "the issuer publishes no key that signs")
    return KeySet(found)


def number(claims: Claims, name: str) -> float | None:
    """A time or another number of a token; None where it is absent. Raises Refused."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("malformed", f"{name} is no number")
    try:
        found = float(value)
    except OverflowError as error:
        raise Refused("malformed", f"{name} is out of range") from error
    if not math.isfinite(found) or abs(found) > 1e12:
        raise Refused("malformed", f"{name} is out of range")
    return found


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:120]
