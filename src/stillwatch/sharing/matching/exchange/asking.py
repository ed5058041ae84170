"""Asking a quorum: values in, outputs of the function out, whoever of the members is away or lies.

The asker's own share needs no request. Of the others, one that does not answer, refuses, or proves wrongly is left out for
the rest of the run and told of, and another holder takes its place.
"""

import secrets
import time
from collections.abc import Callable, Sequence

import msgspec

from stillwatch.records import StillwatchError
from stillwatch.sharing.matching.crypto import oprf, shares
from stillwatch.sharing.matching.crypto.group import ORDER, NotInGroup, decoded, multiply, random_scalar
from stillwatch.sharing.matching.exchange.messages import (
    CONTENT_TYPE,
    LARGEST_MESSAGE,
    MOST_ELEMENTS,
    NONCE_BYTES,
    PATH,
    BadMessage,
    Refusal,
    Request,
    is_signed,
    joined,
    opened,
    parted,
    reply_in,
    signed,
)
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.membership.identity import Identity
from stillwatch.sharing.matching.membership.roster import Roster

SECONDS = 30.0  # an evaluator has for one request: a full one takes it a fifth of a second

Post = Callable[[str, bytes], bytes]
"""Sends a message to a URL and gives back what came. Raises Unanswered where nothing did."""


class Unanswered(Exception):
    """Nothing came back that could be an answer."""


class Trouble(msgspec.Struct, frozen=True):
    """A member that was left out, and why."""

    member: str
    reason: str


class NoQuorum(StillwatchError):
    """Fewer members answer truly than a quorum needs."""

    exit_code = 3


class Asker:
    """One member asking the others. Not for use from several threads."""

    def __init__(self, identity: Identity, roster: Roster, key: EpochKey, post: Post) -> None:
        self._identity = identity
        self._roster = roster
        self._key = key
        self._post = post
        self._left_out: dict[int, Trouble] = {}

    @property
    def troubles(self) -> list[Trouble]:
        return list(self._left_out.values())

    def outputs(self, values: Sequence[bytes]) -> list[bytes]:
        """The output of each value, 64 bytes. Raises NoQuorum where too few members answer."""
        own = self._key.share
        if self._key.threshold == 1 and own is not None:
            return oprf.directly(decoded(bytes.fromhex(own)), values)
        found: list[bytes] = []
        for at in range(0, len(values), MOST_ELEMENTS):
            found += self._batch(values[at : at + MOST_ELEMENTS])
        return found

    def _batch(self, values: Sequence[bytes]) -> list[bytes]:
        blinds = [random_scalar() for _ in values]
        blinded = oprf.blind(values, blinds)
        while True:
            quorum = self._quorum()
            weights = shares.weights(quorum)
            parts = []
            for number in quorum:
                if number == self._key.number:
                    secret = weights[number] * decoded(bytes.fromhex(self._key.share or "")) % ORDER
                    parts.append(oprf.evaluate(secret, blinded))
                    continue
                public = multiply(weights[number], bytes.fromhex(self._key.public_shares[number]))
                try:
                    parts.append(self._asked(number, quorum, blinded, public))
                except (Unanswered, BadMessage, NotInGroup) as error:
                    self._left_out[number] = Trouble(self._roster.holders[number].name, str(error))
                    break
            else:
                totals = [shares.summed(pieces) for pieces in zip(*parts, strict=True)]
                return oprf.finalize(values, blinds, [total or b"" for total in totals])

    def _quorum(self) -> tuple[int, ...]:
        """Who is asked: itself, where it holds a share, and others by chance, so that all carry alike."""
        own = [] if self._key.number is None else [self._key.number]
        others = [
            number
            for number in self._roster.holders
            if number in self._key.public_shares and number not in {*own, *self._left_out}
        ]
        needed = self._key.threshold - len(own)
        if len(others) < needed:
            why = "; ".join(f"{trouble.member}: {trouble.reason}" for trouble in self.troubles)
            raise NoQuorum(f"{self._key.threshold} members make a quorum, and too few answer: {why}")
        secrets.SystemRandom().shuffle(others)
        return tuple(sorted([*own, *others[:needed]]))

    def _asked(self, number: int, quorum: Sequence[int], blinded: list[bytes], public: bytes) -> list[bytes]:
        member = self._roster.holders[number]
        message, named = signed(
            Request(
                group=self._roster.group,
                key_id=self._key.key_id,
                sender=self._identity.name,
                receiver=member.name,
                sent_at=time.time_ns() // 1000,
                nonce=secrets.token_bytes(NONCE_BYTES),
                quorum=list(quorum),
                elements=joined(blinded),
            ),
            self._identity,
        )
        envelope = opened(self._post((member.url or "").rstrip("/") + PATH, message))
        reply = reply_in(envelope)
        if not is_signed(envelope, member.verify_key) or reply.responder != member.name:
            raise BadMessage("its answer is not signed by it")
        if reply.request != named:
            raise BadMessage("its answer is to another request")
        if isinstance(reply, Refusal):
            raise Unanswered(f"refuses ({reply.reason}): {reply.detail[:200]}")
        evaluated = parted(reply.elements)
        if len(evaluated) != len(blinded) or not oprf.verify(public, blinded, evaluated, reply.proof):
            raise BadMessage("its proof is wrong: it did not evaluate with its share")
        return evaluated


class Http:
    """Messages as HTTP POST; connections are kept, answers are bounded, redirects not followed."""

    def __init__(self, timeout: float = SECONDS) -> None:
        import httpx  # noqa: PLC0415 - of the extra `share`, and slow to import

        self._failed = httpx.HTTPError
        self._client = httpx.Client(timeout=timeout, headers={"content-type": CONTENT_TYPE}, trust_env=False)

    def __call__(self, url: str, message: bytes) -> bytes:
        content = bytearray()
        try:
            with self._client.stream("POST", url, content=message) as response:
                for piece in response.iter_raw():
                    content += piece
                    if len(content) > LARGEST_MESSAGE:
                        raise Unanswered("answers without end")
        except self._failed as error:
            raise Unanswered(f"does not answer: {type(error).__name__} {error}".rstrip()) from error
        if not content:
            raise Unanswered(f"answers nothing, with HTTP status {response.status_code}")
        return bytes(content)

    def close(self) -> None:
        self._client.close()
