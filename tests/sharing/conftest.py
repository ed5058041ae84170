"""A made-up run, its findings on disk, and everything a gate needs."""

import os

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


@pytest.fixture(scope="session")
def found(tmp_path_factory):
    """Two providers with one operator at work at both, no account in common, and what each found for itself."""
    from stillwatch.lab.simulate import simulate  # noqa: PLC0415 - few tests need a whole log
    from stillwatch.lab.world import World  # noqa: PLC0415
    from stillwatch.runtime import detect  # noqa: PLC0415

    root = tmp_path_factory.mktemp("found")
    for lab, seed in (("a", 11), ("b", 511)):
        world = World(seed=seed, start=1_769_990_400_000_000, days=3, scale=0.001, activity=2.2)
        simulate(world, "hydra_proxy", root / lab / "logs", progress=lambda _name, _accounts: None)
        detect([root / lab / "logs"], root / lab / "result")
    return root


@pytest.fixture
def stillwatch(capsys, monkeypatch):
    """A command as a person types it: its exit code, and what it says."""
    from stillwatch.cli import main  # noqa: PLC0415

    for name in [one for one in os.environ if one.startswith("STILLWATCH_")]:
        monkeypatch.delenv(name)

    def command(*words):
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return command
