"""What a vendor of identity checks found, told by its signed event.

Shows: what the vendor is trusted to state, by `states` in the settings: a person at IAL2, a phone, a means of payment.
Begins: with a reference, which the operator gives the vendor when it sends the customer there.
Event: `{"type": ..., "data": {"reference", "outcome": "passed" or "failed", "proof", "performed_at", "identity"}}`, posted to
`/v1/TENANT/verification/events/VENDOR` and signed in the manner of Standard Webhooks: `v1` with a shared secret, `v1a` with
Ed25519. Vendors that speak otherwise need a translator on the operator's side.
Refuses, and counts: a forged signature; an event signed over five minutes ago, or ahead of our clock; an id that came
before; a proof the vendor may not state; a reference of no challenge, or one that was answered.
Keeps: a keyed token of `identity`, by which one person behind n accounts is seen. No document, no name.
Cannot show: that the vendor looked well. A person can be paid to pass.
"""

import msgspec

from stillwatch.access.verification.methods._proving.interface import (
    Answering,
    Asked,
    Asking,
    Begun,
    Given,
    Line,
    Method,
    Opening,
)
from stillwatch.access.verification.proof import DAY, SECOND, SKEW
from stillwatch.access.verification.protocols.webhook import Said
from stillwatch.access.verification.refusal import Refused
from stillwatch.access.verification.settings import STATED
from stillwatch.records import Micros

OLDEST = 7 * DAY  # between the check and the event that tells of it


class Begin(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which vendor, by its name in the settings, and what it is to check."""

    vendor: Line
    proof: Line = "identity_ial2"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a vendor, its signature verified."""

    vendor: str
    event_id: str
    said: Said


def begin(asking: Asking) -> Begun:
    asked = asking.asked
    vendor = asking.settings.vendors.get(asked.vendor)
    if vendor is None:
        raise Refused("unknown", f"no vendor {asked.vendor[:80]!r} in the settings")
    if asked.proof not in vendor.states:
        raise Refused("untrusted", f"{asked.vendor} may not state {asked.proof[:80]!r}")
    return Begun(state={"vendor": asked.vendor, "proof": asked.proof}, shown={"vendor": asked.vendor})


def complete(answering: Answering) -> Given:
    told, kept = answering.answer, answering.state
    said = told.said
    if (told.vendor, said.proof) != (kept["vendor"], kept["proof"]):
        raise Refused("mismatch", "the event is about something that this vendor was not asked for")
    if said.outcome != "passed":
        raise Refused("insufficient", "the vendor did not find what it was asked for")
    performed = Micros(said.performed_at * SECOND)
    if performed > answering.now + SKEW:
        raise Refused("clock_skewed", "the check lies ahead of our clock")
    if answering.now - performed > OLDEST:
        raise Refused("late", "the check was performed too long ago")
    subjects = (
        () if said.identity is None else (answering.keyed.subject("identity", told.vendor, said.identity),)
    )
    return Given(
        kind=said.proof,
        provenance={"vendor": told.vendor, "event_id": told.event_id},
        subjects=subjects,
        made_at=performed,
        by=told.vendor,
    )


METHOD = Method(
    gives=STATED,
    completes=Told,
    complete=complete,
    opening=Opening(
        takes=Begin,
        begin=begin,
        lives=7 * DAY,
        attempts=20,
    ),
    signed=True,
)
