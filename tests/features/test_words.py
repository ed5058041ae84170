import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from text import KEY, OTHER, TEXTS, column, words

from stillwatch.features.words import HEAD_CHARACTERS, TAIL_CHARACTERS, phrase_hashes, trimmed, words_of

ANY = st.lists(st.none() | st.sampled_from(TEXTS) | st.text(max_size=40), max_size=8)


def test_words_are_runs_of_letters_and_digits():
    found = words("Hello, World! it's 5 o'clock")
    assert found.counts.tolist() == [7]
    assert found.lengths.tolist() == [5, 5, 2, 1, 1, 1, 5]


def test_case_punctuation_and_figures_do_not_matter():
    one, two = words("Order 66: SEND help", "order 9 -- send... help!").hashes.reshape(2, 4)
    assert (one == two).all()


def test_letters_matter():
    assert words("send").hashes[0] != words("sent").hashes[0]


def test_each_ideograph_and_syllable_is_a_word_but_their_punctuation_is_none():
    assert words("世界は。広い").counts.tolist() == [5]
    assert words("한국어").counts.tolist() == [3]
    assert words("日本text").counts.tolist() == [3]


def test_words_of_neighbouring_texts_do_not_run_together():
    assert words("ab", "cd").hashes.tolist() == [*words("ab").hashes, *words("cd").hashes]


def test_another_key_gives_other_hashes():
    assert words("apple").hashes[0] != words("apple", key=OTHER).hashes[0]


@given(ANY, st.integers(0, 8), st.integers(0, 8))
def test_a_text_has_the_same_words_wherever_it_stands(texts, start, stop):
    whole = words_of(pa.array(texts, pa.string()), KEY)
    part = words_of(pa.array(texts, pa.string()).slice(start, max(stop - start, 0)), KEY)
    first, last = (min(at, len(texts)) for at in (start, max(start, stop)))
    inside = slice(whole.offsets[first], whole.offsets[last])
    assert part.hashes.tolist() == whole.hashes[inside].tolist()
    assert part.lengths.tolist() == whole.lengths[inside].tolist()
    assert part.counts.tolist() == whole.counts[first:last].tolist()


def test_only_head_and_tail_of_a_long_text_are_read():
    limit = HEAD_CHARACTERS + TAIL_CHARACTERS
    exact, long = "a" * limit, "h" * HEAD_CHARACTERS + "m" * 10_000 + "t" * TAIL_CHARACTERS
    kept = trimmed(column(exact, long, None)).to_pylist()
    assert kept == [exact, "h" * HEAD_CHARACTERS + " " + "t" * TAIL_CHARACTERS, ""]


def test_a_run_of_words_is_one_phrase_wherever_it_stands():
    first, second = words("red green blue yes", "no red green blue").hashes.reshape(2, 4)
    assert phrase_hashes(first, 3, KEY)[0] == phrase_hashes(second, 3, KEY)[1]
    assert phrase_hashes(first, 3, KEY)[0] != phrase_hashes(first[::-1].copy(), 3, KEY)[1]
    assert len(phrase_hashes(first, 5, KEY)) == 0
    assert np.array_equal(phrase_hashes(first, 1, KEY), first)
