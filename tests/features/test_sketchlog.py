import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text import KEY

from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.records import EXCHANGES, Exchange

LAX = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def batch(*calls):
    rows = [Exchange(exchange_id=name, ts=ts, account_id="a") for name, ts in calls]
    return sketch(
        pa.RecordBatch.from_pylist([msgspec.structs.asdict(row) for row in rows], schema=EXCHANGES), KEY
    )


def read(log):
    times = pa.int64()
    return {
        tick: list(
            zip(
                part.column("exchange_id").to_pylist(), part.column("ts").cast(times).to_pylist(), strict=True
            )
        )
        for tick in log.ticks()
        for part in log.read(tick)
    }


def test_rows_come_back_in_order_of_time_cut_into_ticks(tmp_path):
    log = SketchLog(tmp_path)
    log.append(batch(("late", 3 * TICK + 5), ("b", 20)))
    log.append(batch(("a", 10), ("edge", TICK)))
    log.seal()
    assert read(log) == {0: [("a", 10), ("b", 20)], 1: [("edge", TICK)], 3: [("late", 3 * TICK + 5)]}


def test_a_repeat_counts_once_within_and_across_ticks(tmp_path):
    log = SketchLog(tmp_path)
    log.append(batch(("a", 10), ("b", 20), ("a", 10)))
    log.append(batch(("b", TICK + 20), ("c", TICK + 30)))
    log.seal()
    assert read(log) == {0: [("a", 10), ("b", 20)], 1: [("c", TICK + 30)]}
    assert log.repeats == 2


@LAX
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 4 * TICK)),
        min_size=1,
        max_size=30,
        unique_by=lambda call: call[0],
    ),
    st.randoms(),
)
def test_any_order_and_any_cut_give_the_same_log(tmp_path_factory, calls, random):
    named = [(f"call {number}", ts) for number, ts in calls]
    first, second = SketchLog(tmp_path_factory.mktemp("one")), SketchLog(tmp_path_factory.mktemp("two"))
    first.append(batch(*named))
    shuffled = random.sample(named, len(named)) + random.sample(named, len(named) // 2)
    middle = random.randrange(len(shuffled))
    for piece in (shuffled[:middle], shuffled[middle:]):
        if piece:
            second.append(batch(*piece))
    first.seal()
    second.seal()
    assert read(first) == read(second)
    assert second.repeats == len(named) // 2


def test_an_empty_log_has_no_ticks(tmp_path):
    log = SketchLog(tmp_path)
    log.seal()
    assert log.ticks() == []
    with pytest.raises(KeyError):
        log.read(0)
