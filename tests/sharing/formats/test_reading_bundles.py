"""Bundles from a partner who lies, floods or is broken: refused, counted, and never a crash."""

import io
import json
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import DAY, NOW, made_finding

from stillwatch.records import UnreadableInput
from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats
from stillwatch.sharing.formats import stix
from stillwatch.sharing.formats._reading.nesting import deepest

GOOD = {
    "type": "campaign",
    "spec_version": "2.1",
    "id": "campaign--bce02e97-49d3-4f79-8276-d138686a2e6e",
    "created": "2026-03-01T00:00:00.000Z",
    "modified": "2026-03-01T00:00:00.000Z",
    "name": "A campaign",
}
INDICATOR = GOOD | {
    "type": "indicator",
    "id": "indicator--bce02e97-49d3-4f79-8276-d138686a2e6e",
    "pattern": "[autonomous-system:number = 64500]",
    "pattern_type": "stix",
    "valid_from": "2026-03-01T00:00:00Z",
}


def read(data, **limits):
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return formats.read(io.BytesIO(content), name="partner.json", at=NOW, limits=formats.Limits(**limits))


def bundled(*objects):
    return {"type": "bundle", "id": "bundle--bce02e97-49d3-4f79-8276-d138686a2e6e", "objects": list(objects)}


def test_bundles_of_our_own_are_taken_whole(keys):
    for seed in range(20):
        view = sharing.view_for(
            made_finding(seed), sharing.load_policy(), "authority", at=NOW, keys=keys
        ).view
        ((_, data),) = stix.files(view).items()
        received = formats.read(io.BytesIO(data), name="own", at=sharing_time(NOW))
        assert received.counts == {}
        assert len(received.objects) == len(json.loads(data)["objects"])


def sharing_time(now):
    """The definition of the extension was made on a day of its own, after the made-up ones."""
    return now + 365 * DAY


def test_an_envelope_of_taxii_is_taken():
    assert read({"objects": [GOOD], "more": False}).objects == [GOOD]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "exploit"}, "its type is unknown"),
        ({"type": 7}, "a property is missing or of a wrong type"),
        ({"id": "campaign--1"}, "its id is malformed"),
        ({"id": INDICATOR["id"]}, "its id is malformed"),
        ({"name": None}, "a property is missing or of a wrong type"),
        ({"spec_version": "2.0"}, "it is not of STIX 2.1"),
        ({"modified": "2026-12-01T00:00:00Z"}, "it was made in the future"),
        ({"modified": "2026-02-01T00:00:00Z"}, "it was modified before it was created"),
        ({"created": "yesterday"}, "a time is missing or malformed"),
        ({"created": "2026-02-31T00:00:00Z"}, "a time is missing or malformed"),
        ({"modified": None}, "a time is missing or malformed"),
        ({"description": "<script>alert(1)</script>"}, "a text holds markup"),
        ({"description": "<IMG SRC=x onerror=y>"}, "a text holds markup"),
        ({"labels": ["javascript:alert(1)"]}, "a text holds markup"),
        ({"x_<b>": 1}, "a text holds markup"),
        ({"description": "harm\u202eless"}, "a text holds characters that do not show"),
        ({"description": "a\x00b"}, "a text holds characters that do not show"),
        ({"description": "x" * 70_000}, "a text is too long"),
        ({"confidence": 2**60}, "a number is too large"),
        ({"labels": "one"}, "a property is missing or of a wrong type"),
        ({"extensions": {"extension-definition--x": 1}}, "a property is missing or of a wrong type"),
    ],
)
def test_a_bad_object_is_refused_for_a_reason_and_costs_no_good_one(change, reason):
    received = read(bundled(GOOD | change, INDICATOR))
    assert received.objects == [INDICATOR]
    assert received.counts == {reason: 1}
    (rejection,) = received.rejected
    assert (rejection.file, rejection.line, rejection.reason) == ("partner.json", 1, reason)


@pytest.mark.parametrize("thing", [1, None, [], "text", [GOOD]])
def test_what_is_no_object_is_refused(thing):
    assert read(bundled(thing, GOOD)).counts == {"it is no JSON object": 1}


def test_an_indicator_that_ends_before_it_begins():
    backwards = INDICATOR | {"valid_until": "2026-02-01T00:00:00Z"}
    assert read(bundled(backwards)).counts == {"its validity ends before it begins": 1}
    assert read(bundled(INDICATOR | {"valid_until": "2026-04-01T00:00:00Z"})).counts == {}


def test_a_pattern_may_hold_what_a_text_may_not():
    rule = INDICATOR | {"pattern": "title: <any>\ndetection:\n  a|re: <b>\n", "pattern_type": "sigma"}
    assert read(bundled(rule)).objects == [rule]


def test_ids_that_collide_are_believed_neither_way():
    other = GOOD | {"name": "Something else"}
    received = read(bundled(GOOD, other, INDICATOR))
    assert received.objects == [INDICATOR]
    assert received.counts == {"its id and time stand for other content as well": 2}


def test_a_replayed_object_is_taken_once():
    received = read(bundled(GOOD, dict(reversed(GOOD.items())), GOOD))
    assert (received.objects, received.repeats, received.counts) == ([GOOD], 2, {})


def test_a_later_version_is_another_object():
    later = GOOD | {"modified": "2026-03-02T00:00:00Z", "revoked": True}
    assert read(bundled(GOOD, later)).objects == [GOOD, later]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"type":"bundle","objects":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper"),
        (b"[" * 1_000_000, "nested deeper"),
        (b"", "no STIX bundle"),
        (b"\xff\xfe\x00", "no STIX bundle"),
        (b"[]", "no STIX bundle"),
        (b'{"type":"report","objects":[]}', "its type is not bundle"),
        (b'{"type":"bundle","objects":{}}', "no STIX bundle"),
        (b'{"type":"bundle","objects":[{}', "no STIX bundle"),
    ],
)
def test_a_bundle_beyond_all_bounds_is_refused_whole(data, reason):
    with pytest.raises(UnreadableInput, match=f"partner.json: .*{reason}"):
        read(data)


def test_a_million_objects_are_refused_before_they_are_looked_at():
    with pytest.raises(UnreadableInput, match="1,000,000 objects"):
        read(b'{"type":"bundle","objects":[' + b",".join([b"{}"] * 1_000_000) + b"]}")


def test_a_bundle_too_large_is_not_read_to_its_end():
    with pytest.raises(UnreadableInput, match="more than 1 MiB"):
        read(b" " * (2 << 20), size=1 << 20)


def test_many_bad_objects_are_all_counted_and_some_told():
    received = read(bundled(*[{"type": "exploit", "id": "x"}] * 5_000))
    assert received.counts == {"its type is unknown": 5_000}
    assert len(received.rejected) == 1_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_depth_is_found_without_parsing(value):
    def depth(one):
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    assert deepest(json.dumps(value).encode()) == depth(value)


keys_of_objects = st.sampled_from([*INDICATOR, "extensions", "object_marking_refs", "x_other"])
values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers() | st.sampled_from([*INDICATOR.values()]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(
        st.dictionaries(keys_of_objects, values, max_size=8).map(lambda one: INDICATOR | one), max_size=6
    )
)
def test_whatever_comes_is_taken_or_counted(objects):
    received = read(bundled(*objects))
    assert len(received.objects) + received.repeats + sum(received.counts.values()) == len(objects)
    for one in received.objects:
        UUID(one["id"].split("--")[1])


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_empty(data):
    try:
        received = read(data)
    except UnreadableInput:
        return
    assert msgspec.json.decode(data).get("objects") or received.objects == []
