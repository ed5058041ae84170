"""The authorization code flow of OpenID Connect Core 1.0, with PKCE (RFC 7636) and the issuer's name (RFC 9207)."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from stillwatch.access.verification.proof import SECOND, SKEW
from stillwatch.access.verification.protocols import jose
from stillwatch.access.verification.protocols.access_token import check_times
from stillwatch.access.verification.protocols.fetching import fetch, safe
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

SCOPE = "openid email"
WELL_KNOWN = "/.well-known/openid-configuration"


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """How we are known to a provider."""

    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str


def discover(issuer: str) -> Provider:
    """OpenID Connect Discovery 1.0: the issuer in the document must be the one that was asked. Raises Refused."""
    found = fetch(issuer.rstrip("/") + WELL_KNOWN)
    try:
        provider = msgspec.convert(found, Provider)
    except msgspec.ValidationError as error:
        raise Refused("malformed", f"the provider's configuration: {str(error)[:120]}") from error
    if provider.issuer != issuer:
        raise Refused("untrusted", "the provider's configuration names another issuer")
    if not all(map(safe, (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri))):
        raise Refused("untrusted", "an address of the provider is neither https nor on this machine")
    return provider


def authorization_url(provider: Provider, client: Client, *, state: str, nonce: str, verifier: str) -> str:
    """Where the customer logs in."""
    url: str = prepare_grant_uri(
        provider.authorization_endpoint,
        client_id=client.client_id,
        response_type="code",
        redirect_uri=client.redirect_uri,
        scope=SCOPE,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        prompt="login",
    )
    return url


def claims_for(
    client: Client, code: str, *, issuer_said: str | None, nonce: str, verifier: str, now: Micros
) -> dict[str, Any]:
    """The claims of the ID token that a code stands for, all checked. Raises Refused."""
    provider = discover(client.issuer)
    if issuer_said is None and provider.authorization_response_iss_parameter_supported:
        raise Refused("malformed", "the answer does not say of which issuer it is (RFC 9207)")
    if issuer_said is not None and issuer_said != provider.issuer:
        raise Refused("untrusted", "the answer is of another issuer (RFC 9207)")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "client_id": client.client_id,
        "code_verifier": verifier,
    }
    headers = {} if client.secret is None else {"authorization": _basic(client.client_id, client.secret)}
    answer = fetch(provider.token_endpoint, form=form, headers=headers)
    token, access = answer.get("id_token"), answer.get("access_token")
    if not isinstance(token, str) or not isinstance(access, str):
        raise Refused("malformed", "the provider gave no ID token")
    return check_id_token(
        token, fetch(provider.jwks_uri), client=client, nonce=nonce, access_token=access, now=now
    )


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, section 2.3.1: both are form-encoded first."""
    return "Basic " + b64encode(f"{quote(client_id)}:{quote(secret)}".encode()).decode()


def check_id_token(
    token: str, keys: dict[str, Any], *, client: Client, nonce: str, access_token: str, now: Micros
) -> dict[str, Any]:
    """Section 3.1.3.7 of OpenID Connect Core. Raises Refused."""
    header, _ = jose.opened(token)
    claims = jose.verified(token, jose.key_set(keys))
    check_times(claims, now)
    wanted = {
        "iss": {"essential": True, "value": client.issuer},
        "aud": {"essential": True, "value": client.client_id},
        "sub": {"essential": True},
    }
    told = {"nonce": nonce, "client_id": client.client_id, "access_token": access_token}
    checked = CodeIDToken(claims, header, wanted, told)
    try:
        checked.validate(now=now // SECOND, leeway=SKEW // SECOND)
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise Refused("mismatch", f"the ID token does not fit: {str(error)[:120]}") from error
    return claims
