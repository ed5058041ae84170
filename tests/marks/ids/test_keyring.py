import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from stillwatch.marks.ids.following import FollowedKeys
from stillwatch.marks.ids.keyring import MOST, load_or_make, made, read, retired, rotated, write
from stillwatch.records import InvalidConfiguration, UsageError


def test_a_file_is_made_on_first_use_for_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "keys.json"
    with ThreadPoolExecutor(4) as pool:
        rings = list(pool.map(lambda _: load_or_make(path), range(8)))
    assert all(ring == rings[0] for ring in rings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ring: ring.update(schema="other/1"),
        lambda ring: ring.update(keys=[]),
        lambda ring: ring["keys"][0].update(secret="abc"),
        lambda ring: ring["keys"][0].update(secret=None),
        lambda ring: ring["keys"][0].update(number=256),
        lambda ring: ring["keys"].append(ring["keys"][0]),
        lambda ring: ring.update(handles="zz"),
        lambda ring: ring.update(unknown=1),
    ],
)
def test_a_damaged_file_is_named_and_no_secret_shown(tmp_path, spoil):
    path = tmp_path / "keys.json"
    load_or_make(path)
    ring = json.loads(path.read_text())
    spoil(ring)
    path.write_text(json.dumps(ring))
    with pytest.raises(InvalidConfiguration, match=r"keys\.json") as caught:
        read(path)
    assert ring["handles"] not in str(caught.value) or ring["handles"] == "zz"


def test_a_file_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    load_or_make(path)
    path.chmod(0o640)
    with pytest.raises(InvalidConfiguration, match="chmod 600"):
        read(path)


def test_rotation_ends_where_every_number_verifies():
    ring = made()
    for _ in range(MOST - 1):
        ring = rotated(ring)
    with pytest.raises(UsageError, match="retire"):
        rotated(ring)
    assert rotated(retired(ring, 7)).minting.number == 7


@pytest.mark.parametrize(("number", "why"), [(9, "no key 9"), (1, "rotate first"), (0, "retired already")])
def test_what_cannot_be_retired(number, why):
    ring = retired(rotated(made()), 0)
    with pytest.raises(UsageError, match=why):
        retired(ring, number)


def test_followed_keys_take_up_a_rotation_and_outlive_damage(tmp_path):
    path, now = tmp_path / "keys.json", [0.0]
    keys = FollowedKeys(path, clock=lambda: now[0])
    old = keys.minter().mint("call_", "a")
    write(path, rotated(read(path)))
    assert keys.minter().number == 0
    now[0] += 2
    assert keys.minter().number == 1
    assert keys.minter().verify(old).outcome == "valid"
    path.write_text("{")
    now[0] += 2
    assert keys.minter().verify(old).outcome == "valid"
