"""A composed result, and what a brief is made of from it."""

import pytest
from brief_composed import compose, material_of


@pytest.fixture
def out(tmp_path):
    return compose(tmp_path)


@pytest.fixture
def material(out):
    return material_of(out)
