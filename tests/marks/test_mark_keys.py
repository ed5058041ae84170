"""Keys: one for each use, independent in every context, and a secret that is what it claims to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks.watermark import ENVIRONMENT, MarkKeys, load_secret, new_secret, words
from stillwatch.marks.watermark.prf import threshold
from stillwatch.records import InvalidConfiguration, UnreadableInput

NAMES = st.text(max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=2, max_size=6, unique=True))
def test_no_two_uses_share_a_key(uses):
    secret = bytes(range(32))
    made = {MarkKeys(secret, tenant or "t").key(purpose, name) for tenant, purpose, name in uses}
    assert len(made) == len({(tenant or "t", purpose, name) for tenant, purpose, name in uses})


def test_purposes_tenants_and_secrets_have_keys_of_their_own():
    one, other, third = MarkKeys(bytes(32)), MarkKeys(bytes(32), "b"), MarkKeys(bytes(31) + b"\x01")
    made = [
        key
        for keys in (one, other, third)
        for key in (
            keys.selector(),
            keys.overall(),
            keys.cohort("a"),
            keys.cohort("b"),
            keys.cohort("0"),
            *keys.decoys(3),
        )
    ]
    assert len({tuple(key.tolist()) for key in made}) == len(made)
    assert one.key_id("a") != one.key_id("b")
    assert one.key_id("a") == MarkKeys(bytes(32)).key_id("a")


@pytest.mark.parametrize("token", [0, 1, 10, 2**31])
def test_lists_of_different_keys_are_independent_in_every_context(token):
    """Also after token 0, where a seed of key times token makes all keys alike."""
    keys = MarkKeys(bytes(range(32))).cohorts([f"c{number}" for number in range(200)])
    made = words(keys, np.full((200, 1), token), 1_000) < threshold(0.25)
    agree = (made[:100] == made[100:]).mean()
    assert abs(agree - 0.625) < 0.01  # 1/16 + 9/16
    assert abs(made.mean() - 0.25) < 0.005


def test_a_secret_is_read_from_a_file_or_the_environment(tmp_path, monkeypatch):
    text = new_secret()
    (tmp_path / "secret").write_text(text + "\n")
    assert load_secret(tmp_path / "secret") == bytes.fromhex(text)
    monkeypatch.setenv(ENVIRONMENT, text)
    assert load_secret(None) == bytes.fromhex(text)


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "00" * 31, "é" * 64])
def test_a_wrong_secret_is_refused(tmp_path, text, monkeypatch):
    (tmp_path / "secret").write_text(text)
    with pytest.raises(InvalidConfiguration, match="64 hexadecimal digits"):
        load_secret(tmp_path / "secret")
    with pytest.raises(UnreadableInput):
        load_secret(tmp_path / "none")
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(InvalidConfiguration, match=ENVIRONMENT):
        load_secret(None)
    with pytest.raises(InvalidConfiguration, match="32 bytes"):
        MarkKeys(b"short")
