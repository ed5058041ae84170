"""`stillwatch gateway`: run what gateways ask over the network."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.settings import load
from stillwatch.records import InvalidConfiguration, UsageError

app = typer.Typer(help=__doc__, no_args_is_help=True)

Config = Annotated[Path, typer.Option(help="the gateway's configuration, YAML or TOML")]
Listen = Annotated[str, typer.Option(help="HOST:PORT to answer at")]


@app.command("envoy")
def envoy_command(
    config: Config,
    listen: Listen = "127.0.0.1:8402",
    record_answers: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option(help="look at answers that no step edits, to record them")
    ] = True,
) -> None:
    """Serve Envoy's ext_proc filter over gRPC, until it is stopped."""
    from stillwatch.gateways.envoy import serve  # noqa: PLC0415 - needs an extra

    _address(listen)
    gateway = _opened(config)
    typer.echo(f"stillwatch: processing for Envoy at {listen}", err=True)
    asyncio.run(serve(gateway, listen, record_answers=record_answers))


@app.command("guardrail")
def guardrail_command(config: Config, listen: Listen = "127.0.0.1:8400") -> None:
    """Serve LiteLLM's Generic Guardrail API and Portkey's webhook over HTTP, until it is stopped."""
    from stillwatch.gateways.guardrail_api import guardrail_app, stated_token  # noqa: PLC0415 - needs an extra

    try:
        import uvicorn  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as error:
        raise InvalidConfiguration("this needs more packages: pip install 'stillwatch[live]'") from error

    host, port = _address(listen)
    service = guardrail_app(_opened(config), token=stated_token())
    uvicorn.run(service, host=host, port=port, log_level="warning")


def _opened(config: Path) -> Gateway:
    logging.basicConfig(level=logging.WARNING, format="stillwatch: %(message)s")
    return open_gateway(load(config))


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"--listen {listen}: HOST:PORT is meant, such as 127.0.0.1:8402")
    return host.strip("[]"), int(port)
