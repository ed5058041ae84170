"""The bench of gateways at a small size: it measures what it says, and names what is not installed."""

import pytest

from stillwatch.lab.benches import gateways
from stillwatch.lab.served import servers


def test_gateways_that_are_installed_are_measured_and_the_others_named(tmp_path, monkeypatch):
    if servers.envoy_binary() is None:
        pytest.skip("Envoy is not installed")
    monkeypatch.setenv(servers.LITELLM, str(tmp_path / "bin" / "python"))
    told = []
    report = gateways.measure(tmp_path, 10, 100, told.append)
    assert report.figures["missing"] == {
        "litellm": "LiteLLM's proxy is not installed; STILLWATCH_LITELLM names a Python that has it"
    }
    assert set(report.figures["added_p50"]) == {"asgi", "envoy"}
    assert all(0.0 < seconds < 30.0 for seconds in report.figures["seconds_until_acting"].values())
    measured = {floor.name: floor.measured for floor in report.floors}
    assert measured["p50 added by Envoy, ext_proc, ms"] is not None
    unmeasured = [floor for floor in report.floors if floor.measured is None]
    assert any("LiteLLM" in floor.name for floor in unmeasured)
    assert not any(floor.holds for floor in unmeasured)
    assert any("missing" in line for line in told)


def test_a_gateway_that_never_acts_keeps_no_floor(tmp_path, monkeypatch):
    monkeypatch.setattr(gateways, "GIVE_UP", 0.1)
    monkeypatch.setattr(gateways, "_call", lambda *_: 200)
    (tmp_path / "verdicts").touch()
    assert gateways._until_they_act(tmp_path, {"asgi": 1}) == {"asgi": None}  # noqa: SLF001
