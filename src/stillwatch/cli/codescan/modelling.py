"""Options of the commands that may ask a language model."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from stillwatch.cli.codescan.printing import teller
from stillwatch.records import UsageError

if TYPE_CHECKING:
    from stillwatch.codescan.model import Asker, Endpoint

PANEL = "A language model (opt-in; code leaves this machine)"
KEY_NAME = "STILLWATCH_MODEL_KEY"
CALLS, TOKENS = 8, 200_000

Model = Annotated[
    str | None,
    typer.Option(
        help="a model that may propose hypotheses and patches: code is sent to --model-endpoint. Nothing it says raises a finding, only a run does",
        rich_help_panel=PANEL,
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        help="the address it is asked at, such as http://127.0.0.1:11434/v1; https, or this machine",
        rich_help_panel=PANEL,
    ),
]
Protocol = Annotated[
    str | None,
    typer.Option(
        help="how it is spoken to: openai or anthropic", show_default="found out", rich_help_panel=PANEL
    ),
]
KeyName = Annotated[
    str, typer.Option(help="the environment variable that holds the key", rich_help_panel=PANEL)
]
Calls = Annotated[
    int, typer.Option(help="questions it may be asked", min=1, max=10_000, rich_help_panel=PANEL)
]
Tokens = Annotated[
    int, typer.Option(help="tokens that questions and answers may take", min=1, rich_help_panel=PANEL)
]
Plain = Annotated[
    bool,
    typer.Option(
        "--model-allow-http", help="send code unencrypted to another machine", rich_help_panel=PANEL
    ),
]


def endpoint_of(
    model: str | None, address: str | None, protocol: str | None, key_name: str, *, allow_http: bool
) -> "Endpoint | None":
    """The endpoint that the options name; None where they name none."""
    if model is None and address is None:
        if protocol is not None or allow_http or key_name != KEY_NAME:
            raise UsageError("options of a model need --model and --model-endpoint")
        return None
    if not model or not address:
        raise UsageError("--model and --model-endpoint are given together")
    if not model.isprintable():
        raise UsageError("--model: not plain text")
    from stillwatch.codescan.model import Endpoint, NotAnEndpoint  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.model.endpoint import Protocol as Spoken  # noqa: PLC0415 - as above

    spoken = next((one for one in get_args(Spoken) if one == protocol), None)
    if protocol is not None and spoken is None:
        raise UsageError(f"no such protocol: {protocol}; there are {', '.join(get_args(Spoken))}")
    key = os.environ.get(key_name, "").strip()
    if not key and key_name != KEY_NAME:
        raise UsageError(f"--model-key-env: {key_name} is not set")
    try:
        return Endpoint.at(address, model, protocol=spoken, key=key, allow_http=allow_http)
    except NotAnEndpoint as error:
        raise UsageError(f"--model-endpoint: {error}") from None


def asker_of(endpoint: "Endpoint | None", calls: int, tokens: int, cache: Path | None) -> "Asker | None":
    if endpoint is None:
        return None
    from stillwatch.codescan.model import Asker, Budget  # noqa: PLC0415 - needs an extra

    return Asker(endpoint, Budget(calls=calls, tokens=tokens), cache, teller())
