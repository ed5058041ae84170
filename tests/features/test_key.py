from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from text import KEY, OTHER

from stillwatch.features.key import ENVIRONMENT, SketchKey, load_key
from stillwatch.records import InvalidConfiguration


@pytest.fixture(autouse=True)
def no_key_around(monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def test_constants_depend_on_key_and_purpose_and_are_odd():
    constants = KEY.constants("words", 20)
    assert np.array_equal(constants, KEY.constants("words", 20))
    assert np.array_equal(constants[:5], KEY.constants("words", 5))
    assert (
        len({*constants.tolist(), *KEY.constants("b", 20).tolist(), *OTHER.constants("words", 20).tolist()})
        == 60
    )
    assert (constants % 2 == 1).all()


def test_constants_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        KEY.constants("words", 2)[0] = 1


def test_a_key_is_made_once_and_is_the_owners_alone(tmp_path):
    made = load_key(tmp_path / "new")
    assert made == load_key(tmp_path / "new")
    assert made != load_key(tmp_path / "other")
    assert (tmp_path / "new" / "stillwatch.key").stat().st_mode & 0o777 == 0o600


def test_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "ab" * 32)
    assert load_key(tmp_path) == SketchKey(bytes.fromhex("ab" * 32))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "ab", "not hexadecimal", "ab" * 33])
def test_anything_else_is_refused_without_being_shown(text, tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, text)
    with pytest.raises(InvalidConfiguration, match="64 hexadecimal digits") as refused:
        load_key(tmp_path)
    assert not text or text not in str(refused.value)


def test_processes_that_begin_together_get_one_key(tmp_path, monkeypatch):
    monkeypatch.delenv("STILLWATCH_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_key(tmp_path / "new"), range(8)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["stillwatch.key"]
