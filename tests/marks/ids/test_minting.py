"""The laws of minted ids: what is minted verifies, nothing else does, and rotation changes neither."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.marks.ids.forms import ALPHABET, FORMS
from stillwatch.marks.ids.keyring import made, retired, rotated
from stillwatch.marks.ids.minting import MAX_AGE, OUTCOMES, SKEW, Minter

NOW = 1_795_000_000
PREFIXES = st.sampled_from(sorted(FORMS))
NAMES = st.text(min_size=1, max_size=40)
RING = made()
MINTER = Minter(RING)
CLIENTS = re.compile(r"[A-Za-z0-9_-]{1,40}")  # what Anthropic's interface takes, within OpenAI's length


@given(prefix=PREFIXES, account=NAMES, organisation=NAMES | st.none(), at=st.integers(NOW - MAX_AGE, NOW))
def test_what_is_minted_verifies(prefix, account, organisation, at):
    text = MINTER.mint(prefix, account, organisation, at=at)
    assert CLIENTS.fullmatch(text)
    assert text.startswith(prefix)
    found = MINTER.verify(text, now=NOW)
    assert (found.outcome, found.account, found.at) == ("valid", MINTER.account(account), at)
    assert found.organisation == MINTER.organisation(organisation) >> 40
    assert (found.organisation == 0) == (organisation is None)


@given(prefix=PREFIXES, place=st.integers(0), sign=st.sampled_from(ALPHABET.decode()))
def test_a_changed_sign_is_not_authentic(prefix, place, sign):
    text = MINTER.mint(prefix, "acct", "org", at=NOW)
    place = len(prefix) + place % FORMS[prefix].signs
    changed = text[:place] + sign + text[place + 1 :]
    assert (changed == text) == MINTER.verify(changed, now=NOW).authentic


@given(
    text=st.text() | st.from_regex(r"(call_|toolu_|chatcmpl-|resp_|msg_)[A-Za-z0-9_-]{20,40}", fullmatch=True)
)
def test_whatever_else_is_named_and_never_authentic(text):
    found = MINTER.verify(text, now=NOW)
    assert found.outcome in OUTCOMES
    assert not found.authentic
    assert found.account is None


@pytest.mark.parametrize("prefix", FORMS)
def test_each_kind_of_bad_input_has_its_name(prefix):
    text = MINTER.mint(prefix, "acct", at=NOW)
    aged = MINTER.mint(prefix, "acct", at=NOW - MAX_AGE - 1)
    early = MINTER.mint(prefix, "acct", at=NOW + SKEW + 1)
    other = Minter(made()).mint(prefix, "acct", at=NOW)
    given_ = {
        text: "valid",
        aged: "expired",
        early: "not_yet",
        other: "forged",
        text[:-1]: "truncated",
        prefix: "truncated",
        text + "A": "too_long",
        "x" * 10_000_000: "too_long",
        text[:-1] + "é": "not_ascii",
        text[:-2] + "+/": "unknown_form",
        "item_123": "unknown_form",
        "": "unknown_form",
    }
    assert {id_: MINTER.verify(id_, now=NOW).outcome for id_ in given_} == given_


def test_a_swapped_prefix_is_told_and_still_names_its_owner():
    found = MINTER.verify("toolu_" + MINTER.mint("call_", "acct", at=NOW)[len("call_") :], now=NOW)
    assert (found.outcome, found.account, found.minted_as) == (
        "swapped_prefix",
        MINTER.account("acct"),
        "call_",
    )


def test_spare_bits_leave_one_way_to_write_an_id():
    for prefix, form in FORMS.items():
        text = MINTER.mint(prefix, "acct", at=NOW)
        alike = [text[:-1] + chr(sign) for sign in ALPHABET if chr(sign) != text[-1]]
        assert len(alike) == 63, form
        assert not any(MINTER.verify(each, now=NOW).authentic for each in alike)


def test_ids_of_one_account_share_nothing_and_differ():
    texts = [MINTER.mint("call_", "acct", "org", at=NOW) for _ in range(5_000)]
    assert len(set(texts)) == len(texts)
    bodies = [
        text[len("call_") + 2 : -1] for text in texts
    ]  # behind the number of the key; the last sign has 2 bits
    alike = [sum(a == b for a, b in zip(one, other, strict=True)) for one, other in pairwise(bodies)]
    assert sum(alike) / len(alike) / 31 == pytest.approx(1 / 64, abs=0.003)


def test_old_keys_verify_until_they_are_retired_and_the_new_one_mints():
    old = MINTER.mint("call_", "acct", at=NOW)
    ring = rotated(RING)
    after = Minter(ring)
    new = after.mint("call_", "acct", at=NOW)
    assert after.verify(old, now=NOW).outcome == after.verify(new, now=NOW).outcome == "valid"
    assert after.verify(new, now=NOW).key == ring.minting.number != RING.minting.number
    assert after.verify(old, now=NOW).account == after.verify(new, now=NOW).account
    assert MINTER.verify(new, now=NOW).outcome == "unknown_key"
    last = Minter(retired(ring, RING.minting.number))
    assert last.verify(old, now=NOW).outcome == "retired_key"
    assert last.verify(new, now=NOW).outcome == "valid"


def test_tenants_of_one_ring_do_not_take_each_others_ids():
    one, two = Minter(RING, tenant="one", other_tenants=("two",)), Minter(RING, tenant="two")
    assert one.verify(two.mint("call_", "acct", at=NOW), now=NOW).outcome == "other_tenant"
    assert two.verify(one.mint("call_", "acct", at=NOW), now=NOW).outcome == "forged"
    assert one.account("acct") != two.account("acct")


def test_outcomes_are_counted():
    fresh = Minter(RING)
    fresh.verify(fresh.mint("call_", "acct"))
    fresh.verify("nonsense")
    assert fresh.counts == {"valid": 1, "unknown_form": 1}
