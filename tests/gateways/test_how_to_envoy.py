"""The page that says how to guard Envoy, run as it is written."""

import re
from pathlib import Path

import pytest
import yaml
from accounts import publish_verdicts
from asking import ask, recorded
from served import served

from stillwatch.lab.provider_app import ProviderApp
from stillwatch.lab.served import servers
from stillwatch.lab.served.process import listens

DOCS = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(page, kind):
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_as_written(tmp_path):
    if servers.envoy_binary() is None:
        pytest.skip("Envoy is not installed")
    filters, clusters = blocks("guard-envoy.md", "yaml")
    assert len(f"{filters}{clusters}".splitlines()) <= 11
    publish_verdicts(tmp_path)
    (tmp_path / "gateway.yaml").write_text(blocks("guard-an-asgi-server.md", "yaml")[0])
    (command,) = [
        line
        for block in blocks("guard-envoy.md", "")
        for line in block.splitlines()
        if "gateway envoy" in line
    ]
    words = command.replace("gateway.yaml", str(tmp_path / "gateway.yaml")).split()[1:]
    port = int(words[-1].rpartition(":")[2])
    if listens(port):
        pytest.skip(f"something listens at {port} already, the port of the page")
    provider = ProviderApp()
    with served(provider) as url, servers.stillwatch_command(words, port, tmp_path / "processor.log"):
        upstream = int(url.rpartition(":")[2])
        envoy = servers.envoy(
            tmp_path, upstream, port, yaml.safe_load(filters), clusters=yaml.safe_load(clusters)
        )
        with envoy:
            refused = ask(envoy.url, "messages", {"x-account-id": "acc-block"})
            assert (refused.status_code, refused.json()["error"]["type"]) == (403, "permission_error")
            assert ask(envoy.url, "chat", {"x-account-id": "acc-fine"}).status_code == 200
            assert recorded(tmp_path / "spool", "acc-fine")
    assert len(provider.seen) == 1
