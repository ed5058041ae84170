"""Composed accounts on both sides of a border, and the measurement made on them."""

import numpy as np
import pytest

from stillwatch.lab.benches import access_regions
from stillwatch.lab.borders.judged import COUNTS, gather
from stillwatch.lab.borders.people import KINDS


@pytest.fixture(scope="module")
def world():
    return gather(7, 0.01)


def test_every_kind_is_composed_and_lives_where_its_kind_does(world):
    people, served = world.people, set(world.rules.supported(0))
    assert {KINDS[kind] for kind in people.kind} == set(COUNTS)
    from stillwatch.lab.places import COUNTRY_CODES  # noqa: PLC0415 - beside its one use

    inside = np.isin(COUNTRY_CODES[people.lives].astype(str), sorted(served))
    assert (inside == ~people.evades()).all()
    assert world.activity["exchanges"].to_numpy().sum() == world.exchanges


def test_a_seed_makes_one_world_and_another_seed_another(world):
    again, other = gather(7, 0.01), gather(8, 0.01)
    assert again.activity.equals(world.activity)
    assert again.accounts.equals(world.accounts)
    assert not other.activity.equals(world.activity)


def test_the_measurement_names_kinds_floors_and_speed(monkeypatch):
    monkeypatch.setattr(access_regions, "QUICK_SCALE", 0.01)
    figures, floors, tables = access_regions.measure_regions(lambda _: None, seed=7, quick=True)
    assert figures["accounts"] == sum(max(1, round(n * 0.01)) for n in COUNTS.values())
    assert set(figures["suspected"]) == set(KINDS)
    assert tables[0].row_count == len(KINDS)
    assert [floor.limit for floor in floors] == [0.9, 0.001]
    assert figures["suspected"]["resident"] < 0.05 < figures["suspected"]["evader, careless"]
