"""What is let in, and that nothing that is handed in does more than be refused."""

import contextlib
import json

import pytest
from exchanged import TLP, address, body, indicator
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.records import Micros, micros_of
from stillwatch.sharing.taxii.admission import DEPTH, OBJECT_BYTES, Refused, admit, named
from stillwatch.sharing.taxii.levels import Level

NOW = Micros(micros_of("2026-06-01T00:00:00.000000Z"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def nested(depth):
    return b"[" * depth + b"]" * depth


def test_what_an_object_is_looked_up_by():
    made = admit(body(indicator("green", modified="2026-01-02T03:04:05.678Z")), NOW)
    assert (made.kind, made.level, made.version_text) == (
        "indicator",
        Level.GREEN,
        "2026-01-02T03:04:05.678Z",
    )
    assert made.version == micros_of("2026-01-02T03:04:05.678000Z")
    seen = admit(body(address()), NOW)
    assert (seen.version, seen.level) == (None, None)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([], "no JSON object"),
        (indicator(type=7), "type"),
        (indicator(type="Indicator"), "type"),
        (indicator(type="bundle", id="bundle--" + indicator()["id"][11:]), "wrapper"),
        (indicator(id=["a"]), "id does not begin"),
        (indicator(id="malware--" + indicator()["id"][11:]), "id does not begin"),
        (indicator(id="indicator--1"), "UUID"),
        (indicator(id=indicator()["id"].upper().replace("INDICATOR", "indicator")), "UUID"),
        (indicator(id=indicator()["id"] + "\n"), "UUID"),
        (indicator(spec_version="2.0"), "STIX 2.1"),
        (indicator(spec_version=2.1), "STIX 2.1"),
        ({k: v for k, v in indicator().items() if k != "spec_version"}, "STIX 2.1"),
        ({k: v for k, v in indicator().items() if k != "created"}, "never created"),
        (indicator(created="2026-02-30T00:00:00Z"), "created is no timestamp"),
        (indicator(modified=1767225600), "modified is no timestamp"),
        (indicator(modified="2026-01-01T00:00:00+00:00"), "modified is no timestamp"),
        (indicator(modified="2026-06-01T01:00:01Z"), "modified is in the future"),
        (indicator(created="9999-12-31T23:59:59Z"), "created is in the future"),
        (indicator(modified="2025-12-31T23:59:59Z"), "before it was created"),
        (indicator(revoked="yes"), "revoked"),
        (indicator(object_marking_refs=TLP["clear"]), "object_marking_refs"),
        (indicator(object_marking_refs=[None]), "object_marking_refs"),
        (indicator(granular_markings={}), "granular_markings"),
        (indicator(granular_markings=[[]]), "granular_markings"),
        (indicator(granular_markings=[{"marking_ref": []}]), "granular_markings"),
    ],
)
def test_what_is_refused(made, why):
    with pytest.raises(Refused, match=why):
        admit(body(made), NOW)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (b'"x":1e999', "too large"),
        (b'"x":' + b"9" * 5_000, "every reader"),
        (b'"x":{"a":1,"a":2}', "stands twice"),
        (b'"id":"indicator--0"', "stands twice"),
        (b'"x":"\\ud800"', "surrogate"),
        (b'"\\udfff":1', "surrogate"),
        (b'"x":"\xff"', "every reader"),
        (b'"x":' + nested(DEPTH), "nested"),
        (b'"x":' + nested(100_000), "nested"),
        (b'"x":"' + b"x" * OBJECT_BYTES + b'"', "bytes"),
        (b'"x":', "every reader"),
    ],
)
def test_json_that_readers_read_in_different_ways_is_refused(odd, why):
    with pytest.raises(Refused, match=why):
        admit(body(indicator())[:-1] + b"," + odd + b"}", NOW)


def test_what_is_deep_enough_is_let_in():
    admit(body(indicator())[:-1] + b',"x":' + nested(DEPTH - 1) + b"}", NOW)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(found):
    with pytest.raises(Refused):
        admit(found, NOW)
    assert named(found, 3).isprintable()


@settings(max_examples=300, deadline=None)
@given(
    changed=st.dictionaries(st.sampled_from([*indicator("red"), "revoked", "granular_markings", "x"]), VALUES)
)
def test_whatever_a_part_is_an_object_is_let_in_whole_or_refused(changed):
    made = json.dumps(indicator("red") | changed).encode()
    with contextlib.suppress(Refused):
        assert admit(made, NOW).body == made


@settings(max_examples=200, deadline=None)
@given(levels=st.lists(st.sampled_from(list(TLP)), min_size=1), granular=st.lists(st.sampled_from(list(TLP))))
def test_an_object_is_as_confidential_as_its_strictest_part(levels, granular):
    made = indicator(object_marking_refs=[TLP[level] for level in levels])
    if granular:
        made["granular_markings"] = [{"marking_ref": TLP[level], "selectors": ["x"]} for level in granular]
    order = list(TLP)
    assert admit(body(made), NOW).level == max(order.index(level) for level in levels + granular)


def test_the_older_markings_count_too():
    older = {"613f2e26-407d-48c7-9eca-b8e91df99dc9": 0, "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": 4}
    for name, level in older.items():
        assert admit(body(indicator(object_marking_refs=[f"marking-definition--{name}"])), NOW).level == level
    assert admit(body(indicator(object_marking_refs=["marking-definition--x"])), NOW).level is None
