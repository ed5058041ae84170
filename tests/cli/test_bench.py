import json

import msgspec
import pytest
from typer.testing import CliRunner

from stillwatch.cli.bench import app
from stillwatch.lab.benches.apart import Cost
from stillwatch.lab.benches.trials import Kept, Traffic, Trial, detection_folder, log_code, trial_code
from stillwatch.lab.scoring import CohortScore, OperatorScore, Score

ARGUMENTS = ["detection", "--scenario", "feb_a", "--scale", "0.001", "--seeds", "1"]


def keep_finished(root, *, found):
    """Put a finished seed into `root`, so that the command has nothing left to run."""
    figures = {
        "campaign_id": "C1",
        "account_recall": 1.0,
        "top_capability_right": True,
        "total_variation": 0.0,
        "exchange_precision": 1.0,
        "exchange_recall": 1.0,
        "haul_exchanges": 0.0,
        "haul_tokens": 0.0,
    }
    operator = OperatorScore(operator="feb_a", kind="lab", active_accounts=9, **(figures if found else {}))
    score = Score(
        operators=[operator],
        cohorts=[CohortScore("ordinary", False, 100, 0, False)],
        campaigns=int(found),
        false_campaigns=[],
        merged_campaigns=[],
    )
    traffic = Traffic("feb_a", 0.001, 1000)
    out = detection_folder(root, traffic)
    out.parent.mkdir(parents=True)
    (out.parent / "simulated").write_text(log_code())
    kept = Kept(trial_code(), Trial(score, Cost(1.5, 2**20)))
    out.with_name(out.name + ".json").write_bytes(msgspec.json.encode(kept))


@pytest.mark.parametrize(("found", "code"), [(True, 0), (False, 1)])
def test_exit_code_and_json_say_whether_every_floor_holds(tmp_path, found, code):
    keep_finished(tmp_path / "kept", found=found)
    written = tmp_path / "figures.json"
    ran = CliRunner().invoke(app, [*ARGUMENTS, "--keep", str(tmp_path / "kept"), "--json", str(written)])
    assert ran.exit_code == code, ran.output
    assert "feb_a" in ran.output
    whole = json.loads(written.read_text())
    assert set(whole) == {"bench", "command", "figures", "floors", "holds", "machine", "seeds"}
    assert whole["bench"] == "detection"
    assert whole["holds"] is found
    assert whole["seeds"] == [1000]
    assert whole["figures"]["quick"] is False
    assert whole["figures"]["operators_found"] == int(found)
    assert all({"measured", "holds"} <= set(floor) for floor in whole["floors"].values())


def test_finished_seeds_are_not_done_again(tmp_path):
    keep_finished(tmp_path, found=True)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    ran = CliRunner().invoke(app, [*ARGUMENTS, "--keep", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_wrong_groups_and_sizes_are_wrong_usage():
    assert CliRunner().invoke(app, ["detection", "--drop-fields", "pyments"]).exit_code != 0
    assert CliRunner().invoke(app, ["speed", "--exchanges", "many"]).exit_code != 0
