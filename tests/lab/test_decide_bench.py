"""The bench of decisions at a small size: it measures what it says, by its own floors."""

from stillwatch.lab.benches import decide


def test_every_call_is_decided_and_no_condition_fails(tmp_path):
    report = decide.measure(tmp_path, verdicts=2_000, calls=3_000, tell=lambda _line: None)
    assert report.figures["calls"] == 3_000
    assert report.figures["rules"] == 12
    assert report.figures["failed_conditions"] == 0
    assert {"all", "with a verdict", "without"} == set(report.figures["microseconds"])
    assert [floor.limit for floor in report.floors] == [decide.P99_MICROSECONDS, 0]
