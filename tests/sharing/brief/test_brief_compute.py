"""Training compute: ranges that scale, repeat, and are not made to fit the anchors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sharing.brief import Haul, Model, anchors, chips, load_priors
from stillwatch.sharing.brief.compute import Prior, range_of
from stillwatch.sharing.brief.reference import clocks, thresholds


@pytest.fixture(scope="module")
def model():
    return Model(draws=4_000)


def test_the_same_seed_gives_the_same_range(model):
    haul = Haul(1e9, 1e5)
    assert range_of(Model(draws=4_000).fed(haul)) == range_of(model.fed(haul))


@settings(max_examples=20, deadline=None)
@given(tokens=st.floats(1, 1e15), more=st.floats(1, 1000))
def test_compute_grows_with_the_haul(model, tokens, more):
    once, again = (range_of(model.fed(Haul(size, 1))) for size in (tokens, tokens * more))
    assert np.allclose([part * more for part in once], again)
    assert once.p10 <= once.p50 <= once.p90


def test_a_teacher_does_not_depend_on_the_haul_and_keeping_all_is_more(model):
    assert range_of(model.teacher()).p50 > 0
    part, whole = (model.kept(Haul(1e9, 1, whole=whole)) for whole in (False, True))
    assert (part <= whole).all()
    assert (whole == 1e9).all()


def test_without_tokens_exchanges_are_used(model):
    kept = range_of(model.kept(Haul(None, 1000)))
    assert 1e6 < kept.p10 < kept.p90 < 1e7


def test_fixed_priors_give_the_formula():
    fixed = [
        Prior(name=one.name, low=value, high=value, unit="", reason="", sources=[])
        for one, value in zip(
            load_priors(), [0.5, 1e3, 1e10, 2, 1, 0.25, 1e10, 4, 0.1, 1e9, 8, 0.1], strict=True
        )
    ]
    model = Model(fixed, draws=3)
    haul = Haul(1e6, 10)
    assert np.allclose(model.fed(haul), 6 * 1e10 * 0.5e6 * 2)
    assert np.allclose(model.sampling(haul), 2 * 1e10 * 0.5e6 * 4)
    assert np.allclose(model.fed_hours(haul, "a100"), 6 * 1e10 * 1e6 / (0.25 * 3.12e14 * 3600))
    assert np.allclose(model.teacher(), 8 * 1e10 * 1e9)


def test_slower_chips_need_more_hours(model):
    hours = {chip: range_of(model.fed_hours(Haul(1e9, 1), chip)).p50 for chip in chips()}
    assert hours["h20"] > hours["a100"] > hours["h800"] > hours["h100"] * 0.99


def test_no_prior_rests_on_an_anchor():
    of_anchors = {one.source for one in anchors()}
    for prior in load_priors():
        assert prior.low <= prior.high
        assert prior.reason
        assert prior.sources or "judgement" in prior.reason or "reference model" in prior.reason
        assert not of_anchors & set(prior.sources)


def test_every_dated_row_says_where_from_or_that_it_is_unconfirmed():
    for row in [*thresholds(), *clocks(), *chips().values()]:
        assert row.source.startswith("https://") or row.status == "unconfirmed"
        assert row.as_of.year >= 2026
    assert {row.id: row.flop for row in thresholds()}["eu-systemic"] == 1e25
