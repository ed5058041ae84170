"""A made-up run, its findings on disk, and everything a gate needs."""

import pytest
from made_up import NOW, made_finding, write_run

from stillwatch.cases import open_store
from stillwatch.features.key import SketchKey
from stillwatch.sharing import finding as sharing


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run")


@pytest.fixture
def keys():
    return sharing.release_keys(SketchKey(bytes(range(32))), NOW)


@pytest.fixture
def view(keys):
    """Everything that can leave, as an authority gets it."""
    shown = sharing.view_for(made_finding(3), sharing.load_policy(), "authority", at=NOW, keys=keys)
    return shown.view


@pytest.fixture
def tenant(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/store.db", clock=lambda: NOW) as store:
        yield store.tenant()
