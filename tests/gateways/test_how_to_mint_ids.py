"""The page that says how to mint ids, run as it is written."""

import json
import re
from pathlib import Path

from answers import request_of
from starlette.testclient import TestClient

from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import ProviderApp
from stillwatch.marks.ids.api import FORMS, OUTCOMES, Minter, hexadecimal, read

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "mint-ids.md"


def test_the_page_as_written(tmp_path, monkeypatch):
    text = PAGE.read_text(encoding="utf-8")
    (configuration,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(configuration.splitlines()) <= 10
    (tmp_path / "gateway.yaml").write_text(configuration)
    monkeypatch.chdir(tmp_path)
    provider = ProviderApp([Piece("reasoning", "Think."), Piece("call", "{}")])
    with TestClient(StillwatchMiddleware(provider, settings="gateway.yaml")) as client:

        def call(account, org, **more):
            headers = {"x-account-id": account, "x-org-id": org}
            return client.post("/v1/messages", json=request_of("messages", **more), headers=headers)

        content = call("one", "acme").json()["content"]
        history = {"messages": [{"role": "assistant", "content": content}]}
        assert call("two", "acme-labs", **history).status_code == 200
        assert call("three", "other", **history).status_code == 403
        history["messages"][0]["content"] = content[1:]
        assert call("three", "other", **history).status_code == 200
    minter = Minter(read(tmp_path / "minting-keys.json"))
    lines = [
        line for path in (tmp_path / "spool").glob("exchanges-*") for line in path.read_text().splitlines()
    ]
    exchanges = sorted(map(json.loads, lines), key=lambda each: each["ts"])
    handed = [each.get("continued_handle") for each in exchanges]
    mine = hexadecimal(minter.account("one"))
    assert handed == [None, None, mine, mine]
    assert exchanges[-1]["continued_id"] == content[1]["id"]


def test_the_page_names_every_prefix_and_outcome():
    text = PAGE.read_text(encoding="utf-8")
    assert [prefix for prefix in FORMS if f"`{prefix}`" not in text] == []
    assert [outcome for outcome in OUTCOMES if f"`{outcome}`" not in text] == []
