"""Control of a domain, by a text record in its zone.

Shows: that somebody who can write to the domain's zone wanted this account to prove it. The record
`_stillwatch.DOMAIN` must hold the text that was told, which is of one account and one attempt.
Asks: each of `name_servers`, and all of them must have it, so that one spoofed server is not enough; without any, the
resolver of the machine. Whether the server has checked DNSSEC is kept with the proof.
Patience: a zone takes up to days to be seen everywhere; the challenge lives for a week and may be tried 100 times.
Keeps: a keyed token of the domain, by which accounts of one domain are linked.
Cannot show: who the organisation is. Anybody can buy a domain; together with `organisation_login` of the same domain it
counts for more.
"""

import secrets
from typing import Annotated

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
from stillwatch.access.verification.proof import DAY
from stillwatch.access.verification.protocols import base64url
from stillwatch.access.verification.protocols.text_records import domain_of, texts_under
from stillwatch.access.verification.refusal import Refused

LABEL = "_stillwatch"
BEFORE = "stillwatch-verification="
RANDOM = 20  # bytes


class Begin(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which domain."""

    domain: Annotated[str, msgspec.Meta(min_length=3, max_length=253)]


def begin(asking: Asking) -> Begun:
    domain = domain_of(asking.asked.domain)
    text = BEFORE + base64url.encoded(secrets.token_bytes(RANDOM))
    return Begun(
        state={"domain": domain, "text": text},
        shown={"type": "TXT", "name": f"{LABEL}.{domain}", "text": text},
    )


def complete(answering: Answering) -> Given:
    domain, text = answering.state["domain"], answering.state["text"]
    found = texts_under(f"{LABEL}.{domain}", answering.settings.name_servers)
    if not all(text in one.texts for one in found):
        raise Refused("not_found", f"there is no such text record at {LABEL}.{domain} yet")
    return Given(
        kind="domain_control",
        provenance={"servers": len(found), "dnssec": all(one.signed for one in found)},
        subjects=(answering.keyed.subject("domain", domain),),
    )


METHOD = Method(
    gives=("domain_control",),
    completes=Answer,
    complete=complete,
    opening=Opening(
        takes=Begin,
        begin=begin,
        lives=7 * DAY,
        attempts=100,
    ),
)
