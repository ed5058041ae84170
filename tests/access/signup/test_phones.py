"""Telephone numbers by the numbering plans."""

import pytest

from stillwatch.access.signup.phones import read_number


@pytest.mark.parametrize(
    ("text", "country", "kind"),
    [
        ("+44 20 7946 0958", None, "fixed"),
        ("020 7946 0958", "GB", "fixed"),
        ("+49 1512 3456789", None, "mobile"),
        ("+33 9 87 65 43 21", None, "virtual"),
        ("+81 50 1234 5678", None, "virtual"),
        ("+1 800 555 0199", None, "service"),
    ],
)
def test_kinds_of_lines(text, country, kind):
    assert read_number(text, country).kind == kind


def test_a_number_is_known_however_it_is_written():
    assert (
        read_number("020 7946 0958", "GB").e164
        == read_number("+44 (0)20-7946-0958", None).e164
        == "+442079460958"
    )
    assert read_number("+442079460958", None).country == "GB"


@pytest.mark.parametrize("text", ["", "hello", "+12", "020 7946 0958", "+" + "9" * 500, "\x00"])
def test_what_is_no_number(text):
    assert read_number(text, None) is None
