"""A store in a fresh file, with a clock of its own."""

import pytest
from composed_campaigns import Clock

from stillwatch.cases import api


@pytest.fixture
def store(tmp_path):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db", clock=Clock()) as store:
        yield store


@pytest.fixture
def tenant(store):
    return store.tenant("acme")
