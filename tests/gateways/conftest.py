import json
import sys
from pathlib import Path

import pytest

from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import settings_from

sys.path.insert(0, str(Path(__file__).parents[1] / "laws"))  # what a customer sees of an answer


@pytest.fixture
def opened(tmp_path):
    """Make gateways that are closed after the test."""
    made = []

    def make(decide=None, *, summarise=None, **stated):
        given = {"spool": "spool", "enforce": True} | stated
        gateway = open_gateway(settings_from(given, "test", tmp_path), decide=decide, summarise=summarise)
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        gateway.guard.close()


@pytest.fixture
def spooled(tmp_path):
    """Read what lies in the spool directory."""

    def read(kind):
        paths = sorted((tmp_path / "spool").glob(f"{kind}-*"))
        return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]

    return read
