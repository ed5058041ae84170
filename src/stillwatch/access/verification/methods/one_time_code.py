"""A code sent to an e-mail address or a phone, and typed in again.

Shows: that somebody reads what arrives there. Stillwatch sends nothing: the code is handed to who asked, the operator's
sign-up, which sends it and must not show it to the customer.
Bounds: eight digits, five tries, 15 minutes: a guesser succeeds once in 20 million.
Keeps: a keyed token of the address, by which accounts with the same one are linked; of the code, a keyed token too.
Cannot show: that the address lasts, or is one person's. Disposable mail and virtual numbers are told apart at sign-up.
"""

import secrets
from typing import Annotated, Literal

import msgspec

from stillwatch.access.verification.methods._proving.interface import (
    Answer,
    Answering,
    Asked,
    Asking,
    Begun,
    Given,
    Method,
    Opening,
)
from stillwatch.access.verification.proof import MINUTE, Subject
from stillwatch.access.verification.refusal import Refused

DIGITS = 8


class Begin(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the code will be sent. The address is not kept."""

    channel: Literal["email", "phone"]
    address: Annotated[str, msgspec.Meta(min_length=3, max_length=320)]


class Complete(Answer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the customer typed."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


def begin(asking: Asking) -> Begun:
    asked = asking.asked
    address = _normal(asked.channel, asked.address)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    state = {
        "channel": asked.channel,
        "address": asking.keyed.token(asked.channel, address),
        "salt": secrets.token_hex(16),
    }
    state["code"] = asking.keyed.token("code", state["salt"], code)
    return Begun(state=state, shown={"send": code})


def _normal(channel: str, address: str) -> str:
    """The address as it is compared: no spaces, small letters, digits of a phone alone. Raises Refused."""
    text = "".join(address.split()).lower()
    if channel == "email":
        local, at, domain = text.rpartition("@")
        if not (local and at and "." in domain):
            raise Refused("malformed", "no e-mail address")
        return text
    digits = "".join(one for one in text if one in "0123456789")
    if not text.startswith("+") or not 7 <= len(digits) <= 15 or set(text) - set("+0123456789()-./"):
        raise Refused("malformed", "no phone number with its country's code, as in +44 20 7946 0958")
    return f"+{digits}"


def complete(answering: Answering) -> Given:
    state = answering.state
    typed = "".join(answering.answer.code.split())
    if not secrets.compare_digest(answering.keyed.token("code", state["salt"], typed), state["code"]):
        raise Refused("forged", "the code is wrong")
    return Given(
        kind=state["channel"],
        provenance={"channel": state["channel"]},
        subjects=(Subject(kind=state["channel"], token=state["address"]),),
    )


METHOD = Method(
    gives=("email", "phone"),
    completes=Complete,
    complete=complete,
    opening=Opening(
        takes=Begin,
        begin=begin,
        lives=15 * MINUTE,
        attempts=5,
    ),
)
