"""Marked logits: raised where they should be, untouched where little is open, and the same whatever stands beside."""

import msgspec
import numpy as np
import pytest

from stillwatch.marks.watermark import (
    MarkKeys,
    Scheme,
    cohort_contexts,
    entropies,
    green_logits,
    load_scheme,
    mark_green,
    mark_gumbel,
    marker_keys,
    words,
)
from stillwatch.records import InvalidConfiguration

KEYS = MarkKeys(bytes(range(32)))
SCHEME = Scheme(gamma=0.25, delta=1.5, window=2)


def room(rows=40, vocabulary=101, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, vocabulary)), rng.integers(0, vocabulary, (rows, 2)), rng


def test_green_tokens_are_raised_and_no_others():
    logits, contexts, _ = room()
    raised = mark_green(logits, contexts, marker_keys(KEYS, "c"), SCHEME) - logits
    assert set(np.round(np.unique(raised), 9)) == {0.0, 1.5}
    assert abs((raised > 0).mean() - 0.25) < 0.03


def test_cohort_and_global_key_act_in_contexts_of_their_own():
    logits, contexts, _ = room(400)
    own = cohort_contexts(KEYS.selector(), contexts, SCHEME)
    assert 150 < own.sum() < 250
    alone = mark_green(logits, contexts, marker_keys(KEYS, None), SCHEME)
    one, other = (mark_green(logits, contexts, marker_keys(KEYS, name), SCHEME) for name in ("a", "b"))
    assert (alone[own] == logits[own]).all()
    assert (alone[~own] == one[~own]).all()
    assert (one[~own] == other[~own]).all()
    assert all((left != right).any() for left, right in zip(one[own], other[own], strict=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_do_not_depend_on_each_other_and_keep_their_type(dtype):
    logits, contexts, rng = room()
    logits = logits.astype(dtype)
    keys = marker_keys(KEYS, "c")
    together = mark_green(logits, contexts, keys, SCHEME)
    assert together.dtype == dtype
    order = rng.permutation(40)
    assert (mark_green(logits[order], contexts[order], keys, SCHEME) == together[order]).all()
    chance, fresh = rng.integers(0, 2**32, logits.shape, np.uint32), np.arange(40) % 3 > 0
    drawn = mark_gumbel(logits, contexts, keys, SCHEME, chance, fresh)
    again = mark_gumbel(logits[7:8], contexts[7:8], keys, SCHEME, chance[7:8], fresh[7:8])
    assert (drawn[7] == again[0]).all()


def test_what_is_all_but_fixed_is_left_as_it_is():
    logits = np.zeros((2, 50))
    logits[0, 3] = 12.0
    assert entropies(logits)[0] < SCHEME.least_entropy < entropies(logits)[1]
    made = words(KEYS.overall(), np.array([[1, 2], [1, 2]]), 50)
    marked = green_logits(logits, made, SCHEME)
    assert (marked[0] == logits[0]).all()
    assert (marked[1] != logits[1]).any()
    never = np.full((1, 4), -np.inf)
    never[0, 1] = 0
    assert entropies(never).tolist() == [0.0]


def test_gumbel_draws_as_often_as_the_model_says():
    """Free of distortion over contexts: each token is drawn with its own probability."""
    likely = np.array([0.5, 0.3, 0.15, 0.05])
    contexts = np.stack(np.divmod(np.arange(20_000), 200), axis=1)
    logits = np.log(np.broadcast_to(likely, (20_000, 4)))
    chance = np.random.default_rng(1).integers(0, 2**32, logits.shape, np.uint32)
    scheme = Scheme(variant="gumbel", window=2)
    scores = mark_gumbel(logits, contexts, marker_keys(KEYS, "c"), scheme, chance, np.ones(20_000, bool))
    drawn = np.bincount(scores.argmax(axis=1), minlength=4) / 20_000
    assert np.abs(drawn - likely).max() < 0.015


def test_a_scheme_that_does_not_hold_together_is_refused(tmp_path):
    file = tmp_path / "scheme.json"
    file.write_bytes(msgspec.json.encode(SCHEME))
    assert load_scheme(file) == SCHEME
    assert load_scheme(None) == Scheme()
    for wrong in ('{"gamma": 0}', '{"gama": 0.5}', '{"window": 0}', '{"variant": "red"}', "{"):
        file.write_text(wrong)
        with pytest.raises(InvalidConfiguration, match=r"scheme\.json"):
            load_scheme(file)
