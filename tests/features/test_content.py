import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from text import KEY, TEXTS, words

from stillwatch.features.content import DIMENSIONS, SCALE, items, vectors


def similarity(one, two):
    a, b = vectors(words(one, two), KEY).astype(float) / SCALE
    return float(a @ b)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6), st.integers(0, 5))
def test_a_text_has_the_same_vector_and_item_whatever_stands_around_it(texts, at):
    at = min(at, len(texts) - 1)
    assert vectors(words(*texts), KEY)[at].tolist() == vectors(words(texts[at]), KEY)[0].tolist()
    assert items(words(*texts), KEY)[at] == items(words(texts[at]), KEY)[0]


def test_vectors_have_unit_length_and_none_where_there_is_no_text():
    made = vectors(words("walls of a castle", "", "!!"), KEY).astype(float) / SCALE
    assert made.shape == (3, DIMENSIONS)
    assert np.linalg.norm(made, axis=1) == pytest.approx([1.0, 0.0, 0.0], abs=0.03)


def test_a_column_without_any_text_is_no_error():
    assert not vectors(words("", ""), KEY).any()
    assert items(words("", ""), KEY).tolist() == [0, 0]


def test_like_texts_are_closer_than_unlike_ones():
    asked = "how do I repair a broken bicycle chain on the road"
    assert (
        similarity(asked, "what repairs a broken bicycle chain quickly")
        > similarity(asked, "translate this poem into French") + 0.2
    )


def test_an_item_is_equal_for_equal_texts_only():
    one, same, order, other = items(
        words("Add 3 apples now please", "add 77 APPLES now, please!", "please add now 3 apples", "x"), KEY
    )
    assert one == same
    assert len({one, order, other}) == 3
