"""A gateway that holds honey material, by the setting that the how-to names."""

import json

import msgspec
import pytest
from answers import TOOLS, request_of
from deciding import deciding

from stillwatch.gateways.caller import Caller
from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import answer
from stillwatch.marks.honey import commit, pot_of
from stillwatch.marks.watermark import MarkKeys
from stillwatch.records import InvalidConfiguration

PROSE = "The river rises in the hills and runs slowly to the sea. " * 6
CALLER = Caller(account_id="acc-a", client_ip="192.0.2.1", user_agent="test/1")
KEYS = MarkKeys(bytes(32))
POT = pot_of(KEYS, commit(KEYS, 20, "2026-11-01T00:00:00Z"))


@pytest.mark.parametrize("tools", [None, TOOLS])
def test_prose_gets_an_entry_unless_tools_are_offered(tmp_path, opened, tools):
    (tmp_path / "honey.json").write_bytes(msgspec.json.encode(POT))
    guard = opened(deciding("honey", settings={"every": 1}), honey="honey.json").guard
    request = request_of("chat", **({"tools": tools} if tools else {}))
    passage = guard.request(CALLER, "chat", json.dumps(request).encode())
    assert passage.document == request
    before = answer("chat", [Piece("text", PROSE)], request)
    after = json.loads(passage.answer(json.dumps(before).encode()))
    content = after["choices"][0]["message"]["content"]
    if tools:
        assert after == before
    else:
        assert content.removeprefix(f"{PROSE}\n\n") in {one.text for one in POT.canaries}


@pytest.mark.parametrize("held", [None, b"{", b'{"digest": "", "canaries": []}'])
def test_material_that_does_not_hold_stops_the_gateway_from_opening(tmp_path, opened, held):
    if held is not None:
        (tmp_path / "honey.json").write_bytes(held)
    with pytest.raises(InvalidConfiguration, match="honey"):
        opened(deciding("honey"), honey="honey.json")
