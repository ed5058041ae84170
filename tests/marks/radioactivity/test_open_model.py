"""An open model against a reference: what is summed, and that no innocent model is made guilty by a poor reference."""

import math

import numpy as np
import pytest

from stillwatch.marks.radioactivity import open_pairs
from stillwatch.marks.watermark import MarkKeys, Null, Scheme, marker_keys, trace, words
from stillwatch.records import UsageError

SIZE = 40
SCHEME = Scheme()


class Table:
    """A model that is a table of the next token by the last."""

    def __init__(self, rows):
        self.table = rows.astype(np.float32)
        self.vocabulary = rows.shape[1]

    def next_probabilities(self, sequences):
        return self.table[sequences]


def model(seed, weights=None):
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.full(SIZE, 0.7), SIZE)
    if weights is not None:
        rows = rows * weights
    return Table(rows / rows.sum(axis=1, keepdims=True))


def probes(seed=1, length=9):
    rng = np.random.default_rng(seed)
    return [(rng.integers(0, SIZE, (50, length)), np.ones(50)) for _ in range(2)]


def learned(keys, cohort, strength):
    """What favours a cohort's tokens a little."""
    from stillwatch.marks.watermark.marking import row_keys  # noqa: PLC0415 - beside its use

    contexts = np.arange(SIZE)[:, None]
    own, _ = row_keys(marker_keys(keys, cohort), contexts, SCHEME)
    green = words(own, contexts, SIZE) < 2**31
    return 1 + strength * green


def test_a_model_that_favours_a_key_is_traced_to_it_alone():
    keys = MarkKeys(bytes(range(32)))
    suspect = model(1, learned(keys, "c2", 0.3))
    pairs = open_pairs(suspect, model(1), probes(), 1)
    found = trace(pairs, keys, SCHEME, [f"c{n}" for n in range(6)], decoys=99)
    assert found.named == ["c2"]
    assert found.overall_found
    assert found.positions == 2 * 50 * 9
    assert trace(pairs, MarkKeys(bytes(32)), SCHEME, ["c2"], decoys=0).answer == "undecided"


@pytest.mark.parametrize("reference", [1, 2])
def test_an_innocent_model_stays_so_under_any_reference(reference):
    suspect = model(1, np.random.default_rng(9).gamma(0.3, size=(SIZE, SIZE)))
    null = Null(open_pairs(suspect, model(reference), probes(), 1), SCHEME.law())
    bounds = null.log_bound(null.sums(MarkKeys(bytes(32)).decoys(2_000)))
    for level in (0.3, 0.05, 0.01):
        assert np.mean(bounds <= math.log(level)) <= level + 3 * math.sqrt(level / 2_000)


def test_pairs_do_not_depend_on_how_probes_are_cut():
    whole = np.concatenate([one for one, _ in probes()])
    cut = [(whole[start : start + 7], np.ones(len(whole[start : start + 7]))) for start in range(0, 100, 7)]
    one = open_pairs(model(1), model(2), probes(), 2, most_pairs=500, most_contexts=60)
    other = open_pairs(model(1), model(2), cut, 2, most_pairs=500, most_contexts=60)
    assert (one.contexts == other.contexts).all()
    assert (one.tokens == other.tokens).all()
    assert np.allclose(one.weights, other.weights, atol=1e-5)
    assert len(one) == 500


def test_models_of_different_vocabularies_and_empty_probes():
    small = Table(np.full((3, 3), 1 / 3))
    with pytest.raises(UsageError, match="cannot be compared"):
        open_pairs(model(1), small, probes(), 1)
    for none in ([], [(np.empty((0, 5), np.int64), np.empty(0))], [(np.zeros((3, 1), np.int64), np.ones(3))]):
        found = trace(open_pairs(model(1), model(2), none, 2), MarkKeys(bytes(32)), SCHEME, ["a"], decoys=9)
        assert found.answer == "too_short"
    same = trace(open_pairs(model(1), model(1), probes(), 1), MarkKeys(bytes(32)), SCHEME, ["a"], decoys=9)
    assert same.answer != "marked"
