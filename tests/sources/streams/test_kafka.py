"""Against the cluster that librdkafka simulates."""

import time

import pytest

from stillwatch.records import InvalidConfiguration, Rejection, UnreadableInput, UsageError
from stillwatch.sources.streams import open_stream

kafka = pytest.importorskip("confluent_kafka")


class Cluster:
    def __init__(self):
        self.producer = kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0})
        broker = next(iter(self.producer.list_topics(timeout=10).brokers.values()))
        self.address = f"{broker.host}:{broker.port}"

    def produce(self, *messages, topic="llm", partition=0):
        for message in messages:
            self.producer.produce(topic, value=message, partition=partition)
        assert self.producer.flush(10) == 0

    def committed(self, group, partition):
        consumer = kafka.Consumer({"bootstrap.servers": self.address, "group.id": group})
        try:
            return consumer.committed([kafka.TopicPartition("llm", partition)], timeout=10)[0].offset
        finally:
            consumer.close()


@pytest.fixture
def cluster():
    return Cluster()


def drain(stream, seconds=20):
    found, end = [], time.monotonic() + seconds
    while not stream.exhausted:
        assert time.monotonic() < end
        delivery = stream.poll(0.2, 1 << 20)
        if delivery is not None:
            found.append(delivery)
    return found


def test_all_partitions_are_read_and_offsets_committed_once_settled(cluster, ids, exchange):
    cluster.produce(*map(exchange, range(10)))
    cluster.produce(b"".join(map(exchange, range(10, 15))), None, exchange(15), partition=2)
    stream = open_stream(f"kafka://{cluster.address}/llm?group=watch", None)
    found = drain(stream)
    assert sorted(ids(*found)) == sorted(f"ex-{number}" for number in range(16))
    assert cluster.committed("watch", 0) < 0
    stream.settled(found[-1].position)
    end = time.monotonic() + 10
    while (cluster.committed("watch", 0), cluster.committed("watch", 2)) != (10, 3):
        assert time.monotonic() < end
    stream.close()


def test_reading_goes_on_from_the_position_and_not_from_what_was_committed(cluster, ids, exchange):
    address = f"kafka://{cluster.address}/llm"
    cluster.produce(*map(exchange, range(5)))
    stream = open_stream(address, None)
    first = drain(stream)
    cluster.produce(*map(exchange, range(5, 8)))
    second = []
    while not second:
        second = [found for found in [stream.poll(1, 1 << 20)] if found]
    stream.settled(second[-1].position)
    stream.close()
    stream = open_stream(address, first[-1].position)
    assert ids(*drain(stream)) == ["ex-5", "ex-6", "ex-7"]
    stream.close()


def test_without_a_position_the_group_is_gone_on_with(cluster, ids, exchange):
    address = f"kafka://{cluster.address}/llm?group=one"
    cluster.produce(*map(exchange, range(3)))
    stream = open_stream(address, None)
    stream.settled(drain(stream)[-1].position)
    end = time.monotonic() + 10
    while cluster.committed("one", 0) != 3:
        assert time.monotonic() < end
    stream.close()
    cluster.produce(exchange(3))
    stream = open_stream(address, None)
    assert ids(*drain(stream)) == ["ex-3"]
    stream.close()


def test_a_bad_message_is_a_rejection_with_its_offset(cluster, exchange):
    cluster.produce(exchange(0), b"what is this", exchange(2))
    stream = open_stream(f"kafka://{cluster.address}/llm", None)
    blocks = [block for delivery in drain(stream) for block in delivery.blocks]
    rejected = [block for block in blocks if isinstance(block, Rejection)]
    assert [(one.file, one.line) for one in rejected] == [(f"kafka://{cluster.address}/llm/0", 1)]
    assert [block.first_line for block in blocks if not isinstance(block, Rejection)] == [0, 2]
    stream.close()


def test_what_the_broker_no_longer_holds_is_told(cluster, exchange):
    address = f"kafka://{cluster.address}/llm"
    cluster.produce(exchange(0))
    stream = open_stream(address, None)
    position = drain(stream)[-1].position
    stream.close()
    padded = exchange(1)[:-2] + b', "prompt": "' + b"x" * 500_000 + b'"}'
    cluster.produce(*[padded] * 30)  # the simulated broker keeps 5 MB of a partition
    stream = open_stream(address, position)
    blocks = [block for delivery in drain(stream) for block in delivery.blocks]
    stream.close()
    first = next(block.first_line for block in blocks if not isinstance(block, Rejection))
    assert first > 1
    reasons = [block.reason for block in blocks if isinstance(block, Rejection)]
    assert reasons == [f"offsets 1 to {first - 1} are no longer held by the broker"]


def test_a_topic_that_is_not_there_is_unreadable(cluster):
    with pytest.raises(UnreadableInput, match="Unknown topic"):
        open_stream(f"kafka://{cluster.address}/none", None)


def test_a_broker_that_is_away_is_waited_for_and_told_once(caplog):
    stream = open_stream("kafka://127.0.0.1:1/llm", None)
    for _ in range(3):
        assert stream.poll(0.3, 1) is None
        assert not stream.exhausted
    stream.close()
    assert len([one for one in caplog.records if one.name.startswith("stillwatch")]) == 1


def test_settings_come_from_a_file(cluster, tmp_path, ids, exchange):
    cluster.produce(exchange(1))
    file = tmp_path / "client.properties"
    file.write_text("# the client's name\nclient.id = watcher\n")
    stream = open_stream(f"kafka://{cluster.address}/llm?properties={file}", None)
    assert ids(*drain(stream)) == ["ex-1"]
    stream.close()
    file.write_text("no.such.setting=1\n")
    with pytest.raises(InvalidConfiguration, match=r"no\.such\.setting"):
        open_stream(f"kafka://{cluster.address}/llm?properties={file}", None)
    file.write_text("nonsense\n")
    with pytest.raises(InvalidConfiguration, match="line 1"):
        open_stream(f"kafka://{cluster.address}/llm?properties={file}", None)


@pytest.mark.parametrize(
    "address", ["kafka://host", "kafka:///llm", "kafka://host/llm?groop=a", "kafka://u:p@host/llm"]
)
def test_an_address_that_cannot_be_meant_is_wrong_usage(address):
    with pytest.raises(UsageError) as wrong:
        open_stream(address, None)
    assert "u:p" not in str(wrong.value)


@pytest.mark.parametrize("position", ["{}", '{"topic": "other", "offsets": {}}'])
def test_a_position_of_something_else_is_wrong_usage(position):
    with pytest.raises(UsageError, match="position"):
        open_stream("kafka://127.0.0.1:1/llm", position)
