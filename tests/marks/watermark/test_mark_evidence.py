"""Chances are valid for keys that are not in the text, whatever the text; and deep for keys that are."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stillwatch.marks.watermark import (
    MarkKeys,
    Null,
    Scheme,
    all_windows,
    detect,
    distinct,
    holm,
    tokens_needed,
)
from stillwatch.marks.watermark.law import Bernoulli, Exponential
from stillwatch.marks.watermark.pairs import Pairs, unique_rows

LAWS = [Bernoulli(0.25), Bernoulli(0.5), Exponential()]


def weighted(rng, size, context_count=30):
    rows, _ = unique_rows(
        np.stack([rng.integers(0, context_count, size), rng.integers(0, 500, size)], axis=1)
    )
    return Pairs(
        contexts=np.arange(context_count)[:, None],
        of=rows[:, 0],
        tokens=rows[:, 1],
        weights=rng.standard_t(3, len(rows)),
        positions=size,
    )


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("plain", [True, False])
def test_chances_of_innocent_keys_are_uniform_or_larger(law, plain):
    rng = np.random.default_rng(5)
    dependent = np.repeat(rng.integers(0, 40, 60), rng.integers(1, 30, 60))  # bursts: far from independent
    pairs = distinct(all_windows([dependent, dependent[::-1], rng.zipf(1.5, 400) % 300], 1))
    pairs = pairs if plain else weighted(rng, 600)
    null = Null(pairs, law)
    sums = null.sums(MarkKeys(bytes(range(32))).cohorts([str(number) for number in range(2_000)]))
    decoys = null.sums(MarkKeys(bytes(32)).decoys(2_000))
    bounds, ranks = np.exp(null.log_bound(sums)), np.exp(null.log_ranks(sums, decoys))
    for level in (0.5, 0.1, 0.01):
        allowed = level + 3.5 * math.sqrt(level * (1 - level) / 2_000)
        assert np.mean(bounds <= level) <= allowed
        assert np.mean(ranks <= level) <= allowed + 3.5 * math.sqrt(level / 2_000)
    assert stats.ks_2samp(sums, decoys).pvalue > 1e-4
    assert abs(sums.mean() / null.deviation) < 0.1
    assert abs(sums.std() / null.deviation - 1) < 0.1


@settings(max_examples=20, deadline=None)
@given(
    text=st.lists(st.lists(st.integers(0, 9), max_size=60), max_size=5),
    key=st.binary(min_size=32, max_size=32),
    window=st.integers(1, 3),
)
def test_any_text_has_chances_between_0_and_1_and_counts_nothing_twice(text, key, window):
    sequences = [np.array(one, np.int64) for one in text]
    scheme = Scheme(window=window)
    once = detect(sequences, MarkKeys(key), scheme, ["a", "b"], decoys=19)
    twice = detect([*sequences, *sequences], MarkKeys(key), scheme, ["a", "b"], decoys=19)
    for one, other in zip([once.overall, *(c.evidence for c in once.cohorts)],
                          [twice.overall, *(c.evidence for c in twice.cohorts)], strict=True):  # fmt: skip
        assert one == other
        assert one.log10_p_bound <= 0
        assert one.log10_p_bound >= one.log10_p_exact - 1e-9 if one.log10_p_exact is not None else True
        assert one.log10_p_bound <= one.log10_p_hoeffding + 0.02
        assert -math.log10(20) - 1e-9 <= one.log10_p_rank <= 0


@pytest.mark.parametrize("law", LAWS)
def test_the_bound_is_above_the_exact_tail_and_follows_it_into_the_depth(law):
    pairs = distinct(np.stack(np.divmod(np.arange(1_000), 50), axis=1))
    null = Null(pairs, law)
    for z in (0.5, 2, 5, 12):
        total = z * null.deviation
        exact = law.log_tail(total + law.mean * 1_000, 1_000)
        bound = float(null.log_bound(np.array([total]))[0])
        assert exact <= bound + 1e-9
        assert bound <= 0.6 * exact + 1


def test_a_marked_text_is_found_by_its_key_and_its_cohort_by_no_other():
    keys, scheme = MarkKeys(bytes(range(32))), Scheme()
    found = detect(marked_text(keys, scheme, "c3"), keys, scheme, [f"c{n}" for n in range(8)], decoys=99)
    assert found.answer == "marked"
    assert found.named == ["c3"]
    assert found.overall_found
    other = detect(
        marked_text(keys, scheme, "c3"), MarkKeys(bytes(32)), scheme, [f"c{n}" for n in range(8)], decoys=99
    )
    assert other.answer == "undecided"
    assert other.needed is None or other.needed > other.positions


def marked_text(keys, scheme, cohort):
    """Text drawn evenly from green tokens and others, three to one."""
    from stillwatch.marks.watermark import mark_green, marker_keys  # noqa: PLC0415 - beside what it makes

    rng, tokens = np.random.default_rng(3), [np.zeros(8, np.int64)]
    for _ in range(250):
        logits = mark_green(np.zeros((8, 64)), tokens[-1][:, None], marker_keys(keys, cohort), scheme)
        tokens.append((logits + rng.gumbel(size=logits.shape)).argmax(axis=1))
    return list(np.stack(tokens, axis=1))


def test_too_short_a_text_is_said_to_be_so():
    keys, scheme = MarkKeys(bytes(32)), Scheme()
    for text in ([], [np.empty(0, np.int64)], [np.array([1])], [np.full(5_000, 7)], [np.arange(9)]):
        found = detect(text, keys, scheme, ["a"], decoys=9)
        assert found.answer == "too_short"
        assert found.named == []


@pytest.mark.parametrize("variant", ["green", "gumbel"])
def test_tokens_needed_are_enough_and_not_far_too_many(variant):
    scheme = Scheme(variant=variant)
    law = scheme.law()
    needed = tokens_needed(scheme, 0.1, -6)
    assert needed is not None
    null = Null(distinct(np.stack(np.divmod(np.arange(needed), 40), axis=1)), law)
    assert float(null.log_bound(np.array([0.1 * needed]))[0]) <= -6 * math.log(10) * 0.98
    assert tokens_needed(scheme, 0.2, -6) < needed
    assert tokens_needed(scheme, 0.0, -6) is None


def test_holm_keeps_the_order_and_multiplies_by_how_many_are_left():
    adjusted = np.exp(holm(np.log(np.array([0.01, 0.5, 0.04]))))
    assert adjusted == pytest.approx([0.03, 0.5, 0.08])
    assert len(holm(np.empty(0))) == 0
