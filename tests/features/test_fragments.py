import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from text import KEY, TEXTS, words

from stillwatch.features.fragments import FRAGMENTS, PARTS, SHINGLE, fragments, shingles

HEAD = slice(PARTS["system"], PARTS["system"] + PARTS["head"])
TAIL = slice(HEAD.stop, HEAD.stop + PARTS["tail"])
INSTRUCTION = "please keep to the style of a seasoned examiner and leave nothing out"


def of(*prompts, system=None):
    return fragments(words(*(system or [""] * len(prompts))), words(*prompts), KEY)


def filler(number):
    rng = np.random.default_rng(number)
    return " ".join("".join(rng.choice(list("abcdefgh"), 6)) for _ in range(60))


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6), st.integers(0, 5))
def test_a_text_has_the_same_fragments_whatever_stands_around_it(texts, at):
    one = texts[min(at, len(texts) - 1)]
    assert of(*texts)[min(at, len(texts) - 1)].tolist() == of(one)[0].tolist()


def test_no_text_no_fragments():
    assert not of("", system=[""]).any()
    assert of("", system=["be kind to the user"])[0, : PARTS["system"]].all()
    assert of("", system=["be kind to the user"])[0, PARTS["system"] :].sum() == 0


def test_shape():
    assert of("a", "b c d e f").shape == (2, FRAGMENTS)


def test_a_fixed_head_or_tail_is_seen_in_most_requests():
    heads = of(*(f"{INSTRUCTION} {filler(i)}" for i in range(60)))[:, HEAD]
    tails = of(*(f"{filler(i)} {INSTRUCTION}" for i in range(60)))[:, TAIL]
    for minima in (heads, tails):
        shares = [np.unique(column, return_counts=True)[1].max() / 60 for column in minima.T]
        assert np.mean(shares) > 0.25


def test_unrelated_texts_share_no_fragment():
    every = of(*(filler(i) for i in range(60)))
    found = every[every != 0]
    pairs, texts = np.unique(found, return_counts=True)
    assert texts.max() <= len(PARTS)
    assert len(pairs) > 300


def test_a_short_text_is_one_shingle_and_differs_from_a_longer_one():
    hashes, whole = shingles(words("one two three", "one two three four"), KEY)
    assert whole.tolist() == [True, False, False, True, False, False, False]
    assert hashes[0] != hashes[SHINGLE - 1]
