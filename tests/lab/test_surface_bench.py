"""The bench of surface reduction at a small size, and that it sees what a milder step lets through."""

from random import Random

import msgspec
import pytest

from stillwatch.lab import leaks
from stillwatch.lab.benches import surface


def test_nothing_leaks_and_nothing_else_changes(tmp_path):
    report = surface.measure(tmp_path, 20, 1, lambda _: None)
    assert (report.figures["leaked"], report.figures["changed"]) == (0, 0)
    assert report.figures["leaks"] > 500
    assert set(report.figures["formats"]) == set(leaks.ROUTES)


@pytest.mark.parametrize("step", ["observe", "reduce_surface"])
def test_what_a_milder_step_lets_through_is_seen(step, tmp_path, monkeypatch):
    strip = surface._strip  # noqa: SLF001
    monkeypatch.setattr(surface, "_strip", lambda call: msgspec.structs.replace(strip(call), step=step))
    report = surface.measure(tmp_path, 20, 1, lambda _: None)
    assert report.figures["leaked"] > 20
    assert not report.holds


def test_a_case_knows_a_changed_answer():
    case = leaks.case("messages", Random(3))
    cleaned = {**case.whole, "content": [{"type": "text", "text": case.text + "!"}]}
    assert case.fault_whole(cleaned) == "changed"
