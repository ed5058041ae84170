"""The cipher of an id: a keyed permutation of the whole block, four rounds of Feistel with AES-256 in each.

Luby and Rackoff: with four rounds of a pseudo-random function it is a strong permutation, as long as far fewer than
2^44 blocks are enciphered under one key. Changing any bit of an id changes every bit of what it deciphers to. There is
no nonce that could be used twice: equal contents give equal ids, and nothing else follows from a repetition.
"""

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from stillwatch.marks.ids.forms import FORMS, Form
from stillwatch.records import InvalidConfiguration

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ModuleNotFoundError as missing:
    raise InvalidConfiguration("minted ids need more packages: pip install 'stillwatch[live]'") from missing

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 16  # bytes of AES
ROUNDS = 4
FORWARD, BACKWARD = tuple(range(ROUNDS)), tuple(reversed(range(ROUNDS)))


def derived(secret: bytes, purpose: bytes, tenant: str, size: int) -> bytes:
    """A key for one purpose and tenant."""
    return blake2b(
        tenant.encode("utf-8", "surrogatepass"), key=secret, digest_size=size, person=purpose
    ).digest()


class BlockCipher:
    """The permutation under one key, of single blocks as integers and of many as rows of bytes."""

    def __init__(self, secret: bytes, tenant: str) -> None:
        # stillwatch: ignore[weak-cipher] ECB serves as the bare function here: each block is one call of it
        mode = modes.ECB()  # noqa: S305
        encryptor = Cipher(algorithms.AES(derived(secret, b"minted id", tenant, 32)), mode).encryptor()
        self._aes: Callable[[bytes], bytes] = encryptor.update
        self._heads = {form.code: _heads(form) for form in FORMS.values()}

    def encipher(self, block: int, form: Form) -> int:
        bits = 8 * form.half
        left, right = block >> bits, block & ((1 << bits) - 1)
        cut = 8 * (BLOCK - form.half)
        aes, whole = self._aes, int.from_bytes
        for head in self._heads[form.code]:
            word = whole(aes((head | right).to_bytes(BLOCK, "big")), "big") >> cut
            left, right = right, left ^ word
        return left << bits | right

    def decipher(self, block: int, form: Form) -> int:
        bits = 8 * form.half
        left, right = block >> bits, block & ((1 << bits) - 1)
        cut = 8 * (BLOCK - form.half)
        aes, whole = self._aes, int.from_bytes
        for head in reversed(self._heads[form.code]):
            word = whole(aes((head | left).to_bytes(BLOCK, "big")), "big") >> cut
            left, right = right ^ word, left
        return left << bits | right

    def encipher_rows(self, rows: np.ndarray, form: Form) -> np.ndarray:
        """Blocks, uint8 [n, 2 * half], as `encipher` makes them."""
        left, right = rows[:, : form.half], rows[:, form.half :]
        for number in FORWARD:
            left, right = right, left ^ self._words(right, number, form)
        return np.concatenate([left, right], axis=1)

    def decipher_rows(self, rows: np.ndarray, form: Form) -> np.ndarray:
        left, right = rows[:, : form.half], rows[:, form.half :]
        for number in BACKWARD:
            left, right = right ^ self._words(left, number, form), left
        return np.concatenate([left, right], axis=1)

    def _words(self, half: np.ndarray, number: int, form: Form) -> np.ndarray:
        blocks = np.empty((len(half), BLOCK), np.uint8)
        blocks[:, : BLOCK - form.half] = np.frombuffer(_head(form, number), np.uint8)
        blocks[:, BLOCK - form.half :] = half
        words = np.frombuffer(self._aes(blocks.tobytes()), np.uint8)
        return words.reshape(len(half), BLOCK)[:, : form.half]


def _heads(form: Form) -> tuple[int, ...]:
    """What stands before the half in each round, as it lies in the block's integer."""
    return tuple(int.from_bytes(_head(form, number), "big") << (8 * form.half) for number in FORWARD)


def _head(form: Form, number: int) -> bytes:
    """What stands before the half in a round's block: no two forms and rounds share it."""
    return bytes([form.half, form.code, number]).ljust(BLOCK - form.half, b"\0")
