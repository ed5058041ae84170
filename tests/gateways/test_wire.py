import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.gateways._wire.body import decoded, encoded, storable
from stillwatch.gateways._wire.routes import route_of
from stillwatch.gateways._wire.sse import Reframer

LINES = st.sampled_from(["data: {}", "data: é☂", "event: x", ": ping", "data:", "id: 1", "", "data: [DONE]"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def streams(draw):
    end = draw(ENDS)
    return end.join(draw(st.lists(LINES, max_size=20))).encode() + draw(
        st.sampled_from([b"", b"\n", b"\n\n"])
    )


def cut(data, places):
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@settings(max_examples=300, deadline=None)
@given(data=streams() | st.binary(max_size=60), places=st.lists(st.integers(0, 500), max_size=12))
def test_no_cut_loses_a_byte_or_changes_what_is_read(data, places):
    whole, pieces = Reframer(), Reframer()
    at_once = whole.feed(data) + whole.end()
    bit_by_bit = [event for piece in cut(data, places) for event in pieces.feed(piece)] + pieces.end()
    assert b"".join(event.raw for event in bit_by_bit) == data
    assert [e.data for e in bit_by_bit if e.data] == [e.data for e in at_once if e.data]


def test_an_event_is_given_as_soon_as_it_is_whole():
    reframer = Reframer()
    assert reframer.feed(b"data: \xe2\x98") == []
    (event,) = reframer.feed(b"\x82\n\n")
    assert event.data == "☂".encode()


def test_an_edited_event_keeps_its_other_fields():
    (event,) = Reframer().feed(b'event: old\nid: 7\n: note\ndata: {"type": "old"}\n\n')
    assert event.with_data({"type": "new"}) == b'event: new\nid: 7\ndata: {"type":"new"}\n\n'
    (plain,) = Reframer().feed(b'data: {"a":\ndata: 1}\n\n')
    assert json.loads(plain.data) == {"a": 1}
    assert plain.with_data({"type": "x"}) == b'data: {"type":"x"}\n\n'


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/chat/completions", "chat"),
        ("/openai/deployments/x/chat/completions", "chat"),
        ("/v1/completions", "completions"),
        ("/anthropic/v1/messages/", "messages"),
        ("/v1/messages/count_tokens", None),
        ("/v1/responses", "responses"),
        ("/v1/responses/resp_1/cancel", None),
        ("/v1/embeddings", "embeddings"),
        ("/health", None),
    ],
)
def test_routes(path, route):
    assert route_of(path) == route


def test_bodies_that_only_lenient_servers_take_are_read_too():
    assert decoded(b'{"n": NaN, "s": "\\ud800"}')["s"] == "\ud800"
    assert decoded(encoded({"s": "\ud800"})) == {"s": "\ud800"}
    assert storable({"s": ["\ud800x"]}) == b'{"s":["?x"]}'
    assert decoded(b"[" * 100_000) is None


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=50))
def test_no_body_raises(body):
    decoded(body)
