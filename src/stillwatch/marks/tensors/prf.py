"""The keyed function on tensors: the same bits as `watermark.prf`, on whatever device the tensors are.

Words are held in int64 between 0 and 2**32; nothing in between reaches 2**63, so no device has to agree with another on
overflow. Of floating point there is none, and no random generator is used.
"""

import numpy as np
import torch

from stillwatch.marks.watermark.prf import LANES
from stillwatch.marks.watermark.threefry import PARITY, ROTATIONS, ROUNDS, Words

MASK = 2**32 - 1


def as_tensor(words: Words, device: torch.device | str = "cpu") -> torch.Tensor:
    """Words of a key as a tensor."""
    return torch.from_numpy(np.array(words, np.int64)).to(device)


def encrypt(key: torch.Tensor, block: torch.Tensor) -> torch.Tensor:
    """Threefry of blocks [..., 4] under keys [..., 4]; the leading axes are broadcast."""
    shape = torch.broadcast_shapes(key.shape, block.shape)
    if shape[-1] != 4:
        raise ValueError("keys and blocks have four words")
    k = [key[..., word] for word in range(4)]
    k.append(k[0] ^ k[1] ^ k[2] ^ k[3] ^ PARITY)
    x = [(block[..., word] + k[word]).bitwise_and_(MASK).expand(shape[:-1]).clone() for word in range(4)]
    for number in range(ROUNDS):
        left, right = ROTATIONS[number % 8]
        one, other = (1, 3) if number % 2 == 0 else (3, 1)
        _mix(x[0], x[one], left)
        _mix(x[2], x[other], right)
        if number % 4 == 3:
            turn = number // 4 + 1
            for word in range(4):
                x[word] += k[(turn + word) % 5]
            x[3] += turn
            for word in range(4):
                x[word] &= MASK
    return torch.stack(x, dim=-1)


def _mix(one: torch.Tensor, other: torch.Tensor, by: int) -> None:
    one += other
    one &= MASK
    spare = other >> (32 - by)
    other <<= by
    other &= MASK
    other |= spare
    other ^= one


def digests(keys: torch.Tensor, contexts: torch.Tensor) -> torch.Tensor:
    """What a key makes of contexts [..., k]: [..., 4], with the leading axes of both broadcast."""
    state = torch.zeros(4, dtype=torch.int64, device=contexts.device)
    state[0] = contexts.shape[-1]
    state = encrypt(keys, state)
    for place in range(contexts.shape[-1]):
        token = contexts[..., place]
        shape = torch.broadcast_shapes(state.shape[:-1], token.shape)
        absorbed = state.expand(*shape, 4).clone()
        absorbed[..., 0] ^= token
        state = encrypt(keys, absorbed)
    return state


def words(keys: torch.Tensor, contexts: torch.Tensor, vocabulary: int) -> torch.Tensor:
    """The words of all tokens: [n, vocabulary] for contexts [n, k], under one key [4] or a key a row [n, 4]."""
    digest = digests(keys, contexts)
    blocks = -(-vocabulary // LANES)
    state = digest[:, None, :].repeat(1, blocks, 1)
    state[..., 0] ^= torch.arange(blocks, dtype=torch.int64, device=contexts.device)
    made = encrypt(keys if keys.ndim == 1 else keys[:, None, :], state)
    return made.reshape(len(digest), blocks * LANES)[:, :vocabulary]


def uniforms(made: torch.Tensor) -> torch.Tensor:
    """Words as numbers between 0 and 1, neither of which occurs."""
    return (made.to(torch.float64) + 0.5) * 2.0**-32
