import sys

import pytest

from stillwatch.records import InvalidConfiguration
from stillwatch.sources.streams import open_stream


@pytest.mark.parametrize(
    ("package", "module", "address", "extra"),
    [
        ("nats", "jetstream", "nats://127.0.0.1:1/LLM", "nats"),
        ("confluent_kafka", "topic", "kafka://127.0.0.1:1/llm", "kafka"),
    ],
)
def test_a_transport_names_the_extra_it_lacks(monkeypatch, package, module, address, extra):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"stillwatch.sources.streams._following.{module}", raising=False)
    with pytest.raises(InvalidConfiguration, match=rf"stillwatch\[{extra}\]"):
        open_stream(address, None)
