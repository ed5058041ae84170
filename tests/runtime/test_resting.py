"""Waits after failures: they double, end with success, and a trouble is news once."""

from stillwatch.runtime import resting
from stillwatch.runtime.resting import Resting
from stillwatch.sinks import Patience


def test_waits_grow_until_something_succeeds(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(resting.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(resting, "PATIENCE", Patience(first=1.0, longest=8.0))
    rest, waits = Resting(), []
    for _ in range(8):
        assert rest.over
        rest.failed("full")
        begun = now[0]
        while not rest.over:
            now[0] += 0.01
        waits.append(now[0] - begun)
    assert all(
        whole / 2 <= wait <= whole + 0.02 for wait, whole in zip(waits, [1, 2, 4, 8, 8, 8, 8, 8], strict=True)
    )
    rest.succeeded()
    rest.failed("full")
    now[0] += 1.01
    assert rest.over


def test_a_trouble_is_news_until_it_is_the_same_again():
    rest = Resting()
    assert [rest.failed(said) for said in ("full", "full", "gone", "full")] == [True, False, True, True]
    rest.succeeded()
    assert rest.failed("full")
