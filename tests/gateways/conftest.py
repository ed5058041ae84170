import json
import os
import sys
from pathlib import Path

import litellm_venv
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


@pytest.fixture(scope="session")
def litellm_python():
    """A Python with LiteLLM's proxy; skips where there can be none."""
    stated = os.environ.get("STILLWATCH_LITELLM")
    if stated:
        return Path(stated)
    try:
        return litellm_venv.python()
    except (OSError, RuntimeError) as error:
        pytest.skip(f"LiteLLM {litellm_venv.VERSION} cannot be installed: {error}")
