"""NATS JetStream: `nats://HOST:PORT/STREAM?durable=NAME&subject=FILTER`, or `tls+nats://` for TLS.

Follows a stream through a durable pull consumer, which is created where there is none (explicit
acknowledgement, all that the stream still holds, no limit of redeliveries). A message is one or more lines of
any log format of lines; which one is told by content. A subject that ends in `.accounts`, `.events` or
`.exchanges` says what the lines are.

Options: `durable`, the consumer's name (`stillwatch`); `subject`, a filter such as `llm.>` (all subjects);
`credentials`, a file made by `nsc` or `nats auth`; `ca`, a file of certificates to trust. A token is read from
the environment variable STILLWATCH_NATS_TOKEN, a user and a password from STILLWATCH_NATS_USER and
STILLWATCH_NATS_PASSWORD.

A message is acknowledged when what was made of it is safe on disk. What was not acknowledged comes again, and
counts once by its exchange id. While the broker is away, it is tried again at growing intervals.

Cannot tell: records that the stream dropped by its own limits before they were read. Needs the extra
`stillwatch[nats]`.
"""

import os
import ssl
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration, UsageError
from stillwatch.sources.streams._following.address import Address, parse

if TYPE_CHECKING:
    from stillwatch.sources.streams._following.jetstream import JetStream

OPTIONS = ("ca", "credentials", "durable", "subject")
MISSING = "needs the package nats-py: pip install 'stillwatch[nats]'"


class Nats:
    """Follows streams of NATS JetStream."""

    schemes = frozenset({"nats", "tls+nats"})

    def open(self, address: str, position: str | None) -> "JetStream":  # noqa: ARG002 - the broker keeps the place
        parts = parse(address, OPTIONS)
        stream = parts.path.strip("/")
        if not parts.host or not stream or set(stream) & set("/.*> "):
            raise UsageError(f"{parts.shown}: wants nats://HOST:PORT/STREAM")
        durable = parts.options.get("durable", "stillwatch")
        if set(durable) & set("/.*> "):
            raise UsageError(f"{parts.shown}: {durable} cannot be the name of a consumer")
        try:
            jetstream = import_module("stillwatch.sources.streams._following.jetstream")
        except ImportError as error:
            raise InvalidConfiguration(f"{parts.shown}: {MISSING}") from error
        following: JetStream = jetstream.JetStream(
            parts.shown, stream, durable, parts.options.get("subject"), _connection(parts)
        )
        return following


def _connection(parts: Address) -> dict[str, object]:
    """How to connect, in the words of nats-py."""
    for option in ("ca", "credentials"):
        file = parts.options.get(option)
        if file is not None and not Path(file).is_file():
            raise InvalidConfiguration(f"{parts.shown}: {option}: {file} is no file")
    scheme = "tls" if parts.scheme == "tls+nats" else "nats"
    given: dict[str, object] = {"servers": [f"{scheme}://{host}" for host in parts.host.split(",")]}
    given["user_credentials"] = parts.options.get("credentials")
    given["token"] = os.environ.get("STILLWATCH_NATS_TOKEN")
    given["user"] = os.environ.get("STILLWATCH_NATS_USER")
    given["password"] = os.environ.get("STILLWATCH_NATS_PASSWORD")
    if scheme == "tls":
        given["tls"] = _trusting(parts)
    return {name: value for name, value in given.items() if value is not None}


def _trusting(parts: Address) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=parts.options.get("ca"))
    except OSError as error:
        raise InvalidConfiguration(f"{parts.shown}: ca: {error}") from error


TRANSPORT = Nats()
