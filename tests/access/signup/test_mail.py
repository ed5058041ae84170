"""Mail addresses: aliases of one mailbox, the look of a name, and lists of domains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.access.signup.mail import Domains, read_address


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("ana.liu@firm.test", "plain"),
        ("Hirschsprung@firm.test", "random"),  # seven consonants in a row: a limit that the check states
        ("knightsbridge@firm.test", "plain"),
        ("ana1987@firm.test", "plain"),
        ("ana2@firm.test", "plain"),
        ("ana48213@firm.test", "numbered"),
        ("ana9999@firm.test", "numbered"),
        ("a7k2q9x1@firm.test", "random"),
        ("3f9a0c77be12d4f0@firm.test", "random"),
        ("李雷2024@firm.test", "numbered"),
        ("ana+trial9999@firm.test", "plain"),
    ],
)
def test_what_a_name_looks_like(text, look):
    assert read_address(text).look == look


def test_aliases_of_one_mailbox_are_one():
    known = {
        read_address(text).canonical
        for text in ("Ana.Liu@gmail.com", "analiu+7@googlemail.com", " a.n.a.liu@GMAIL.COM. ")
    }
    assert known == {"analiu@gmail.com"}
    assert read_address("ana.liu@firm.test").canonical != read_address("analiu@firm.test").canonical


def test_names_of_one_template_have_one_shape_or_stem():
    assert (
        read_address("ana.liu4821@firm.test").shape
        == read_address("bob.smith0077@firm.test").shape
        == "a.a9999"
    )
    assert read_address("crawler-0017@x.test").stem == read_address("crawler18@x.test").stem == "crawler"


@pytest.mark.parametrize(
    "text", ["", "@", "ana", "ana@", "@firm.test", "ana@firm", "a b@firm.test", "a" * 400 + "@b.c"]
)
def test_what_is_no_address(text):
    assert read_address(text) is None


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text):
    for mailbox in (read_address(text), read_address(f"{text}@firm.test")):
        if mailbox is not None:
            assert mailbox.look in {"plain", "numbered", "random"}
            assert mailbox.canonical.endswith(("@" + mailbox.domain, "@gmail.com"))
            assert len(mailbox.stem) <= len(mailbox.name)
            assert mailbox.shape


def test_a_listed_domain_stands_for_those_below_it():
    domains = Domains(["ac.uk", "*.edu", ".münchen.test", ""])
    assert domains
    assert all(domains.has(one) for one in ("ac.uk", "ox.ac.uk", "MIT.edu.", "x.xn--mnchen-3ya.test"))
    assert not any(domains.has(one) for one in ("uk", "notac.uk", "edu.test", ""))
    assert not Domains([])
