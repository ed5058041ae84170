"""What the operator decides about verification: one YAML file. Paths are relative to it; secrets are named, not written.

Every part may be left out; what needs it then says so.
"""

import os
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import msgspec

from stillwatch.access.verification.levels import Rules, packaged, parse
from stillwatch.access.verification.protocols.fetching import safe
from stillwatch.access.verification.protocols.mtls import certificate_of
from stillwatch.access.verification.protocols.openid import Client
from stillwatch.access.verification.protocols.passkeys import RelyingParty
from stillwatch.access.verification.protocols.text_records import server_of
from stillwatch.access.verification.protocols.webhook import Verifier
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import InvalidConfiguration

SHORTEST_SECRET = 24  # bytes, the least that Standard Webhooks allows
PREFIX = "whsec_"  # of a secret in Base64
ED25519 = 32  # bytes of a public key
STATED = ("email", "identity_ial2", "payment", "phone")  # kinds that a vendor may be trusted to state
PEM = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII)
FORMATS = frozenset({"android-key", "apple", "fido-u2f", "packed", "tpm"})


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity provider where organisations log in. `domain_claim` says the domain; without, that of the e-mail."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str | None = None  # name of an environment variable
    domain_claim: str | None = None


class Vendor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may send signed events, and which proofs it may state."""

    states: list[str]
    secret: str | None = (
        None  # name of an environment variable; two secrets with a space between are both taken
    )
    public_keys: list[str] = []  # Ed25519 in Base64, for signatures `v1a`


class AccessTokens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The operator's own authorization server, whose access tokens answer step-up challenges."""

    issuer: str
    audience: str
    jwks: str  # file
    account_claim: str = "sub"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of the file."""

    relying_party: RelyingParty | None = None
    attestation_roots: dict[str, list[str]] = {}  # form of attestation -> files with certificates in PEM
    organisations: dict[str, Organisation] = {}
    vendors: dict[str, Vendor] = {}
    name_servers: list[str] = []
    access_tokens: AccessTokens | None = None
    levels: str | None = None  # file; else the packaged one
    folder: Path = Path()  # of the file

    def party(self) -> RelyingParty:
        if self.relying_party is None:
            raise InvalidConfiguration("passkeys need a relying_party in the settings of verification")
        return self.relying_party

    def rules(self) -> Rules:
        if self.levels is None:
            return packaged()
        return parse(_text(self.folder / self.levels), self.levels)

    def roots(self) -> dict[str, list[bytes]]:
        """Certificates in PEM by form of attestation. Raises InvalidConfiguration."""
        return {
            form: [one.encode() for name in names for one in PEM.findall(_text(self.folder / name))]
            for form, names in self.attestation_roots.items()
        }

    def client(self, organisation: str) -> Client:
        """How we are known to an identity provider. Raises Refused where there is none of this name."""
        found = self.organisations.get(organisation)
        if found is None:
            raise Refused("unknown", f"no identity provider {organisation[:80]!r} in the settings")
        secret = None if found.secret is None else _secret(found.secret)
        return Client(
            issuer=found.issuer, client_id=found.client_id, secret=secret, redirect_uri=found.redirect_uri
        )

    def verifier(self, vendor: str) -> Verifier | None:
        """What checks a vendor's signatures; None where there is no such vendor. Raises InvalidConfiguration."""
        found = self.vendors.get(vendor)
        if found is None:
            return None
        secrets = [] if found.secret is None else [secret_bytes(one) for one in _secret(found.secret).split()]
        return Verifier(secrets, [_public(one) for one in found.public_keys])


def load(path: Path) -> Settings:
    """Read the file, and all it names. Raises InvalidConfiguration."""
    import yaml  # noqa: PLC0415 - an extra

    try:
        given = yaml.safe_load(_text(path))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"{path}: {' '.join(str(error).split())}") from error
    return settings_from({} if given is None else given, str(path), path.parent)


def settings_from(given: object, where: str, folder: Path = Path()) -> Settings:
    """Check settings that were read. Raises InvalidConfiguration."""
    if isinstance(given, Mapping) and "folder" in given:
        raise InvalidConfiguration(f"{where}: unknown key 'folder'")
    try:
        settings = msgspec.structs.replace(msgspec.convert(given, Settings), folder=folder)
        _check(settings)
    except (msgspec.ValidationError, InvalidConfiguration, Refused) as error:
        raise InvalidConfiguration(f"{where}: {error}") from error
    return settings


def _check(settings: Settings) -> None:
    """What can be found out before the first customer comes."""
    settings.rules()
    if strange := sorted(set(settings.attestation_roots) - FORMATS):
        raise InvalidConfiguration(f"attestation_roots: no such form as {strange[0]!r}")
    for form, found in settings.roots().items():
        if not found:
            raise InvalidConfiguration(f"attestation_roots: {form}: no certificate in PEM")
        for root in found:
            certificate_of(root.decode())
    for name, one in settings.organisations.items():
        if not safe(one.issuer) or not safe(one.redirect_uri):
            raise InvalidConfiguration(f"organisations: {name}: issuer and redirect_uri must be https")
        settings.client(name)
    for name in settings.vendors:
        _check_vendor(settings, name)
    for server in settings.name_servers:
        server_of(server)
    if settings.relying_party is not None and not _hosts_fit(settings.relying_party):
        raise InvalidConfiguration("relying_party: each origin must be https, at the domain `id` or below it")


def _check_vendor(settings: Settings, name: str) -> None:
    states = settings.vendors[name].states
    if not states or set(states) - set(STATED):
        raise InvalidConfiguration(f"vendors: {name}: states lists some of: {', '.join(STATED)}")
    found = settings.verifier(name)
    if found is None or not (found.secrets or found.public_keys):
        raise InvalidConfiguration(f"vendors: {name}: needs a secret or public_keys")


def _hosts_fit(party: RelyingParty) -> bool:
    hosts = [one.partition("://")[2].partition(":")[0] for one in party.origins]
    below = (one == party.id or one.endswith(f".{party.id}") for one in hosts)
    return bool(hosts) and all(below) and all(map(safe, party.origins))


def secret_bytes(text: str) -> bytes:
    """The key of a webhook secret: Base64 after `whsec_`, else the text itself. Raises InvalidConfiguration."""
    try:
        coded = text.startswith(PREFIX)
        key = b64decode(text.removeprefix(PREFIX), validate=True) if coded else text.encode()
    except ValueError as error:
        raise InvalidConfiguration(f"a webhook secret: no Base64 after {PREFIX}") from error
    if len(key) < SHORTEST_SECRET:
        raise InvalidConfiguration(f"a webhook secret has {len(key)} bytes; it needs {SHORTEST_SECRET}")
    return key


def _secret(variable: str) -> str:
    text = os.environ.get(variable, "").strip()
    if not text:
        raise InvalidConfiguration(f"the environment variable {variable} holds no secret")
    return text


def _public(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != ED25519:
        raise InvalidConfiguration("a public key of Ed25519 is 32 bytes in Base64")
    return key


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error}") from error
