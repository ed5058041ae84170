"""The release policy: typed when it is read, and closed where it says nothing."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import DAY, NOW, made_finding

from stillwatch.features.key import SketchKey
from stillwatch.records import InvalidConfiguration
from stillwatch.sharing import finding as sharing
from stillwatch.sharing.finding.transforms import bucketed

HEAD = """version: 1
producer: {name: Us}
recipients:
  - {id: partner, clearance: amber}
  - {id: other, clearance: amber}
rows:
"""
KEYS = sharing.release_keys(SketchKey(bytes(32)), NOW)


def policy(*rows, head=HEAD):
    return sharing.parse_policy((head + "\n".join(f"  - {{{row}}}" for row in rows)).encode(), "release.yaml")


def shown(finding, *rows, recipient="partner"):
    return sharing.view_for(finding, policy(*rows), recipient, at=NOW, keys=KEYS)


def test_the_one_that_comes_along_is_read():
    assert set(sharing.load_policy().recipients) == {"public", "partner", "authority"}


@pytest.mark.parametrize(
    ("row", "wrong", "reason"),
    [
        (
            "field: acount_count, recipient: partner, tlp: green, transform: raw",
            "acount_count",
            "did you mean account_count",
        ),
        (
            "field: account_tokens, recipient: partner, tlp: green, transform: raw",
            "raw",
            "keyed or drop, never raw",
        ),
        ("field: operators, recipient: partner, tlp: red, transform: bucket", "bucket", "never bucket"),
        ("field: times, recipient: partnr, tlp: green, transform: raw", "partnr", "did you mean partner"),
        ("field: times, recipient: partner, tlp: white, transform: raw", "white", "tlp cannot be"),
        ("field: times, recipient: partner, tlp: green", "", "transform is missing"),
        ("field: times, recipient: partner, tlp: green, transform: raw, k: 0", "0", "1 or more"),
        (
            "field: times, recipient: partner, tlp: green, transform: raw, retention: long",
            "long",
            "such as 90d",
        ),
        ("field: times, recipient: partner, tlp: green, transform: raw, why: so", "why", "no such key"),
        ("field: '*', recipient: partner, tlp: green, transform: raw", "raw", "leaves drop, never raw"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(row, wrong, reason):
    with pytest.raises(InvalidConfiguration) as caught:
        policy(row)
    column = f"  - {{{row}".rindex(wrong) + 1 if wrong else len("  - {")
    assert str(caught.value).startswith(f"release.yaml:7:{column}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("producer: {name: Us}\nrecipients: []\n", "has rows"),
        (HEAD.replace("version: 1", "version: 2") + "  []", "only version 1"),
        (HEAD.replace("rows:", "valid_days: 91\nrows: []"), "90 or less"),
        (HEAD.replace("partner,", "Partner!,") + "  []", "an id is"),
        (HEAD.replace("{name: Us}", "{name: '<b>Us</b>'}") + "  []", "producer"),
        (HEAD + "  - [", "not YAML"),
        ("", "empty"),
    ],
)
def test_a_policy_that_does_not_hold_together(text, reason):
    with pytest.raises(InvalidConfiguration, match=reason):
        sharing.parse_policy(text.encode(), "release.yaml")


def test_a_field_without_a_row_does_not_leave():
    view, dropped = shown(made_finding(1), "field: times, recipient: partner, tlp: green, transform: raw")
    assert [one.field for one in view.kept] == ["times"]
    assert view.finding.cluster is None
    assert "account_count" in {one.field for one in dropped}


def test_the_first_row_that_fits_decides():
    rows = (
        "field: times, recipient: partner, tlp: green, transform: drop",
        "field: times, recipient: '*', tlp: green, transform: raw",
    )
    assert [one.field for one in shown(made_finding(1), *rows).view.kept] == []
    assert [one.field for one in shown(made_finding(1), *rows, recipient="other").view.kept] == ["times"]


def test_a_mark_above_the_clearance_keeps_a_field_back():
    view, dropped = shown(made_finding(1), "field: times, recipient: partner, tlp: red, transform: raw")
    assert view.kept == []
    assert next(one for one in dropped if one.field == "times").because.startswith("it is TLP:RED")


def test_the_view_has_the_narrowest_mark_of_what_is_in_it():
    rows = (
        "field: times, recipient: partner, tlp: green, transform: raw",
        "field: error, recipient: partner, tlp: amber, transform: raw",
    )
    assert shown(made_finding(1), *rows).view.tlp == "amber"


def test_small_groups_are_kept_back(run):
    finding = sharing.build_finding(sharing.Folder(run), "campaign-001")  # 40 accounts
    row = "field: exchange_count, recipient: partner, tlp: green, transform: raw, k: "
    assert shown(finding, row + "40").view.finding.haul.exchanges.value == 400
    assert shown(finding, row + "41").view.finding.haul is None


def test_sketches_of_few_accounts_are_kept_back():
    row = "field: template_sketches, recipient: partner, tlp: green, transform: oprf, k: "
    for least in (1, 20, 400):
        view = shown(made_finding(1), row + str(least)).view
        assert all(one.k >= least for one in view.finding.template_sketches)


def test_tokens_are_keyed_for_one_recipient_and_epoch():
    finding = made_finding(1)
    row = "field: account_tokens, recipient: '*', tlp: green, transform: keyed, k: 1"
    seen = [{one.value for one in finding.account_tokens}]
    for recipient, at in (("partner", NOW), ("other", NOW), ("partner", NOW + 100 * DAY)):
        keys = sharing.release_keys(SketchKey(bytes(32)), at)
        view = sharing.view_for(finding, policy(row), recipient, at=at, keys=keys).view
        seen.append({one.value for one in view.finding.account_tokens})
    assert len(set.union(*seen)) == sum(len(one) for one in seen)


def test_only_blinded_tokens_pass_as_oprf():
    row = "field: {}, recipient: partner, tlp: green, transform: oprf, k: 1"
    rows = [row.format(name) for name in ("match_tokens", "template_sketches")]
    finding = made_finding(1)
    view, dropped = shown(finding, *rows)
    assert view.finding.match_tokens == finding.match_tokens
    assert view.finding.template_sketches == finding.template_sketches
    assert view.match_weight == 3.0
    plain = msgspec.structs.replace(
        finding,
        match_tokens=[msgspec.structs.replace(one, suite="hmac-sha256") for one in finding.match_tokens],
        template_sketches=[
            msgspec.structs.replace(one, alg="keyed-minhash") for one in finding.template_sketches
        ],
    )
    view, dropped = shown(plain, *rows)
    assert not view.finding.match_tokens
    assert not view.finding.template_sketches
    assert view.match_weight is None
    assert {one.field for one in dropped if "evaluators" in one.because or "sketch" in one.because} == {
        "match_tokens",
        "template_sketches",
    }


def test_compute_tells_no_more_than_the_tokens_it_follows_from():
    """Whoever has the method can turn an interval into the tokens that it was drawn for."""
    row = "field: {}, recipient: partner, tlp: green, transform: {}, k: 1"
    for tokens, left in (("raw", "raw"), ("bucket", "bucket"), ("drop", "bucket")):
        view = shown(made_finding(1), row.format("tokens_out", tokens), row.format("compute", "raw")).view
        (kept,) = (one for one in view.kept if one.field == "compute")
        assert kept.transform == left
        assert (view.finding.compute == made_finding(1).compute) == (left == "raw")


@settings(max_examples=50, deadline=None)
@given(ends=st.lists(st.floats(1e-3, 1e12), min_size=3, max_size=3).map(sorted))
def test_a_bucketed_interval_holds_the_one_it_was(ends):
    finding = msgspec.structs.replace(
        made_finding(1),
        compute=sharing.ComputeInterval(*ends, "monte-carlo-1", query=f"compute_fed/c/{'0' * 16}"),
    )
    found = shown(
        finding, "field: compute, recipient: partner, tlp: green, transform: bucket"
    ).view.finding.compute
    assert found.p10 <= ends[0] <= ends[2] <= found.p90
    assert found.p10 <= found.p50 <= found.p90
    assert found.query is None


def test_retention_bounds_each_field():
    row = "field: times, recipient: partner, tlp: green, transform: raw, retention: 7d"
    view = shown(made_finding(1), row).view
    assert [one.until for one in view.kept] == [NOW + 7 * DAY]
    assert view.valid_until == NOW + 90 * DAY


def figure(value):
    return sharing.Figure(value, "account_count/c/0123456789abcdef", result_sha256="ab" * 32)


@given(st.integers(0, 10**15) | st.floats(-500, 500))
def test_a_bucket_holds_its_value_and_no_hash(value):
    made = bucketed(figure(value))
    assert made.value <= value <= made.below
    assert made.result_sha256 is None
    if isinstance(value, int):
        assert made.value <= value < made.below


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_equal_buckets_say_the_same(one, other):
    """What leaves of two counts is the same or lies apart."""
    first, second = bucketed(figure(one)), bucketed(figure(other))
    assert first == second or first.below <= second.value or second.below <= first.value
