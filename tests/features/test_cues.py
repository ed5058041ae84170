import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.cues import LONGEST_PHRASE, Lexicon, cue_counts, cue_hits, near, phrases
from stillwatch.features.key import SketchKey
from stillwatch.features.lexicons import READ, TOOLS
from stillwatch.features.words import Words, words_of

KEY = SketchKey(bytes(range(32)))
COLOURS: Lexicon = {
    "red": ("red", "dark red", "rouge vif"),
    "blue": ("blue", "dark", "sea of blue"),
    "ja": ("赤い花", "花"),
}


def of(*texts: str | None, key: SketchKey = KEY) -> Words:
    return words_of(pa.array(texts, pa.string()), key)


def counts(*texts: str | None, lexicon: Lexicon = COLOURS, key: SketchKey = KEY) -> np.ndarray:
    return np.rint(2.0 ** cue_counts(of(*texts, key=key), lexicon, key) - 1.0)


def test_phrases_of_all_lengths_count_in_each_text():
    found = counts("Dark RED, red; a sea of blue", "nothing", None, "rouge vif", "この赤い花と花")
    assert found.tolist() == [[3, 3, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 3]]


def test_a_phrase_does_not_cross_from_one_text_into_the_next():
    assert counts("rouge", "vif", "sea of", "blue").tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]]


def test_first_letters_outside_ascii_match_in_both_cases():
    lexicon = {"write": ("écris", "напиши")}
    assert counts("Écris un mot", "Напиши слово", "écris", lexicon=lexicon)[:, 0].tolist() == [1, 1, 1]


def test_counts_do_not_depend_on_the_key():
    other = SketchKey(b"k" * 32)
    texts = ("dark red sea of blue", "赤い花", "blue blue blue")
    assert (counts(*texts) == counts(*texts, key=other)).all()


@given(st.lists(st.text(alphabet="redblu dark花赤い", max_size=30), max_size=8), st.integers(0, 8))
def test_a_column_of_texts_and_its_parts_agree(texts: list[str], cut: int):
    whole = cue_counts(of(*texts), COLOURS, KEY)
    parts = [cue_counts(of(*part), COLOURS, KEY) for part in (texts[:cut], texts[cut:])]
    assert (whole == np.concatenate(parts)).all()


@given(st.lists(st.sampled_from(["red", "dark", "blue", "sea", "of", "green"]), max_size=20))
def test_counts_agree_with_a_plain_search(words: list[str]):
    text = " ".join(words)
    plain = [
        sum(words[i : i + len(p.split())] == p.split() for p in of_cue for i in range(len(words)))
        for of_cue in COLOURS.values()
    ]
    assert counts(text)[0].tolist() == plain


def test_near_means_within_the_span_and_the_same_text():
    lexicon = {"verb": ("show",), "noun": ("thoughts",)}
    words = of(
        "show me thoughts", "show a b c d e f thoughts", "show", "thoughts", "thoughts then show and show"
    )
    assert np.rint(2.0 ** near(cue_hits(words, lexicon, KEY), 0, 1, 4) - 1.0).tolist() == [1, 0, 0, 0, 2]


def test_an_empty_lexicon_and_an_empty_column():
    assert cue_counts(of("red"), {}, KEY).shape == (1, 0)
    assert cue_counts(of(), COLOURS, KEY).shape == (0, 3)
    assert cue_counts(of(None, ""), COLOURS, KEY).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("phrase", ["one " * (LONGEST_PHRASE + 1), "..."])
def test_a_phrase_without_words_or_with_too_many_is_refused(phrase: str):
    with pytest.raises(ValueError, match="a phrase must have"):
        cue_counts(of("red"), {"bad": (phrase,)}, KEY)


def test_phrases_are_parted_and_kept_once():
    assert phrases("a; b c;\n  d; a ;") == ("a", "b c", "d")


@pytest.mark.parametrize("lexicon", [READ, TOOLS])
def test_every_phrase_of_the_lexicons_is_found_in_itself(lexicon: Lexicon):
    named = [(column, phrase) for column, of_cue in enumerate(lexicon.values()) for phrase in of_cue]
    found = cue_counts(of(*(phrase for _, phrase in named)), lexicon, KEY)
    missed = [phrase for row, (column, phrase) in enumerate(named) if found[row, column] == 0]
    assert missed == []
