"""Kafka: `kafka://HOST:PORT/TOPIC?group=NAME`; several brokers with commas between them.

Reads all partitions of a topic, by itself: partitions are assigned, not shared out among the members of a
group. A message is one or more lines of any log format of lines; which one is told by content. A topic whose
name ends in `.accounts`, `.events` or `.exchanges` says what the lines are.

Options: `group`, under which offsets are committed for others to see (`stillwatch`); `properties`, a file of
librdkafka's settings, one `name=value` a line, for TLS and SASL. A user and a password are also read from the
environment variables STILLWATCH_KAFKA_USER and STILLWATCH_KAFKA_PASSWORD.

Reading goes on from the position, else from the group's offsets, else from the beginning. Offsets are committed
once what was made of the messages is safe on disk. After a crash in between, messages come again, and count
once by their exchange ids. While no broker answers, the client tries again by itself. Offsets that the broker no
longer holds are one rejection. In a rejection, the line is the message's offset, which counts from 0.

Tested with the simulated cluster that librdkafka carries, not with a broker of the Apache project: leaders that
move, transactions and quotas have not been met. Needs the extra `stillwatch[kafka]`.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration, UsageError
from stillwatch.sources.streams._following.address import Address, parse

if TYPE_CHECKING:
    from stillwatch.sources.streams._following.topic import Topic

OPTIONS = ("group", "properties")
MISSING = "needs the package confluent-kafka: pip install 'stillwatch[kafka]'"
FROM_ENVIRONMENT = {
    "sasl.username": "STILLWATCH_KAFKA_USER",
    "sasl.password": "STILLWATCH_KAFKA_PASSWORD",
}


class Kafka:
    """Follows topics of Kafka."""

    schemes = frozenset({"kafka"})

    def open(self, address: str, position: str | None) -> "Topic":
        parts = parse(address, OPTIONS)
        topic = parts.path.strip("/")
        if not parts.host or not topic or "/" in topic:
            raise UsageError(f"{parts.shown}: wants kafka://HOST:PORT/TOPIC")
        try:
            following = import_module("stillwatch.sources.streams._following.topic")
        except ImportError as error:
            raise InvalidConfiguration(f"{parts.shown}: {MISSING}") from error
        opened: Topic = following.Topic(parts.shown, topic, _settings(parts), position)
        return opened


def _settings(parts: Address) -> dict[str, str]:
    """The client's settings: those of the file, then the environment's, then the address's."""
    given = _properties(parts) if "properties" in parts.options else {}
    given |= {name: os.environ[key] for name, key in FROM_ENVIRONMENT.items() if key in os.environ}
    return given | {
        "bootstrap.servers": parts.host,
        "group.id": parts.options.get("group", "stillwatch"),
    }


def _properties(parts: Address) -> dict[str, str]:
    file = Path(parts.options["properties"])
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"{parts.shown}: properties: {file}: cannot be read: {error}") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise InvalidConfiguration(f"{file}, line {number}: wants name=value")
        found[name.strip()] = value.strip()
    return found


TRANSPORT = Kafka()
