"""SGLang's interface: a processor named in the request by the entrance alone, and rows by their requests' tokens."""

import json
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME, mint
from stillwatch.marks.watermark import MarkKeys, Scheme, mark_green, marker_keys

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
sglang = pytest.importorskip("stillwatch.marks.serving.sglang")
entrance = pytest.importorskip("stillwatch.marks.serving.entrance")

KEYS = MarkKeys(bytes(range(32)))
WORDS = 64


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    scheme = tmp_path / "scheme.json"
    scheme.write_text('{"window": 2}')
    monkeypatch.setenv("STILLWATCH_MARK_SECRET", bytes(range(32)).hex())
    monkeypatch.setenv("STILLWATCH_MARK_SCHEME", str(scheme))
    sglang.own_serving.cache_clear()
    yield
    sglang.own_serving.cache_clear()


def made(text):
    """As SGLang makes a processor of what a request holds; dill reads what pickle writes."""
    return pickle.loads(bytes.fromhex(json.loads(text)["callable"]))()


def request(prompt, output, **params):
    return {**params, "__req__": SimpleNamespace(origin_input_ids=prompt, output_ids=output)}


def expected(logits, context, cohort):
    return mark_green(logits.numpy()[None], np.array([context]), marker_keys(KEYS, cohort), Scheme(window=2))[
        0
    ]


def test_rows_are_marked_for_their_requests():
    blue = request([1, 2], [3, 4, 5], **{NAME: mint(KEYS, "blue")})
    forged = request([1, 2], [3], **{NAME: "red", "delta": 9})
    batch = [blue, forged, None, request([6], []), {}, request([8, 9], [])]
    logits = torch.randn((6, WORDS), generator=torch.Generator().manual_seed(1))
    found = made(sglang.processor_text())(logits.clone(), batch)
    assert (found[0].numpy() == expected(logits[0], [4, 5], "blue")).all()
    assert (found[1].numpy() == expected(logits[1], [2, 3], None)).all()
    assert (found[2:5] == logits[2:5]).all()
    assert (found[5].numpy() == expected(logits[5], [8, 9], None)).all()
    assert (found != logits).any()


def test_of_a_speculative_step_the_first_row_of_each_request_is_marked():
    blue, red = (request([1], [2, 3], **{NAME: mint(KEYS, name)}) for name in ("blue", "red"))
    logits = torch.randn((4, WORDS), generator=torch.Generator().manual_seed(2))
    found = made(sglang.processor_text())(logits.clone(), [blue, blue, red, red])
    assert (found[0].numpy() == expected(logits[0], [2, 3], "blue")).all()
    assert (found[2].numpy() == expected(logits[2], [2, 3], "red")).all()
    assert (found[1::2] == logits[1::2]).all()
    assert (made(sglang.processor_text())(logits.clone(), None) == logits).all()


def rewritten(body, ticket):
    entrance.SglangEntrance(None, Serving(KEYS, Scheme())).rewrite(body, ticket)
    return body


def test_a_clients_processor_never_reaches_the_server():
    ours = sglang.processor_text()
    client = {"custom_logit_processor": '{"callable": "80"}', "custom_params": {NAME: "red", "x": 1}}
    ticket = mint(KEYS, "blue")
    found = rewritten({"messages": [], **client}, None)
    assert found == {"messages": [], "custom_logit_processor": ours, "custom_params": {}}
    found = rewritten({"messages": [], **client}, ticket)
    assert found["custom_params"] == {NAME: ticket}


def test_of_the_servers_own_form_parameters_stand_deeper():
    ours, ticket = {"custom_params": {NAME: mint(KEYS, "blue")}}, mint(KEYS, "blue")
    bad = {"custom_params": {NAME: "red"}, "top_p": 0.5}
    found = rewritten({"text": "a", "sampling_params": dict(bad)}, ticket)
    assert found["sampling_params"] == {**ours, "top_p": 0.5}
    assert found["custom_logit_processor"] == sglang.processor_text()
    found = rewritten(
        {"text": ["a", "b"], "custom_logit_processor": ["x", None], "sampling_params": [dict(bad), {}]},
        ticket,
    )
    assert found["sampling_params"] == [{**ours, "top_p": 0.5}, ours]
    assert isinstance(found["custom_logit_processor"], str)
    assert rewritten({"text": "a"}, ticket)["sampling_params"] == ours
