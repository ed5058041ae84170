import pytest

from stillwatch.records import Rejection
from stillwatch.sources import decode


@pytest.fixture
def ids():
    """The ids of the exchanges in some deliveries, in order; nothing may be rejected."""

    def read(*deliveries):
        found = []
        for delivery in deliveries:
            for block in delivery.blocks:
                assert not isinstance(block, Rejection), block
                decoded = decode(block)
                assert not decoded.rejections
                found += decoded.batch["exchange_id"].to_pylist()
        return found

    return read


@pytest.fixture
def exchange():
    """A line of the canonical form."""

    def made(number):
        return b'{"exchange_id": "ex-%d", "ts": %d, "account_id": "acc-a"}\n' % (
            number,
            1772438400_000000 + number * 1_000_000,
        )

    return made
