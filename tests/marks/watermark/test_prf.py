"""The keyed function: published answers, vectors for other back ends, and arithmetic that fits into int64."""

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks.keys import as_words
from stillwatch.marks.watermark.prf import digests, threshold, uniforms, words, words_at
from stillwatch.marks.watermark.threefry import ROTATIONS, encrypt

VECTORS = json.loads((files("stillwatch.marks.watermark") / "vectors.json").read_text())
MASK = 2**32 - 1
TOKENS = st.integers(0, MASK)
KEYS = st.binary(min_size=16, max_size=16)


def in_int64(key, block):
    """Threefry as a back end without unsigned integers computes it; no value may reach 2**63."""

    def fits(value):
        assert 0 <= value < 2**63
        return value

    k = [*key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ 0x1BD11BDA]
    x = [fits(one + k[at]) & MASK for at, one in enumerate(block)]
    for number in range(20):
        for (one, other), by in zip(
            ((0, 1), (2, 3)) if number % 2 == 0 else ((0, 3), (2, 1)), ROTATIONS[number % 8], strict=True
        ):
            x[one] = fits(x[one] + x[other]) & MASK
            x[other] = (fits(x[other] << by) & MASK | x[other] >> (32 - by)) ^ x[one]
        if number % 4 == 3:
            turn = number // 4 + 1
            x = [fits(one + k[(turn + at) % 5] + (turn if at == 3 else 0)) & MASK for at, one in enumerate(x)]
    return x


def slow_word(key, context, token):
    state = in_int64(key, [len(context), 0, 0, 0])
    for one in [*context, token // 4]:
        state = in_int64(key, [state[0] ^ one, *state[1:]])
    return state[token % 4]


@pytest.mark.parametrize("case", VECTORS["threefry4x32_20"])
def test_the_cipher_gives_the_published_answers(case):
    key, block = (np.array([int(word, 16) for word in case[name]], np.uint32) for name in ("key", "block"))
    assert [f"{word:08x}" for word in encrypt(key, block).tolist()] == case["gives"]


@pytest.mark.parametrize("case", VECTORS["words"])
def test_words_are_those_of_the_vectors(case):
    key, context = as_words(bytes.fromhex(case["key"])), np.array([case["context"]], np.int64)
    given_ = np.array(case["tokens"], np.int64)
    found = words_at(key, digests(key, context), given_)
    assert [f"{word:08x}" for word in found.tolist()] == case["gives"]


@settings(max_examples=15, deadline=None)
@given(key=KEYS, context=st.lists(TOKENS, min_size=1, max_size=5), token=TOKENS)
def test_arithmetic_in_int64_gives_the_same_words(key, context, token):
    own = as_words(key)
    found = words_at(own, digests(own, np.array([context], np.int64)), np.array([token]))
    assert found.tolist() == [slow_word(own.tolist(), context, token)]


@settings(max_examples=20, deadline=None)
@given(keys=st.lists(KEYS, min_size=1, max_size=6), seed=st.integers(0, 99), size=st.integers(1, 41))
def test_a_row_does_not_depend_on_the_rows_beside_it(keys, seed, size):
    own = np.stack([as_words(key) for key in keys])
    contexts = np.random.default_rng(seed).integers(0, 2**32, (len(keys), 3))
    together = words(own, contexts, size)
    for at in range(len(keys)):
        alone = words(own[at], contexts[at : at + 1], size)[0]
        assert (together[at] == alone).all()
        single = words_at(own[at], digests(own[at], contexts[at : at + 1]), np.arange(size))
        assert (single == alone).all()


def test_many_blocks_are_cut_into_parts_without_a_seam():
    key = as_words(bytes(range(16)))
    contexts = np.arange(40)[:, None]
    whole = words(key, contexts, 4_000)
    assert (whole[37] == words(key, contexts[37:38], 4_000)[0]).all()
    assert abs(np.mean(whole < threshold(0.25)) - 0.25) < 0.005
    assert 0 < uniforms(whole).min() < uniforms(whole).max() < 1
    assert uniforms(np.array([0, MASK], np.uint32)).tolist() == [0.5 / 2**32, 1 - 0.5 / 2**32]


def test_contexts_of_another_length_or_order_are_others():
    key = as_words(bytes(range(16)))
    found = {
        tuple(words(key, np.array([context], np.int64), 8)[0].tolist())
        for context in ([0], [0, 0], [0, 0, 0], [1, 2], [2, 1], [1], [1, 0])
    }
    assert len(found) == 7
