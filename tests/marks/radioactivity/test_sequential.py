"""E-values: they seldom grow for innocent keys, however often one looks, and stop early for guilty ones."""

import math

import numpy as np
import pytest

from stillwatch.marks.radioactivity import Sequential, stopping
from stillwatch.marks.watermark import MarkKeys, Scheme, mark_green, mark_gumbel, marker_keys

KEYS = MarkKeys(bytes(range(32)))


def answers(scheme, cohort, rows=60, length=120, size=80):
    rng = np.random.default_rng(2)
    keys = marker_keys(KEYS, cohort)
    tokens = [rng.integers(0, size, rows)]
    for _ in range(length):
        logits, contexts = np.zeros((rows, size)), tokens[-1][:, None]
        if scheme.variant == "green":
            noisy = mark_green(logits, contexts, keys, scheme) + rng.gumbel(size=logits.shape)
        else:
            chance = rng.integers(0, 2**32, logits.shape, np.uint32)
            noisy = mark_gumbel(logits, contexts, keys, scheme, chance, rng.random(rows) < 0.3)
        tokens.append(noisy.argmax(axis=1))
    return list(np.stack(tokens, axis=1))


@pytest.mark.parametrize("variant", ["green", "gumbel"])
def test_innocent_keys_seldom_reach_one_over_alpha_at_any_look(variant):
    scheme = Scheme(variant=variant)
    test = Sequential(KEYS, scheme, [f"innocent {n}" for n in range(1_000)])
    highest = np.full(1_000, -np.inf)
    text = answers(scheme, "guilty", rows=30)
    for start in range(0, 30, 3):
        highest = np.maximum(highest, test.add(text[start : start + 3]))
    for level in (0.2, 0.05):
        assert np.mean(highest >= -math.log(level)) <= level


@pytest.mark.parametrize("variant", ["green", "gumbel"])
def test_sampling_may_stop_early_for_a_guilty_cohort(variant):
    scheme = Scheme(variant=variant)
    found = stopping(answers(scheme, "c5"), KEYS, scheme, [f"c{n}" for n in range(20)], 1e-3)
    assert found.cohort == "c5"
    assert found.stop_after < 60
    assert found.log10_e >= found.limit


def test_what_was_seen_before_is_no_news():
    scheme = Scheme()
    text = answers(scheme, "c1", rows=5)
    test = Sequential(KEYS, scheme, ["c1", "c2"])
    first = test.add(text)
    seen = test.pairs
    assert (test.add(text) == first).all()
    assert test.pairs == seen
    assert test.add([]).tolist() == first.tolist()
    one_by_one = Sequential(KEYS, scheme, ["c1", "c2"])
    for one in text:
        last = one_by_one.add([one])
    assert np.allclose(last, first)
