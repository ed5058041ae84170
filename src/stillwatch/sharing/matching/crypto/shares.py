"""A key in shares (Shamir 1979) that nobody deals alone: each member deals a part, the key is the sum of all parts.

A dealer publishes commitments to its polynomial, by which each receiver checks its share (Feldman 1987) and everybody
knows the public share of each member, against which evaluations are proven. A dealer that waits for the others can bend
the distribution of the key, never learn it (Gennaro et al. 2007).
"""

from collections.abc import Mapping, Sequence

from stillwatch.sharing.matching.crypto.group import (
    ORDER,
    add,
    generated,
    inverses,
    is_element,
    multiply,
    random_scalar,
)


def deal(threshold: int, holders: Sequence[int]) -> tuple[list[bytes], dict[int, int]]:
    """A random part of a key: commitments to it, and the share of each holder (numbers from 1)."""
    polynomial = [random_scalar() for _ in range(threshold)]
    shares = {}
    for number in holders:
        value = 0
        for coefficient in reversed(polynomial):
            value = (value * number + coefficient) % ORDER
        shares[number] = value
    return [generated(coefficient) for coefficient in polynomial], shares


def public_share(commitments: Sequence[bytes], number: int) -> bytes:
    """What the share of a holder is in public, by the dealer's commitments. Raises NotInGroup where they are none."""
    total, power = multiply(1, commitments[0]), 1
    for commitment in commitments[1:]:
        power = power * number % ORDER
        total = add(total, multiply(power, commitment))
    return total


def fits(commitments: Sequence[bytes], number: int, share: int) -> bool:
    """Whether a share is that which the dealer committed to."""
    return 0 < share < ORDER and generated(share) == public_share(commitments, number)


def summed(elements: Sequence[bytes]) -> bytes | None:
    """The sum of elements, or None where it vanishes."""
    total = elements[0]
    for element in elements[1:]:
        total = add(total, element)
    return total if is_element(total) else None


def weights(quorum: Sequence[int]) -> Mapping[int, int]:
    """By what the share of each of a quorum is multiplied so that they sum to the key (Lagrange, at zero)."""
    tops, bottoms = [], []
    for number in quorum:
        top = bottom = 1
        for other in quorum:
            if other != number:
                top = top * other % ORDER
                bottom = bottom * (other - number) % ORDER
        tops.append(top)
        bottoms.append(bottom)
    return {
        number: top * back % ORDER for number, top, back in zip(quorum, tops, inverses(bottoms), strict=True)
    }
