"""What goes into a sketch, and what never does."""

import pytest
from group_of_members import Group
from hypothesis import given
from hypothesis import strategies as st
from two_labs import ONE_CUSTOMER, findings, write

from stillwatch.features.fragments import fragments
from stillwatch.features.words import words_of
from stillwatch.records import UnreadableInput
from stillwatch.sharing.finding.model import TemplateSketch
from stillwatch.sharing.matching.templates.carried import Fragment, carried, findings_of, read_log
from stillwatch.sharing.matching.templates.sketches import (
    ALG,
    SMALLEST,
    K,
    fragment_value,
    sketches,
    tokens_of,
)
from stillwatch.sharing.matching.tokens import Asking

import pyarrow as pa  # isort: skip


@pytest.fixture(scope="module")
def alone():
    group = Group(threshold=1, holders=("lab-a",), asks=())
    return Asking(group.identities["lab-a"], group.roster, group.keys["lab-a"])


def of_log(tmp_path, alone, operated=25, logged=None):
    log = write(tmp_path / "log", "a", operated=logged or operated)
    found = findings(tmp_path / "found", "a", operated)
    members, flags = findings_of(found)
    read = read_log([log], alone.key.hashes, tmp_path / "fragments.parquet")
    assert read.rejected == []
    with carried(tmp_path / "fragments.parquet", flags) as own:
        return own.of_campaigns(members, K)


def test_a_template_of_the_campaign_is_sketched_and_one_customers_prompt_is_not(tmp_path, alone):
    found = of_log(tmp_path, alone)
    assert {one.inside for one in found} <= set(range(K, 26))
    sketch = sketches(found, alone.key, alone.evaluate)["campaign-001"]
    assert (sketch.alg, sketch.key_epoch, sketch.k) == (ALG, "2026q4", K)
    words = words_of(pa.array([ONE_CUSTOMER]), alone.key.hashes)
    private = {int(one) for one in fragments(words, words, alone.key.hashes).reshape(-1)}
    assert not set(tokens_of(sketch)) & set(alone.evaluate([fragment_value(one) for one in private]))


def test_a_campaign_of_fewer_accounts_has_no_sketch(tmp_path, alone):
    assert of_log(tmp_path, alone, operated=K - 1) == []


def test_what_others_use_as_well_is_no_mark(alone):
    common = Fragment("campaign-001", 7, inside=40, outside=3)
    assert sketches([common], alone.key, alone.evaluate) == {}
    rare = Fragment("campaign-001", 7, inside=40, outside=2)
    assert list(sketches([rare], alone.key, alone.evaluate)) == ["campaign-001"]


def test_members_that_were_not_found_do_not_hide_the_mark(tmp_path, alone):
    """Five of the operator's accounts are in no campaign: they carry the same fragments, and are not counted against."""
    found = of_log(tmp_path, alone, operated=25, logged=30)
    assert max(one.outside for one in found) == 5
    assert all(one.outside == one.alike for one in found)
    assert sketches(found, alone.key, alone.evaluate)
    many = Fragment("campaign-001", 7, inside=40, outside=11, alike=11)  # more than a few: a program many use
    assert sketches([many], alone.key, alone.evaluate) == {}


def test_the_smallest_tokens_are_kept_in_order(alone):
    many = [Fragment("c", at, inside=30, outside=0) for at in range(1, 3 * SMALLEST)]
    tokens = tokens_of(sketches(many, alone.key, alone.evaluate)["c"])
    whole = sorted(alone.evaluate([fragment_value(at) for at in range(1, 3 * SMALLEST)]))
    assert tokens == whole[:SMALLEST]


@given(
    alg=st.sampled_from([ALG, "minhash"]),
    value=st.one_of(st.just("ab" * 16), st.text(max_size=40), st.just("ab" * 16 * 65)),
    k=st.integers(0, 40),
)
def test_a_sketch_of_another_kind_is_refused(alg, value, k):
    sketch = TemplateSketch(alg, "2026q4", value, k)
    if (alg, value) == (ALG, "ab" * 16) and k >= K:
        assert tokens_of(sketch) == [b"\xab" * 16]
        return
    with pytest.raises(UnreadableInput, match="not a sketch"):
        tokens_of(sketch)


def test_broken_lines_are_told_and_a_log_without_exchanges_is_refused(tmp_path, alone):
    log = write(tmp_path / "log", "a")
    with (log / "exchanges.jsonl").open("a") as file:
        file.write("{broken\n")
    read = read_log([log], alone.key.hashes, tmp_path / "fragments.parquet")
    assert len(read.rejected) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "exchanges.jsonl").write_text("{broken\n")
    with pytest.raises(UnreadableInput, match="no exchange could be read"):
        read_log([empty], alone.key.hashes, tmp_path / "none.parquet")
    with pytest.raises(UnreadableInput, match="not the findings"):
        findings_of(empty)
