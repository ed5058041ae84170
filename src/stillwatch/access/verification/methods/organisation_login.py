"""A login at an organisation's identity provider, by OpenID Connect.

Shows: that somebody could log in just now at a provider that the operator has named, and of which domain the account there
is: the claim `domain_claim` (as Google's `hd`), else the domain of an e-mail address that the provider calls verified.
Together with `domain_control` of the same domain it stands for an organisation: a login alone may be of a tenant that
anybody has made under any name.
Checks: the code flow with PKCE; `state` and `nonce`; the issuer (RFC 9207 where the provider supports it); signature by the
provider's published keys; audience, authorised party, times and `at_hash`.
Keeps: the issuer, and keyed tokens of the user and of the domain. No name and no address.
Cannot show: what the organisation is, or that the person may speak for it.
"""

import secrets
from typing import Annotated, Any

import msgspec

from stillwatch.access.verification.methods._proving.interface import (
    Answer,
    Answering,
    Asked,
    Asking,
    Begun,
    Given,
    Line,
    Method,
    Opening,
)
from stillwatch.access.verification.proof import MINUTE
from stillwatch.access.verification.protocols import base64url, openid
from stillwatch.access.verification.protocols.text_records import domain_of
from stillwatch.access.verification.refusal import Refused
from stillwatch.access.verification.settings import Organisation

SECRET = 32  # random bytes of state, nonce and verifier each


class Begin(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At which provider, by its name in the settings."""

    organisation: Line


class Complete(Answer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters with which the provider sent the customer back."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
    state: Line
    iss: Line | None = None


def begin(asking: Asking) -> Begun:
    organisation = asking.asked.organisation
    client = asking.settings.client(organisation)
    state, nonce, verifier = (base64url.encoded(secrets.token_bytes(SECRET)) for _ in range(3))
    url = openid.authorization_url(
        openid.discover(client.issuer), client, state=state, nonce=nonce, verifier=verifier
    )
    kept = {"organisation": organisation, "state": state, "nonce": nonce, "verifier": verifier}
    return Begun(state=kept, shown={"authorization_url": url})


def complete(answering: Answering) -> Given:
    kept, answer = answering.state, answering.answer
    if not secrets.compare_digest(answer.state.encode("utf-8", "replace"), kept["state"].encode()):
        raise Refused("forged", "the state is that of another login")
    client = answering.settings.client(kept["organisation"])
    claims = openid.claims_for(
        client,
        answer.code,
        issuer_said=answer.iss,
        nonce=kept["nonce"],
        verifier=kept["verifier"],
        now=answering.now,
    )
    user = answering.keyed.subject("organisation_user", client.issuer, claims["sub"])
    domain = _domain(claims, answering.settings.organisations[kept["organisation"]])
    return Given(
        kind="organisation_login",
        provenance={"issuer": client.issuer, "provider": kept["organisation"]},
        subjects=(user, answering.keyed.subject("domain", domain)),
    )


def _domain(claims: dict[str, Any], organisation: Organisation) -> str:
    """Raises Refused."""
    if organisation.domain_claim is not None:
        said = claims.get(organisation.domain_claim)
        if not isinstance(said, str):
            raise Refused(
                "insufficient", f"the login has no {organisation.domain_claim}: it is of no organisation"
            )
        return domain_of(said)
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise Refused("insufficient", "the provider does not say that it has verified the e-mail address")
    return domain_of(email.rpartition("@")[2])


METHOD = Method(
    gives=("organisation_login",),
    completes=Complete,
    complete=complete,
    opening=Opening(
        takes=Begin,
        begin=begin,
        lives=15 * MINUTE,
        attempts=2,
    ),
)
