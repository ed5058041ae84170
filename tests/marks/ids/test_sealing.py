import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.marks.ids.keyring import made, retired, rotated
from stillwatch.marks.ids.minting import MAX_AGE, Minter
from stillwatch.marks.ids.organisations import Organisations
from stillwatch.marks.ids.sealing import Sealer

NOW = 1_795_000_000
RING = made()
SEALER = Sealer(RING, Minter(RING))


@given(content=st.text(), organisation=st.text(min_size=1) | st.none())
def test_what_is_sealed_opens_for_its_owner_alone(content, organisation):
    text = SEALER.seal(content, "acct", organisation, at=NOW)
    fellows = [] if organisation is None else [organisation]
    assert SEALER.open(text, "acct", fellows, now=NOW).content == content
    other = SEALER.open(text, "other", [f"{organisation}x"], now=NOW)
    assert (other.outcome, other.content) == (
        "other_account" if organisation is None else "other_organisation",
        None,
    )


@given(place=st.integers(0), sign=st.sampled_from("ABab09-_+é "))
def test_a_changed_sign_opens_nothing(place, sign):
    text = SEALER.seal("thoughts", "acct", "org", at=NOW)
    place %= len(text) - 1  # the last sign has spare bits, which hold nothing
    changed = text[:place] + sign + text[place + 1 :]
    assert (SEALER.open(changed, "acct", ["org"], now=NOW).outcome == "opened") == (changed == text)


@given(text=st.text().map(lambda rest: f"sw1_{rest}") | st.text())
def test_whatever_else_is_refused_by_name(text):
    assert SEALER.open(text, "acct", ["org"]).outcome in {"unknown_form", "forged", "unknown_key"}


def test_reasons():
    text = SEALER.seal("thoughts", "acct", "org", conversation="c1", at=NOW)
    opened = {
        "opened": SEALER.open(text, "acct", ["org"], conversation="c1", now=NOW),
        "other_conversation": SEALER.open(text, "acct", ["org"], conversation="c2", now=NOW),
        "expired": SEALER.open(text, "acct", ["org"], conversation="c1", now=NOW + MAX_AGE + 1),
        "not_yet": SEALER.open(text, "acct", ["org"], conversation="c1", now=NOW - 1_000),
        "too_long": SEALER.open("sw1_" + "A" * (5 << 20), "acct", ["org"]),
    }
    assert {name: each.outcome for name, each in opened.items()} == {name: name for name in opened}
    assert SEALER.open(text, "acct", ["org"], now=NOW).outcome == "other_conversation"
    later = rotated(RING)
    assert (
        Sealer(later, Minter(later)).open(text, "a", ["org"], conversation="c1", now=NOW).outcome == "opened"
    )
    gone = retired(later, RING.minting.number)
    assert Sealer(gone, Minter(gone)).open(text, "acct", ["org"]).outcome == "retired_key"


def test_subsidiaries_go_on_with_each_others_conversations():
    groups = Organisations([["acme", "acme-labs"], ["acme-labs", "acme-japan"], ["else"]])
    text = SEALER.seal("thoughts", "acct", "acme-japan", at=NOW)
    assert SEALER.open(text, "x", groups.fellows("acme"), now=NOW).outcome == "opened"
    assert SEALER.open(text, "x", groups.fellows("else"), now=NOW).outcome == "other_organisation"
    assert groups.fellows(None) == frozenset()


@pytest.mark.parametrize("content", ["", "\ud800", "x" * 100_000])
def test_any_content_survives(content):
    assert SEALER.open(SEALER.seal(content, "a", "o"), "a").content == content
