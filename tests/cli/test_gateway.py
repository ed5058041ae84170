"""`stillwatch gateway`: what it serves, and what it says where it cannot."""

import contextlib
import socket
import sys
from importlib import import_module

import httpx
import pytest

from stillwatch.cli import main
from stillwatch.lab.served import servers
from stillwatch.lab.served.process import free_port
from stillwatch.records import InvalidConfiguration

ASKED = {"input_type": "request", "texts": ["Hi"], "request_data": {}}


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main(["gateway", *map(str, arguments)])
    return left.value.code


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text('spool = "spool"\n')
    return path


def test_the_guardrail_service_answers(config, tmp_path):
    port = free_port()
    words = ["gateway", "guardrail", "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    with servers.stillwatch_command(words, port, tmp_path / "log") as service:
        reply = httpx.post(f"{service.url}/beta/litellm_basic_guardrail_api", json=ASKED)
    assert reply.json() == {"action": "NONE"}


@pytest.mark.parametrize("kind", ["envoy", "guardrail"])
def test_what_cannot_be_served(kind, config, tmp_path, capsys):
    for listen in ("8400", "host:", "host:port", "127.0.0.1:99999"):
        assert run(kind, "--config", config, "--listen", listen) == 2
    assert run(kind, "--config", tmp_path / "none.toml") == 4
    assert "cannot be read" in " ".join(capsys.readouterr().err.split())
    config.write_text('spol = "spool"\n')
    assert run(kind, "--config", config) == 4
    assert "did you mean 'spool'" in " ".join(capsys.readouterr().err.split())


def test_an_address_that_is_taken_is_named(config, capsys):
    with listening() as port:
        assert run("envoy", "--config", config, "--listen", f"127.0.0.1:{port}") == 4
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


@contextlib.contextmanager
def listening():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    ("package", "module", "named"),
    [
        ("grpc", "stillwatch.gateways.envoy", r"stillwatch\[live,envoy\]"),
        ("litellm", "stillwatch.gateways.litellm", r"litellm\[proxy\]"),
    ],
)
def test_a_gateway_names_what_it_lacks(package, module, named, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(InvalidConfiguration, match=named):
        import_module(module)
