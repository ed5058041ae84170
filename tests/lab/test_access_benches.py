"""The benchmarks of owners and names, at a small size."""

import numpy as np
import pytest

from stillwatch.access.names import weights
from stillwatch.lab.benches import access_names, access_owners
from stillwatch.lab.names.fit import SEEDS, fit, logistic


@pytest.mark.slow
def test_owners(monkeypatch):
    monkeypatch.setattr(access_owners, "QUICK_ENTITIES", 5_000)
    figures, floors, tables = access_owners.measure_owners(lambda _: None, seed=7000, quick=True)
    assert [floor.name for floor in floors if not floor.holds] == []
    assert figures["hand_checked_wrong"] == []
    assert tables


@pytest.mark.slow
def test_names(monkeypatch):
    monkeypatch.setattr(access_names, "QUICK_NAMES", 2_000)
    figures, floors, tables = access_names.measure_names(lambda _: None, seed=7000, quick=True)
    assert [floor.name for floor in floors if not floor.holds] == []
    assert figures["crowd"]["told"] > 0
    assert len(tables) == 2
    assert all(column.header for table in tables for column in table.columns)


def test_seeds_that_are_fitted_on_are_not_reported_on():
    assert max(SEEDS) < 1000


def test_a_fit_weighs_all_features_of_all_kinds_of_pairs():
    fitted = fit(seeds=(1,), size=150)
    assert fitted.features == weights().features
    assert {name: len(row) for name, row in fitted.weights.items()} == {
        name: len(row) for name, row in weights().weights.items()
    }
    assert weights().seeds == list(SEEDS)


def test_a_logistic_regression_finds_the_odds():
    rng = np.random.default_rng(1)
    features = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    truth = (rng.random(20_000) < 1 / (1 + np.exp(-(features @ [-1.0, 2.0])))).astype(float)
    assert logistic(features, truth, np.zeros(2)) == pytest.approx([-1.0, 2.0], abs=0.1)
