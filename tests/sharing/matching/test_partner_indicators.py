"""Whose indicators are believed, and what a match counts."""

import hashlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_labs import findings

from stillwatch.records import UnreadableInput
from stillwatch.sharing.finding.model import MatchToken, TemplateSketch
from stillwatch.sharing.finding.words import HEAVIEST
from stillwatch.sharing.matching.indicators import (
    CampaignIndicators,
    Indicators,
    Signed,
    campaign_indicators,
    published,
    received,
)
from stillwatch.sharing.matching.matching import match, together
from stillwatch.sharing.matching.result import Contribution
from stillwatch.sharing.matching.templates.carried import findings_of
from stillwatch.sharing.matching.templates.sketches import ALG
from stillwatch.sharing.matching.tokens import value_of


def keyed(values):
    """A stand-in for the quorum in tests of what is done with tokens: another keyed function."""
    return [hashlib.blake2b(value, key=b"test", digest_size=16).digest() for value in values]


def made(group, weight=2.0, values=("card-1", "card-2")):
    key = group.keys["lab-a"]
    own = {"c-1": {value_of("account.payment_fp", value) for value in values}}
    return campaign_indicators({}, own, key, weight, keyed)


def file_of(group, made, by="lab-a", **fields):
    key = group.keys["lab-a"]
    now = key.valid_from + 1
    content = published(group.identities[by], key, made, now)
    if not fields:
        return content
    body = msgspec.json.decode(msgspec.json.decode(content, type=Signed).body, type=Indicators)
    raw = msgspec.json.encode(msgspec.structs.replace(body, **fields))
    signature = group.identities[by].signer.sign(b"stillwatch-indicators-1\0" + raw).hex()
    return msgspec.json.encode(Signed(body=msgspec.Raw(raw), signature=signature))


def read(group, content, later=2):
    key = group.keys["lab-b"]
    return received("theirs.json", content, group.roster, {key.key_id: key}, key.valid_from + later)


def test_what_is_published_is_read(group):
    campaigns = made(group)
    found = read(group, file_of(group, campaigns))
    assert (found.partner, found.campaigns) == ("lab-a", campaigns)
    assert {token.suite for token in campaigns[0].oprf_tokens} == {"ristretto255-SHA512"}


TOKEN = MatchToken("ristretto255-SHA512", "0" * 16, "00" * 16)


def bad(**fields):
    return [CampaignIndicators(**({"campaign": "c-1", "weight": 1.0} | fields))]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"partner": "lab-b"}, "signature"),
        ({"partner": "stranger"}, "no member"),
        ({"schema": "other/1"}, "schema"),
        ({"key_id": "0" * 16}, "not the one in force"),
        ({"valid_until": 5}, "not valid"),
        ({"made_at": 2**52}, "future"),
        ({"campaigns": bad(weight=HEAVIEST + 0.1)}, "weight"),
        ({"campaigns": bad(weight=-1.0)}, "weight"),
        ({"campaigns": bad(campaign="<script>alert(1)</script>")}, "short name"),
        ({"campaigns": bad(oprf_tokens=[TOKEN])}, "another suite, key"),
        ({"campaigns": bad(template_sketches=[TemplateSketch(ALG, "1999", "00" * 16, 20)])}, "another epoch"),
        ({"campaigns": bad(template_sketches=[TemplateSketch(ALG, "2026q4", "00" * 16, 2)])}, "not a sketch"),
    ],
)
def test_what_is_not_to_be_believed_is_refused_with_the_name_of_its_file(group, fields, said):
    with pytest.raises(UnreadableInput, match=rf"^theirs\.json: .*{said}"):
        read(group, file_of(group, made(group), **fields))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff\xfe", b'{"body": 1, "signature": "00"}', b'{"body":' * 50_000, b"[" * 100_000],
)
def test_hostile_files_are_refused(group, content):
    with pytest.raises(UnreadableInput, match=r"^theirs\.json: not indicators"):
        read(group, content)


def test_indicators_end_with_their_key(group):
    content, key = file_of(group, made(group)), group.keys["lab-b"]
    with pytest.raises(UnreadableInput, match="not valid"):
        read(group, content, later=key.valid_until - key.valid_from)


def own_values(*cards):
    return [(f"account-{at}", value_of("account.payment_fp", card)) for at, card in enumerate(cards)]


def test_a_common_account_is_found_and_counts_what_was_stated(group):
    found = read(group, file_of(group, made(group, weight=2.0)))
    values = own_values("card-2", "other", "another")
    campaigns, matches = match([found], None, values, 100_000, keyed)
    assert [(one.account_id, one.nats) for one in matches] == [("account-0", 2.0)]
    assert matches[0].contributions == [
        Contribution(partner="lab-a", campaign="c-1", kind="account", tokens=1, stated=2.0, nats=2.0)
    ]
    assert [(one.by_account, one.recognised) for one in campaigns] == [(1, False)]


def test_another_field_with_the_same_content_is_no_match(group):
    found = read(group, file_of(group, made(group)))
    values = [("account-0", value_of("account.device_id", "card-2"))]
    assert match([found], None, values, 100_000, keyed)[1] == []


@settings(max_examples=50, deadline=None)
@given(stated=st.floats(0, HEAVIEST), matching=st.integers(1, 40), population=st.integers(40, 10**7))
def test_a_match_never_counts_more_than_was_stated_and_nothing_where_many_match(
    group, stated, matching, population
):
    campaigns = made(group, weight=stated, values=[f"card-{at}" for at in range(matching)])
    found = Indicators(schema="", partner="lab-a", key_id="", made_at=0, valid_until=0, campaigns=campaigns)
    values = own_values(*(f"card-{at}" for at in range(matching)))
    _, matches = match([found], None, values, population, keyed)
    assert len(matches) == matching
    for one in matches:
        assert 0 <= one.nats <= stated + 1e-4
        if matching >= 0.05 * population:
            assert one.nats == 0


@given(
    said=st.lists(
        st.builds(
            Contribution,
            partner=st.sampled_from("abc"),
            campaign=st.sampled_from("xy"),
            kind=st.sampled_from(["account", "template"]),
            tokens=st.just(1),
            stated=st.just(HEAVIEST),
            nats=st.floats(0, HEAVIEST),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_partners_together_are_bounded_and_say_no_less_than_one(said):
    total = together(said)
    assert max(one.nats for one in said) - 1e-3 <= total <= HEAVIEST


def test_findings_without_cleared_accounts_have_no_row_of_theirs(tmp_path):
    whole = findings_of(findings(tmp_path / "found", "a"))
    left = whole.without(["a-op-1", "elsewhere"])
    assert (len(left.members), len(left.flags)) == (24, 72)
    assert "a-op-1" not in left.members["account_id"].to_pylist() + left.flags["account_id"].to_pylist()
