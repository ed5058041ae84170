import json

import pytest

from stillwatch.sources import Block, decode


@pytest.fixture
def rows():
    """The records of some documents in one format; nothing may be rejected."""

    def read(source, *documents):
        lines = [json.dumps(document).encode() for document in documents]
        decoded = decode(Block(source, "exchanges", "log", 1, b"\n".join(lines)))
        assert not decoded.rejections
        return decoded.batch.to_pylist()

    return read
