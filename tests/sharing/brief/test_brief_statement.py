"""Statements: what people enter, checked, and never guessed."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.records import InvalidConfiguration
from stillwatch.sharing.brief import read_statement

WHOLE = """
contact = "abuse@example.com"
[[beneficiary]]
name = "Example Systems"
likelihood = "almost certain"
confidence = "high"
basis = "A mark of ours in their model's answers."
by = "Jo Analyst"
on = 2026-03-20
[[ask]]
text = "Close the accounts."
marking = "green"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "statement.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_statement_is_read_with_careful_markings(write):
    found = read_statement(write(WHOLE))
    assert found.beneficiary[0].on == dt.date(2026, 3, 20)
    assert found.beneficiary[0].marking == "red"
    assert found.ask[0].marking == "green"
    assert found.provider == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("almost certain", "probably guilty", "none of almost no chance"),
        ('"high"', '"total"', "confidence"),
        ('by = "Jo Analyst"', 'by = " "', "needs its by"),
        ('by = "Jo Analyst"\n', "", "by"),
        ("2026-03-20", "yesterday", "Invalid value"),
        ("[[ask]]", '[[ask]]\ncountry = "XX"', "country"),
        ("contact", "contakt", "contakt"),
    ],
)
def test_what_is_wrong_is_said(write, before, after, said):
    with pytest.raises(InvalidConfiguration, match=said):
        read_statement(write(WHOLE.replace(before, after)))


@given(content=st.binary(max_size=60))
def test_garbage_never_crashes(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("statement") / "s.toml"
    path.write_bytes(content)
    with contextlib.suppress(InvalidConfiguration):
        read_statement(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidConfiguration, match="nowhere"):
        read_statement(tmp_path / "nowhere.toml")
