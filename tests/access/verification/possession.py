"""A client that makes proofs of RFC 9449, right or wrong."""

import base64
import hashlib
import json
import secrets

from joserfc import jwk, jws
from vouching import SECOND, START

URL = "https://api.example.com/v1/chat/completions"


def new_key(kind="EC", size="P-256"):
    return jwk.generate_key(kind, size)


def ath(token):
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()


def proof(
    key, *, now=START, token=None, header=(), method="POST", url=URL, signer=None, algorithm=None, **claims
):
    """A claim or header that is None is left out."""
    algorithm = algorithm or {"EC": "ES256", "OKP": "Ed25519", "RSA": "PS256"}[key.key_type]
    told = {"typ": "dpop+jwt", "alg": algorithm, "jwk": key.as_dict(private=False)} | dict(header)
    said = {"jti": secrets.token_hex(8), "htm": method, "htu": url, "iat": now // SECOND}
    said |= {"ath": ath(token)} if token is not None else {}
    said |= claims
    parts = [
        base64.urlsafe_b64encode(json.dumps({k: v for k, v in one.items() if v is not None}).encode()).rstrip(
            b"="
        )
        for one in (told, said)
    ]
    made = jws.JWSRegistry.algorithms[told["alg"]].sign(b".".join(parts), signer or key)
    return b".".join([*parts, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()
