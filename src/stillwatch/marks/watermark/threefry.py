"""Threefry-4x32 with 20 rounds (Salmon et al. 2011): a keyed permutation of four 32-bit words.

It is made of addition modulo 2**32, exclusive or, and rotation, and of no multiplication. Where there are no unsigned
integers, as in torch, hold each word in an int64 between 0 and 2**32: mask with 2**32 - 1 after each addition and after
the left shift of each rotation. No value in between reaches 2**63, since rotations are by 31 bits at most; so no
back end has to agree on overflow. `vectors.json` holds what every back end has to give.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint32]

ROUNDS = 20
PARITY = 0x1BD11BDA
ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
AT_ONCE = 1 << 14  # blocks worked on together, so that they stay in the processor's cache


def encrypt(key: Words, block: Words) -> Words:
    """Encrypt blocks [..., 4] under keys [..., 4]; the leading axes are broadcast."""
    shape = np.broadcast_shapes(key.shape, block.shape)
    out = np.empty(shape, np.uint32)
    if shape[-1] != 4:
        raise ValueError("keys and blocks have four words")
    flat = out.reshape(-1, 4)
    keys = np.broadcast_to(key, shape).reshape(-1, 4) if key.ndim > 1 else key
    blocks = np.broadcast_to(block, shape).reshape(-1, 4)
    for start in range(0, len(flat), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        own = keys if keys.ndim == 1 else keys[part]
        flat[part] = np.stack(_encrypt(own, blocks[part]), axis=-1)
    return out


def _encrypt(key: Words, block: Words) -> list[Words]:
    k = [np.ascontiguousarray(key[..., word]) for word in range(4)]
    k.append(k[0] ^ k[1] ^ k[2] ^ k[3] ^ np.uint32(PARITY))
    x = [block[..., word] + k[word] for word in range(4)]
    spare = np.empty_like(x[0])
    for number in range(ROUNDS):
        left, right = ROTATIONS[number % 8]
        one, other = (1, 3) if number % 2 == 0 else (3, 1)
        _mix(x[0], x[one], left, spare)
        _mix(x[2], x[other], right, spare)
        if number % 4 == 3:
            turn = number // 4 + 1
            for word in range(4):
                x[word] += k[(turn + word) % 5]
            x[3] += np.uint32(turn)
    return x


def _mix(one: Words, other: Words, by: int, spare: Words) -> None:
    one += other
    np.right_shift(other, np.uint32(32 - by), out=spare)
    np.left_shift(other, np.uint32(by), out=other)
    other |= spare
    other ^= one
