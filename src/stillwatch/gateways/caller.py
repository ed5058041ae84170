"""Who is calling, from what a gateway can see of a request: headers and the peer's address.

The account is, in this order: the header named `account_header`; the claim `account_claim` in the header named
`claims_header`, where the proxy in front has checked the token and left its payload (JSON, or that in base64url); a
hash of the API key. Headers that name accounts or carry facts must be set by the proxy in front, which must also
remove them from what clients send: a client could write them too.

An API key is never kept: what stands for it is a BLAKE2b hash with the operator's secret key.

The client's address is the peer's. Behind N proxies of your own that append to X-Forwarded-For, `trusted_hops: N`
takes the Nth entry from the right: what stands further left was written by the client.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from ipaddress import ip_address

import msgspec

from stillwatch.features.key import SketchKey
from stillwatch.gateways._wire.body import Json, decoded

KEY_HEADERS = ("x-api-key", "api-key")  # Anthropic, Azure
SCHEMES = frozenset({"bearer", "dpop"})  # of Authorization; the second is that of RFC 9449
FACTS = ("asn", "country", "ja4", "org_id", "session_id", "pathway", "plan", "programme", "end_user_id")


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway knows of a call besides its body. `None` stands for "the gateway does not know"."""

    account_id: str | None
    exchange_id: str | None = None  # where the gateway has an id of its own that is unique
    org_id: str | None = None
    api_key_id: str | None = None
    end_user_id: str | None = None
    session_id: str | None = None
    pathway: str | None = None
    plan: str | None = None
    programme: str | None = None
    kyc_level: int | None = None
    client_ip: str | None = None
    asn: int | None = None
    country: str | None = None
    user_agent: str | None = None
    ja4: str | None = None
    accept_language: str | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """How callers are told apart."""

    key: SketchKey
    account_header: str | None = None
    claims_header: str | None = None
    account_claim: str = "sub"
    trusted_hops: int = 0
    fact_headers: Mapping[str, str] = {}  # field of Caller -> header

    def caller(self, headers: Iterable[tuple[str, str]], peer: str | None) -> Caller:
        """The caller of a request; header names in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in headers:
            found.setdefault(name, []).append(value)
        single = {name: values[-1] for name, values in found.items()}
        api_key_id = self._key_id(single)
        facts = {field: single.get(header) or None for field, header in self.fact_headers.items()}
        asn, level = _whole(facts.pop("asn", None)), _whole(facts.pop("kyc_level", None))
        return Caller(
            account_id=self._account(single) or api_key_id,
            api_key_id=api_key_id,
            client_ip=client_address(found.get("x-forwarded-for", []), peer, self.trusted_hops),
            user_agent=single.get("user-agent"),
            accept_language=single.get("accept-language"),
            asn=asn,
            kyc_level=level,
            **facts,
        )

    def _account(self, headers: Mapping[str, str]) -> str | None:
        if self.account_header and (account := headers.get(self.account_header)):
            return account
        if not self.claims_header:
            return None
        claim = _claims(headers.get(self.claims_header, "")).get(self.account_claim)
        return claim if isinstance(claim, str) and claim else None

    def _key_id(self, headers: Mapping[str, str]) -> str | None:
        shown = api_keys(headers.items())
        return self.key_id(shown[0]) if shown else None

    def key_id(self, api_key: str) -> str:
        """What stands for an API key."""
        secret = api_key.encode("utf-8", "surrogatepass")
        return blake2b(secret, key=self.key.secret, digest_size=16, person=b"api key").hexdigest()


def api_keys(headers: Iterable[tuple[str, str]]) -> list[str]:
    """The API keys that a request shows, each once: that of Authorization first."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    said = [one.partition(" ") for one in found.get("authorization", ())]
    tokens = [token.strip() for kind, _, token in said if kind.lower() in SCHEMES]
    tokens += [one for name in KEY_HEADERS for one in found.get(name, ())]
    return list(dict.fromkeys(one for one in tokens if one))


def client_address(forwarded: Iterable[str], peer: str | None, trusted_hops: int) -> str | None:
    """The client's address as far as it can be trusted; `forwarded` are the X-Forwarded-For headers in order.

    Where fewer hops are named than trusted, the first one is what a trusted proxy saw.
    """
    hops = [hop.strip() for header in forwarded for hop in header.split(",")] if trusted_hops else []
    named = hops[max(len(hops) - trusted_hops, 0)] if hops else peer
    return _address(named)


def _address(text: str | None) -> str | None:
    """An address without its port; None for what is none."""
    if not text:
        return None
    plain = text[1:].split("]", 1)[0] if text.startswith("[") else text
    plain = plain.split(":", 1)[0] if plain.count(":") == 1 else plain
    try:
        address = ip_address(plain.split("%", 1)[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def _claims(header: str) -> Mapping[str, Json]:
    if not header.startswith("{"):
        try:
            header = urlsafe_b64decode(header + "=" * (-len(header) % 4)).decode()
        except ValueError:
            return {}
    claims = decoded(header.encode("utf-8", "surrogatepass"))
    return claims if isinstance(claims, dict) else {}


def _whole(text: str | None) -> int | None:
    digits = (text or "").strip().upper().removeprefix("AS")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 11 else None
