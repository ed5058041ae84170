"""The challenge of RFC 9470: that stronger proof is needed, and whether an access token's `acr` and `auth_time` give it.

A level N is written `kyc-N`. A token whose `acr` names a higher level answers as well, since levels build on each other.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec

from stillwatch.access.verification.proof import SECOND, SKEW
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

ERROR = "insufficient_user_authentication"  # section 3
MESSAGE = "Verification is needed before this account can go on."
SCHEMES = frozenset({"Bearer", "DPoP"})
LEVEL = re.compile(r"kyc-([0-4])", re.ASCII)
LATEST = 4_102_444_800  # seconds: the year 2100, beyond which a time is a mistake


class StepUp(msgspec.Struct, frozen=True, kw_only=True):
    """What one account is asked for, until when. It is answered once."""

    challenge_id: str
    account_id: str
    level: int
    acr_values: list[str]
    max_age: int | None  # seconds since the login; None where any will do
    made_at: Micros
    expires_at: Micros


def acr_of(level: int) -> str:
    return f"kyc-{level}"


def level_of_acr(acr: object) -> int | None:
    """The level that an `acr` names, or None where it names none."""
    found = LEVEL.fullmatch(acr) if isinstance(acr, str) else None
    return int(found[1]) if found else None


def challenge_header(
    acr_values: Sequence[str],
    *,
    max_age: int | None = None,
    scheme: str = "Bearer",
    message: str = MESSAGE,
    error: str = ERROR,
) -> str:
    """The value of `WWW-Authenticate` (section 3): parameters are quoted strings, but for `max_age`'s digits."""
    parts = [f'error="{error}"', f'error_description="{_quoted(message)}"']
    if acr_values:
        parts.append(f'acr_values="{_quoted(" ".join(acr_values))}"')
    if max_age is not None:
        parts.append(f'max_age="{max_age}"')
    return f"{scheme} {', '.join(parts)}"


def _quoted(text: str) -> str:
    """RFC 6750 allows printable ASCII but for the quotation mark and the backslash."""
    return "".join(one if " " <= one <= "~" and one not in '"\\' else "'" for one in text)


def answers(claims: Mapping[str, object], asked: StepUp, now: Micros) -> int:
    """The level a token's claims show, where they answer the challenge. Raises Refused.

    The claims are those of a token that was verified, or of an answer to introspection (section 6).
    """
    if now >= asked.expires_at:
        raise Refused("expired", "the challenge has expired")
    level = level_of_acr(claims.get("acr"))
    if claims.get("acr") not in asked.acr_values and (level is None or level < asked.level):
        raise Refused("insufficient", f"the token's acr is not {acr_of(asked.level)} or higher")
    if asked.max_age is not None:
        authenticated = claims.get("auth_time")
        if not isinstance(authenticated, int | float) or isinstance(authenticated, bool):
            raise Refused("insufficient", "the token does not say when the login was: auth_time is missing")
        if not 0 <= authenticated <= LATEST:
            raise Refused("malformed", "auth_time is no time in seconds")
        moment = round(authenticated * SECOND)
        if moment > now + SKEW:
            raise Refused("clock_skewed", "auth_time lies ahead of our clock")
        if now - moment > asked.max_age * SECOND:
            raise Refused("insufficient", f"the login is more than {asked.max_age} seconds old")
    return asked.level if level is None else level
