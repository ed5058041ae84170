"""The group ristretto255 (RFC 9496): its elements and scalars as 32 bytes each, computed by libsodium.

Scalars are taken as numbers modulo ORDER. Wherever a secret scalar meets an element, libsodium multiplies, in
constant time; elements that are no encoding of the group, and the identity, are refused as RFC 9497 asks.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha512
from pathlib import Path

from stillwatch.records import InvalidConfiguration

try:
    import rbcl
    from rbcl.rbcl import _sodium as _library
except ImportError as _missing:
    raise InvalidConfiguration(
        "private matching needs the packages of `share`: pip install 'stillwatch[share]'"
    ) from _missing

with suppress(OSError):  # the package unpacks libsodium into a file for each process, and leaves it there
    Path(_library._name).unlink()  # noqa: SLF001 - it says nowhere else where

ORDER = 2**252 + 27742317777372353535851937790883648493
BYTES = 32  # of an element, and of a scalar
_BLOCK = bytes(128)  # of SHA-512, which RFC 9380 puts before a message
_BEFORE = sha512(_BLOCK)


class NotInGroup(ValueError):
    """Bytes that encode no element of the group, or its identity."""


def encoded(scalar: int) -> bytes:
    return scalar.to_bytes(BYTES, "little")


def decoded(scalar: bytes) -> int:
    """The scalar of 32 bytes. Raises ValueError where they are not the one way to write it."""
    value = int.from_bytes(scalar, "little")
    if len(scalar) != BYTES or value >= ORDER:
        raise ValueError("not a scalar of ristretto255")
    return value


def random_scalar() -> int:
    """A scalar drawn evenly from all but zero."""
    while True:
        if scalar := int.from_bytes(secrets.token_bytes(64)) % ORDER:
            return scalar


def multiply(scalar: int, element: bytes) -> bytes:
    """The product of a scalar and an element. Raises NotInGroup where the element is none, or the product vanishes."""
    try:
        product: bytes = rbcl.crypto_scalarmult_ristretto255(encoded(scalar), element)
    except (RuntimeError, ValueError, TypeError) as error:
        raise NotInGroup("not an element of ristretto255, or the identity") from error
    return product


def generated(scalar: int) -> bytes:
    """The product of a scalar and the generator. Raises NotInGroup where it vanishes."""
    try:
        product: bytes = rbcl.crypto_scalarmult_ristretto255_base(encoded(scalar))
    except RuntimeError as error:
        raise NotInGroup("the identity") from error
    return product


def add(one: bytes, other: bytes) -> bytes:
    """The sum of two that are known to be elements: the library does not say where one is none."""
    total: bytes = rbcl.crypto_core_ristretto255_add(one, other)
    return total


def is_element(element: bytes) -> bool:
    """Whether bytes encode an element other than the identity."""
    return (
        len(element) == BYTES and any(element) and bool(rbcl.crypto_core_ristretto255_is_valid_point(element))
    )


def expand(message: bytes, tag: bytes) -> bytes:
    """64 bytes of expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1)."""
    suffix = tag + bytes([len(tag)])
    first = _BEFORE.copy()
    first.update(message + b"\x00\x40\x00" + suffix)
    return sha512(first.digest() + b"\x01" + suffix).digest()


def hash_to_element(message: bytes, tag: bytes) -> bytes:
    element: bytes = rbcl.crypto_core_ristretto255_from_hash(expand(message, tag))
    return element


def hash_to_scalar(message: bytes, tag: bytes) -> int:
    return int.from_bytes(expand(message, tag), "little") % ORDER


def inverses(scalars: Sequence[int]) -> list[int]:
    """The inverses of scalars that are not zero, all by one inversion (Montgomery's trick)."""
    running, product = [], 1
    for scalar in scalars:
        running.append(product)
        product = product * scalar % ORDER
    inverse = pow(product, -1, ORDER)
    out = [0] * len(scalars)
    for at in range(len(scalars) - 1, -1, -1):
        out[at] = inverse * running[at] % ORDER
        inverse = inverse * scalars[at] % ORDER
    return out
