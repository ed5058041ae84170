"""Numbers and times as people read them, and text of a log made safe."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.reports._writing.text import clean
from stillwatch.reports._writing.words import figure, many, odds, percent, rounded, span


@pytest.mark.parametrize(
    ("log_e", "words"),
    [
        (-3.0, "no evidence"),
        (0.0, "no evidence"),
        (math.log(3.14), "1 in 3.1"),
        (math.log(2200), "1 in 2,200"),
        (math.log(2.2e6), "1 in 10,000"),
        (1e6, "1 in 10,000"),
    ],
)
def test_odds(log_e, words):
    assert odds(log_e) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0%"), (1, "100%"), (0.0004, "under 0.1%"), (0.9996, "over 99.9%"), (0.01, "1%"), (0.123, "12%")],
)
def test_percent(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(40, "40 s"), (720, "12 min"), (19_800, "5 h 30 min"), (7200, "2 h"), (90_000, "1 day 1 h")],
)
def test_span(seconds, words):
    assert span(seconds * 1_000_000) == words


def test_counts():
    assert (many(1, "account"), many(1482, "account")) == ("1 account", "1,482 accounts")
    assert (rounded(48_210), rounded(61_240_000)) == ("48,210", "61.2 million")
    assert (figure(0.00031), figure("a word"), figure(float("inf"))) == ("0.00031", "a word", "inf")


def test_what_does_not_show_is_spelled_out():
    assert clean("a\u202eb\x1b[0m\nc") == r"a\u202eb\u001b[0m c"


@given(st.text(st.characters(), max_size=300), st.integers(5, 80))
def test_clean_text_shows_itself_and_fits(text, limit):
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert "\n" not in shown
