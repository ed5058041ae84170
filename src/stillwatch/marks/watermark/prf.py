"""The keyed pseudo-random function of all marks: key, context and token give 32 uniform bits.

It is CBC-MAC over Threefry: the blocks enciphered are k, the k tokens of the context, and the number of a block of
four tokens, each in the first word; the last result holds the words of those four tokens. The length comes first, so no
message is the beginning of another. A context's tokens are in the order of the text. Tokens lie in 0 to 2**32 - 1.
"""

import numpy as np
import numpy.typing as npt

from stillwatch.marks.watermark.threefry import Words, encrypt

Ints = npt.NDArray[np.int64]

LANES = 4  # tokens that share a block


def digests(keys: Words, contexts: Ints) -> Words:
    """What a key makes of contexts [..., k]: [..., 4], with the leading axes of both broadcast."""
    state = np.zeros(4, np.uint32)
    state[0] = contexts.shape[-1]
    state = encrypt(keys, state)
    for place in range(contexts.shape[-1]):
        token = contexts[..., place].astype(np.uint32)
        shape = np.broadcast_shapes(state.shape[:-1], token.shape)
        absorbed = np.broadcast_to(state, (*shape, 4)).copy()
        absorbed[..., 0] ^= token
        state = encrypt(keys, absorbed)
    return state


def words_at(keys: Words, digest: Words, tokens: Ints) -> Words:
    """The word of one token [...] in each context, by the context's digest [..., 4]."""
    block = np.broadcast_to(digest, (*np.broadcast_shapes(digest.shape[:-1], tokens.shape), 4)).copy()
    block[..., 0] ^= (tokens // LANES).astype(np.uint32)
    lane = np.broadcast_to(tokens % LANES, block.shape[:-1])
    return np.take_along_axis(encrypt(keys, block), lane[..., None], axis=-1)[..., 0]


def words(keys: Words, contexts: Ints, vocabulary: int) -> Words:
    """The words of all tokens: [n, vocabulary] for contexts [n, k], under one key [4] or a key a row [n, 4]."""
    return all_words(keys, digests(keys, contexts), vocabulary)


def all_words(keys: Words, digest: Words, vocabulary: int) -> Words:
    """`words` by the digests of the contexts [n, 4]."""
    blocks = -(-vocabulary // LANES)
    state = np.broadcast_to(digest[:, None, :], (len(digest), blocks, 4)).copy()
    state[..., 0] ^= np.arange(blocks, dtype=np.uint32)
    made = encrypt(keys if keys.ndim == 1 else keys[:, None, :], state)
    return made.reshape(len(digest), blocks * LANES)[:, :vocabulary]


def uniforms(made: Words) -> npt.NDArray[np.float64]:
    """Words as numbers between 0 and 1, neither of which occurs."""
    return (made.astype(np.float64) + 0.5) * 2.0**-32


def threshold(share: float) -> int:
    """A word lies below it with this chance, to one part in 2**32."""
    return round(share * 2**32)
