import pytest

from stillwatch.marks.ids.keyring import made
from stillwatch.marks.ids.minting import Minter


@pytest.fixture(scope="session")
def ring():
    return made()


@pytest.fixture(scope="session")
def minter(ring):
    return Minter(ring)
