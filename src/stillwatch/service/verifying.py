"""Verification: what an account has proved and lacks, proofs begun and completed, a vendor's events, step-up challenges.

There is an operation for the beginning and one for the answer of each method, made from what the method's file takes.
They are asked for by the operator's own sign-up or console on behalf of a customer, never by the customer's browser.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import msgspec

from stillwatch.access.verification.api import (
    HIGHEST,
    Answered,
    Begun,
    Lacking,
    Link,
    Method,
    Proof,
    StepUp,
    StepUps,
    VerificationDesk,
    catalogue,
    challenge_header,
)
from stillwatch.access.verification.api import Refused as NotProved
from stillwatch.access.verification.methods.recorded import Record
from stillwatch.access.verification.proof import SECOND
from stillwatch.access.verification.protocols.webhook import HEADERS
from stillwatch.records import Micros
from stillwatch.service.operation import Asked, Id, Media, Nothing, Operation, Words
from stillwatch.service.problem import Refused

EVENT = Media("application/json", "The vendor's event, byte for byte as it was signed")
UNSIGNED = frozenset({"forged", "late", "clock_skewed", "malformed"})  # reasons for which nobody is let in
LONGEST = 90 * 86_400  # seconds a step-up challenge may live
Found = TypeVar("Found")


class OfAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which account."""

    account_id: Id


class OfProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proof."""

    proof_id: Id


class OfVendor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which vendor, by its name in the settings."""

    vendor: Id


class Revocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is done; the audit keeps it."""

    reason: Words


class StepUpWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is asked for which level, and for how long. `max_age` is in seconds, as in RFC 9470."""

    accounts: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]
    level: Annotated[int, msgspec.Meta(ge=0, le=4)]
    max_age: Annotated[int, msgspec.Meta(ge=0, le=LONGEST)] | None = None
    seconds: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = 86_400


class StepUpAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The access token with which an account answers."""

    account_id: Id
    challenge_id: Id
    access_token: Annotated[str, msgspec.Meta(min_length=1, max_length=16_384)]


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """The level an account holds, -1 for none, the proofs it rests on, and what is lacking for the next."""

    level: int
    expires: Micros | None
    proofs: list[Proof]
    lacking: list[Lacking]


class StepUpAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge, and the value of `WWW-Authenticate` that tells a client of it."""

    challenge: StepUp
    www_authenticate: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An event was taken."""

    proof_id: str


def _desk(asked: Asked[Any, Any]) -> VerificationDesk:
    return VerificationDesk(asked.tenant, asked.standing.office)


def _step_ups(asked: Asked[Any, Any]) -> StepUps:
    return StepUps(asked.tenant, asked.standing.office)


def _judged(asked: Asked[Any, Any], method: str, judge: Callable[[], Found]) -> Found:
    """Counts what comes of an answer."""
    try:
        found = judge()
    except NotProved as refused:
        asked.standing.series.verified(method, refused.reason)
        raise
    asked.standing.series.verified(method, "proved")
    return found


def level(asked: Asked[OfAccount, None]) -> Level:
    account, desk = asked.parameters.account_id, _desk(asked)
    held = desk.level_of(account)
    wanted = desk.lacking(account, min(held.level + 1, HIGHEST))
    return Level(level=held.level, expires=held.expires, proofs=held.proofs, lacking=wanted)


def proofs(asked: Asked[OfAccount, None]) -> list[Proof]:
    return _desk(asked).proofs(asked.parameters.account_id)


def links(asked: Asked[Nothing, None]) -> list[Link]:
    return _desk(asked).links()


def record(asked: Asked[Nothing, Record]) -> Proof:
    by = asked.token.owner
    return _judged(asked, "recorded", lambda: _desk(asked).record(asked.body, by=by))


def revoke(asked: Asked[OfProof, Revocation]) -> list[Proof]:
    return _desk(asked).revoke(asked.parameters.proof_id, by=asked.token.owner, reason=asked.body.reason)


def event(asked: Asked[OfVendor, bytes]) -> Taken:
    vendor, headers, body = asked.parameters.vendor, asked.headers, asked.body
    try:
        made = _judged(asked, "identity_vendor", lambda: _desk(asked).receive(vendor, headers, body))
    except NotProved as refused:
        if refused.reason in UNSIGNED:
            challenge = {"www-authenticate": "Webhook-Signature"}
            raise Refused(HTTPStatus.UNAUTHORIZED, str(refused), challenge) from refused
        raise
    return Taken(proof_id=made.proof_id)


def ask(asked: Asked[Nothing, StepUpWanted]) -> list[StepUpAsked]:
    wanted = asked.body
    made = _step_ups(asked).ask(
        wanted.accounts,
        wanted.level,
        max_age=wanted.max_age,
        lives=wanted.seconds * SECOND,
        by=asked.token.owner,
    )
    return [
        StepUpAsked(challenge=one, www_authenticate=challenge_header(one.acr_values, max_age=one.max_age))
        for one in made
    ]


def answer(asked: Asked[Nothing, StepUpAnswer]) -> Answered:
    told = asked.body
    return _judged(
        asked,
        "step_up",
        lambda: _step_ups(asked).answer_token(told.challenge_id, told.account_id, told.access_token),
    )


def _of_method(name: str, method: Method) -> list[Operation]:
    """The beginning and, where it is the customer who answers, the answer of a method."""

    def begin(asked: Asked[Nothing, Any]) -> Begun:
        return _desk(asked).begin(name, asked.body)

    def complete(asked: Asked[Nothing, Any]) -> Proof:
        return _judged(asked, name, lambda: _desk(asked).complete(name, asked.body))

    made = []
    plain = name.replace("_", " ")
    if method.opening is not None:
        made.append(
            Operation(
                name=f"begin_{name}",
                method="POST",
                path=f"/verification/{name}/begin",
                scope="verify",
                summary=f"Begin the proof of {plain}",
                run=begin,
                answer=Begun,
                body=method.opening.takes,
            )
        )
    if method.opening is not None and not method.signed:
        made.append(
            Operation(
                name=f"complete_{name}",
                method="POST",
                path=f"/verification/{name}/complete",
                scope="verify",
                summary=f"Answer the challenge of {plain}",
                run=complete,
                answer=Proof,
                body=method.completes,
            )
        )
    return made


OPERATIONS = [
    Operation(
        name="get_level",
        method="GET",
        path="/verification/level",
        scope="read",
        summary="The level an account holds, and what it lacks for the next",
        run=level,
        answer=Level,
        parameters=OfAccount,
    ),
    Operation(
        name="list_proofs",
        method="GET",
        path="/verification/proofs",
        scope="read",
        summary="All proofs of an account, the oldest first; expired and revoked ones as well",
        run=proofs,
        answer=list[Proof],
        parameters=OfAccount,
    ),
    Operation(
        name="list_shared_proofs",
        method="GET",
        path="/verification/links",
        scope="read",
        summary="Accounts that have shown the same key, identity, domain or address",
        run=links,
        answer=list[Link],
    ),
    Operation(
        name="record_proof",
        method="POST",
        path="/verification/records",
        scope="decide",
        summary="Enter what a person has checked and vouches for",
        run=record,
        answer=Proof,
        body=Record,
    ),
    Operation(
        name="revoke_proof",
        method="POST",
        path="/verification/proofs/{proof_id}/revoke",
        scope="decide",
        summary="Take a proof back, with the key it stands for",
        run=revoke,
        answer=list[Proof],
        parameters=OfProof,
        body=Revocation,
    ),
    Operation(
        name="receive_identity_event",
        method="POST",
        path="/verification/events/{vendor}",
        scope=None,
        summary="Take the signed event of a vendor",
        run=event,
        answer=Taken,
        parameters=OfVendor,
        body=EVENT,
        headers=HEADERS,
    ),
    Operation(
        name="ask_step_up",
        method="POST",
        path="/verification/step-up",
        scope="decide",
        summary="Ask accounts for a level, all at once",
        run=ask,
        answer=list[StepUpAsked],
        body=StepUpWanted,
        body_bytes=4 << 20,
    ),
    Operation(
        name="answer_step_up",
        method="POST",
        path="/verification/step-up/answer",
        scope="verify",
        summary="Answer a step-up challenge with an access token",
        run=answer,
        answer=Answered,
        body=StepUpAnswer,
    ),
    *(one for name, method in sorted(catalogue().items()) for one in _of_method(name, method)),
]
