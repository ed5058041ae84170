"""Arrivals of services: times inside the span, busy when a service is."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from stillwatch.lab.arrays import DAY
from stillwatch.lab.pulses import BUSY, Pulses
from stillwatch.records import UnreadableInput

MONDAY = 20_514 * DAY  # 2026-03-02


def test_without_data_a_working_day_stands_in() -> None:
    times = Pulses(None).draw(np.random.default_rng(1), 20_000, MONDAY, MONDAY + 14 * DAY)
    assert times.min() >= MONDAY
    assert times.max() < MONDAY + 14 * DAY
    assert (np.diff(times) >= 0).all()
    weekend = ((times - MONDAY) // DAY % 7 >= 5).mean()
    assert weekend < 2 / 7 * 0.8


def test_a_real_service_gives_the_shape(tmp_path: Path) -> None:
    (tmp_path / "timing").mkdir()
    lines = ["client,t_s,rate,cv,pattern,shape,scale"]
    lines += [
        f"m-small/000,{600 * window},{1.0 if window % 144 < 72 else 0.0001},1,Gamma,1,1"
        for window in range(BUSY + 208)
    ]
    with gzip.open(tmp_path / "timing" / "servegen_windows.csv.gz", "wt") as stream:
        stream.write("\n".join(lines) + "\n")
    times = Pulses(tmp_path).draw(np.random.default_rng(1), 5_000, MONDAY, MONDAY + 7 * DAY)
    assert (times % DAY < DAY // 2).mean() > 0.98


def test_damaged_data_is_reported(tmp_path: Path) -> None:
    (tmp_path / "timing").mkdir()
    (tmp_path / "timing" / "servegen_windows.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(UnreadableInput, match="servegen_windows"):
        _ = Pulses(tmp_path).shapes
