"""A release as objects of a collection, with its signature among them."""

import pytest
from made_up import DAY, NOW, made_finding

from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats

KEY = sharing.new_key(NOW - DAY)


@pytest.fixture
def release(tenant, keys):
    gate = sharing.Gate(tenant, sharing.load_policy(), KEY, keys, by="a.person")
    return gate.release(made_finding(1), "authority", formats.collection_files, reason="why")


def test_the_signature_holds_in_whatever_order_objects_come(release):
    objects = formats.with_signature(release.view, release.files)
    assert formats.verify_objects(reversed(objects), KEY.public, NOW) == NOW // 1_000_000


@pytest.mark.parametrize("change", ["drop", "alter", "unsigned"])
def test_what_was_changed_on_its_way_is_not_genuine(release, change):
    objects = formats.with_signature(release.view, release.files)
    if change == "drop":
        objects.pop(0)
    elif change == "alter":
        objects[5] = objects[5] | {"confidence": 99}
    else:
        objects.pop()
    with pytest.raises(sharing.NotGenuine):
        formats.verify_objects(objects, KEY.public, NOW)
