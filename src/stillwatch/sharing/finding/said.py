"""What people say about a finding, read from a YAML file: names with provenance, remarks, and marks that were found."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import yaml

from stillwatch.records import InvalidConfiguration, UnreadableInput, micros_of
from stillwatch.sharing.finding.build import Said, Stated

LARGEST = 16 << 20  # bytes
TIMES = ("at",)


def read_said(path: Path) -> Said:
    """Raises InvalidConfiguration where a statement lacks its provenance or is of no form that can be shared."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
    if len(data) > LARGEST:
        raise UnreadableInput(f"{path}: more than {LARGEST >> 20} MiB")
    try:
        stated = msgspec.convert(_timed(yaml.safe_load(data)) or {}, Stated)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidConfiguration(f"{path}:{line}: not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"{path}: {error}") from error
    return Said(**msgspec.structs.asdict(stated))


def _timed(value: object) -> object:
    """Times that people write, as microseconds."""
    if isinstance(value, list):
        return [_timed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _micros(one) if name in TIMES else _timed(one) for name, one in value.items()}


def _micros(value: object) -> object:
    if isinstance(value, datetime):
        return micros_of((value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat())
    return micros_of(value) if isinstance(value, str) else value
