import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "cases"))  # a real PostgreSQL
sys.path.append(str(Path(__file__).parents[2] / "gateways"))  # real servers on loopback
sys.path.append(str(Path(__file__).parent))

from postgres import running
from vouching import Clock

from stillwatch.cases import api


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db", clock=clock) as store:
        yield store


@pytest.fixture
def tenant(store):
    return store.tenant("acme")


@pytest.fixture(scope="session")
def postgresql():
    """The URL of an empty database."""
    with running() as url:
        yield url
