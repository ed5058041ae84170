"""The file of bound keys: whole or not at all, written only where something changed, and never believed where damaged."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.access.verification.api import Bound, publish_bound_keys, read_bound_keys
from stillwatch.records import StillwatchError, UnreadableInput

KEYS = {"acct-1": Bound(frozenset({"a", "b"})), "acct-ü": Bound(frozenset(), frozenset({"c"}))}


def test_what_is_published_is_read(tmp_path):
    path = tmp_path / "bound-keys"
    assert publish_bound_keys(path, KEYS)
    found = read_bound_keys(path)
    assert {one: found.bound(one) for one in KEYS} == KEYS
    assert found.bound("acct-2") == Bound()
    assert b"acct" not in path.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["bound-keys"]


def test_the_same_keys_are_not_written_again(tmp_path):
    path = tmp_path / "bound-keys"
    publish_bound_keys(path, KEYS)
    before = path.stat().st_ino
    assert not publish_bound_keys(path, dict(KEYS))
    assert path.stat().st_ino == before
    assert publish_bound_keys(path, {})
    assert read_bound_keys(path).accounts == {}


def test_a_file_that_is_damaged_is_replaced(tmp_path):
    path = tmp_path / "bound-keys"
    path.write_bytes(b"\xff{")
    assert publish_bound_keys(path, KEYS)
    assert len(read_bound_keys(path).accounts) == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(StillwatchError, match="nowhere"):
        publish_bound_keys(tmp_path / "nowhere" / "bound-keys", KEYS)


@pytest.mark.parametrize("told", ["garbage", "dpop:", "jkt:a", "dpop:a dpop:a"])
def test_a_key_that_is_not_told_as_it_should_be_is_no_account_without_one(told, tmp_path):
    path = tmp_path / "bound-keys"
    publish_bound_keys(path, KEYS)
    path.write_text(path.read_text().replace("dpop:a dpop:b", told))
    with pytest.raises(UnreadableInput, match="not known"):
        read_bound_keys(path).bound("acct-1")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"version": 2, "salt": "", "accounts": {}}', b'{"version": 1']
)
def test_what_is_no_such_file_is_refused(content, tmp_path):
    path = tmp_path / "bound-keys"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="bound-keys"):
        read_bound_keys(path)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "absent"):
        with pytest.raises(UnreadableInput, match="no such file"):
            read_bound_keys(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_garbage_raises_nothing_else(content, tmp_path):
    path = tmp_path / "bound-keys"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput):
        read_bound_keys(path)
