"""The two ceremonies of WebAuthn: registering a passkey, and signing with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import webauthn
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import (
    InvalidAuthenticationResponse,
    InvalidCertificateChain,
    InvalidRegistrationResponse,
)
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from stillwatch.access.verification.protocols import base64url
from stillwatch.access.verification.protocols.attestation import Attestation, attestation_of
from stillwatch.access.verification.refusal import Reason, Refused

TIMEOUT = 300_000  # milliseconds a browser waits for the person
LONGEST = 65_536  # characters of a field; attestations of a TPM have some 6,000
CLONED = "sign count"  # by which the library's message of a counter that went back is known


class RelyingParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks for passkeys: the domain they are bound to, its name, and the pages that may ask."""

    id: str
    name: str
    origins: list[str]


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A new passkey. `copyable`: its maker lets it be synchronised to other devices."""

    credential_id: str
    public: bytes
    counter: int
    user_verified: bool
    copyable: bool
    attestation: Attestation


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A ceremony with a passkey that is known."""

    counter: int
    user_verified: bool


def registration_options(
    party: RelyingParty, *, user: bytes, name: str, challenge: bytes, known: Sequence[str]
) -> dict[str, Any]:
    """For `navigator.credentials.create()`. An authenticator that holds one of the `known` refuses by itself."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user,
        user_name=name,
        challenge=challenge,
        timeout=TIMEOUT,
        attestation=AttestationConveyancePreference.DIRECT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json_dict(options)


def authentication_options(party: RelyingParty, *, challenge: bytes, known: Sequence[str]) -> dict[str, Any]:
    """For `navigator.credentials.get()`."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _described(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url.decoded(one)) for one in known]


def register(
    party: RelyingParty,
    credential: Mapping[str, Any],
    *,
    challenge: bytes,
    roots: Mapping[str, Sequence[bytes]],
) -> Registered:
    """`roots` are certificates in PEM by the form of attestation they vouch for. Raises Refused.

    An attestation that leads to none of them makes a passkey that is not attested.
    """
    _check_shape(credential)
    by_format = {AttestationFormat(form): list(found) for form, found in roots.items() if found}
    try:
        verified = _verified(party, credential, challenge, by_format)
    except _OtherMaker:  # a passkey all the same, that nobody vouches for
        by_format = {}
        verified = _verified(party, credential, challenge, by_format)
    return Registered(
        credential_id=base64url.encoded(verified.credential_id),
        public=verified.credential_public_key,
        counter=verified.sign_count,
        user_verified=verified.user_verified,
        copyable=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        attestation=attestation_of(verified, frozenset(form.value for form in by_format)),
    )


class _OtherMaker(Exception):
    """The attestation leads to none of the roots that were given."""


def _verified(
    party: RelyingParty,
    credential: Mapping[str, Any],
    challenge: bytes,
    roots: Mapping[AttestationFormat, list[bytes]],
) -> VerifiedRegistration:
    try:
        return webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origins,
            require_user_verification=True,
            pem_root_certs_bytes_by_fmt=roots,
        )
    except InvalidRegistrationResponse as error:
        if roots and isinstance(error.__context__, InvalidCertificateChain):
            raise _OtherMaker from error
        raise Refused("forged", f"the passkey cannot be verified: {error}"[:300]) from error
    except Exception as error:
        raise Refused("malformed", f"no passkey that webauthn can read: {type(error).__name__}") from error


def sign(
    party: RelyingParty, credential: Mapping[str, Any], *, challenge: bytes, public: bytes, counter: int
) -> Signed:
    """Raises Refused."""
    _check_shape(credential)
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origins,
            credential_public_key=public,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except InvalidAuthenticationResponse as error:
        reason: Reason = "cloned" if CLONED in str(error) else "forged"
        raise Refused(reason, f"the passkey's signature cannot be verified: {error}"[:300]) from error
    except Exception as error:
        raise Refused("malformed", f"no signature that webauthn can read: {type(error).__name__}") from error
    return Signed(counter=verified.new_sign_count, user_verified=verified.user_verified)


def _check_shape(credential: Mapping[str, Any]) -> None:
    """Raises Refused where a field is too long, or the page that asked stood in another one's frame."""
    response = credential.get("response")
    fields = [*credential.values(), *(response.values() if isinstance(response, Mapping) else ())]
    if any(isinstance(one, str) and len(one) > LONGEST for one in fields):
        raise Refused("malformed", "a field of the passkey is too long")
    told = response.get("clientDataJSON") if isinstance(response, Mapping) else None
    try:
        client = msgspec.json.decode(base64url.decoded(told)) if isinstance(told, str) else None
    except (ValueError, RecursionError):
        client = None
    if not isinstance(client, dict):
        raise Refused("malformed", "the passkey has no clientDataJSON")
    if client.get("crossOrigin", False) is not False:
        raise Refused("mismatch", "the passkey was asked for within another site's frame")
