"""Oblivious pseudorandom functions: OPRF and VOPRF of RFC 9497 in the suite ristretto255-SHA512.

A client blinds its input; the server multiplies with its key and, in VOPRF mode, proves for a whole batch at once that
it was the key it is known for; the client takes the blind off and hashes. The server learns nothing of the input, the
client nothing of the key.
"""

from collections.abc import Sequence
from enum import IntEnum
from hashlib import sha512

from stillwatch.sharing.matching.crypto.group import (
    BYTES,
    ORDER,
    add,
    decoded,
    encoded,
    generated,
    hash_to_element,
    hash_to_scalar,
    inverses,
    multiply,
    random_scalar,
)

SUITE = "ristretto255-SHA512"


class Mode(IntEnum):
    """Which protocol; the RFC keeps their hashes apart."""

    OPRF = 0
    VOPRF = 1

    @property
    def context(self) -> bytes:
        return b"OPRFV1-" + bytes([self.value]) + b"-" + SUITE.encode()


def derive_key(seed: bytes, info: bytes, mode: Mode) -> int:
    """The secret key that follows from 32 secret bytes (DeriveKeyPair)."""
    for counter in range(256):
        secret = hash_to_scalar(seed + _sized(info) + bytes([counter]), b"DeriveKeyPair" + mode.context)
        if secret:
            return secret
    raise ArithmeticError("no key follows from this seed")


def blind(inputs: Sequence[bytes], blinds: Sequence[int], mode: Mode = Mode.VOPRF) -> list[bytes]:
    """Inputs as blinded elements."""
    tag = b"HashToGroup-" + mode.context
    return [multiply(by, hash_to_element(value, tag)) for value, by in zip(inputs, blinds, strict=True)]


def evaluate(secret: int, elements: Sequence[bytes]) -> list[bytes]:
    """What the server makes of blinded elements. Raises NotInGroup for what is none."""
    return [multiply(secret, element) for element in elements]


def finalize(inputs: Sequence[bytes], blinds: Sequence[int], evaluated: Sequence[bytes]) -> list[bytes]:
    """The outputs: the blinds taken off, and hashed with the inputs."""
    return [
        output(value, multiply(back, element))
        for value, back, element in zip(inputs, inverses(blinds), evaluated, strict=True)
    ]


def output(value: bytes, element: bytes) -> bytes:
    """The output of an input from its element under the key."""
    return sha512(_sized(value) + _sized(element) + b"Finalize").digest()


def directly(secret: int, inputs: Sequence[bytes], mode: Mode = Mode.VOPRF) -> list[bytes]:
    """The outputs of inputs for who holds the whole key (Evaluate)."""
    tag = b"HashToGroup-" + mode.context
    return [output(value, multiply(secret, hash_to_element(value, tag))) for value in inputs]


def prove(
    secret: int,
    public: bytes,
    elements: Sequence[bytes],
    evaluated: Sequence[bytes],
    *,
    chance: int | None = None,
) -> bytes:
    """The proof that all were evaluated under the key of `public` (GenerateProof)."""
    chance = random_scalar() if chance is None else chance
    first = _composite(public, elements, evaluated, (elements,))[0]
    second = multiply(secret, first)
    challenge = _challenge(public, first, second, generated(chance), multiply(chance, first))
    return encoded(challenge) + encoded((chance - challenge * secret) % ORDER)


def verify(public: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes], proof: bytes) -> bool:
    """Whether a proof shows that all were evaluated under the key of `public` (VerifyProof)."""
    try:
        challenge, answer = decoded(proof[:BYTES]), decoded(proof[BYTES:])
        first, second = _composite(public, elements, evaluated, (elements, evaluated))
        commitment = add(generated(answer), multiply(challenge, public))
        other = add(multiply(answer, first), multiply(challenge, second))
    except ValueError:  # no scalar, or an element that is none
        return False
    return challenge == _challenge(public, first, second, commitment, other)


def _composite(
    public: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes], summed: tuple[Sequence[bytes], ...]
) -> list[bytes]:
    """Sums of elements, each with the weight that the transcript gives its place."""
    context = Mode.VOPRF.context
    seed = _sized(sha512(_sized(public) + _sized(b"Seed-" + context)).digest())
    tag = b"HashToScalar-" + context
    weights = [
        hash_to_scalar(seed + at.to_bytes(2) + _sized(one) + _sized(other) + b"Composite", tag)
        for at, (one, other) in enumerate(zip(elements, evaluated, strict=True))
    ]
    totals = []
    for column in summed:
        total = multiply(weights[0], column[0])
        for weight, element in zip(weights[1:], column[1:], strict=True):
            total = add(total, multiply(weight, element))
        totals.append(total)
    return totals


def _challenge(public: bytes, *parts: bytes) -> int:
    whole = _sized(public) + b"".join(_sized(part) for part in parts) + b"Challenge"
    return hash_to_scalar(whole, b"HashToScalar-" + Mode.VOPRF.context)


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(2) + part
