"""A file of verdicts, put in place and replaced as the engine does it."""

import pytest

from stillwatch.policy.publish import publish, rows


@pytest.fixture
def published(tmp_path):
    path = tmp_path / "verdicts"

    def put(verdicts, version=1):
        publish(path, rows(verdicts.items()), version)
        return path

    return put
