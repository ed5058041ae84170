"""The third simulator: its log is readable, repeatable, agrees with its truth, and knows nothing of the others."""

import ast
import hashlib
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch.lab import outside
from stillwatch.lab.outside.cohorts.trades import TRADES
from stillwatch.lab.outside.grammar import alternatives, settle, spin
from stillwatch.lab.outside.operators import FEWEST, KINDS
from stillwatch.lab.outside.tasks import Tasks
from stillwatch.records import CAPABILITIES, Rejection, UsageError
from stillwatch.sources import decode, split

SMALL = {"accounts": 300, "days": 14}
ORDINARY = {"chat", "developer", "backend", "researcher"}
LOOK_ALIKES = {
    *("app_users", "harness_users", "enterprise_footer", "nat_developers", "campus", "cgnat"),
    *("classroom", "online_course", "hackathon", "onboarding_wave", "competition", "reproduction_seminar"),
    *("nightly_evaluator", "public_benchmark", "day_one_benchmark", "regression_probes"),
    *("ci_fleet", "fallback_router", "gateway", "reseller_customers", "annotators_home"),
    *("journalist_researcher", "key_rotation", "staff_turnover", "plan_migration", "dr_failover"),
    *("privacy_minded", "prompt_library", "extension_users", "nocode_platform", "fintech_promo"),
    *("cron_agency", "chat_import", "vendor_migration", "shared_card_family", "translator_guild"),
    *("device_fleet", *(trade.cohort for trade in TRADES)),
}


@pytest.fixture(scope="module", autouse=True)
def _grammars_only():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STILLWATCH_DATA", raising=False)
        yield


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("log")
    outside.write_log(out, seed=5, **SMALL)
    return out


Read = tuple[dict[str, pa.Table], list[Rejection]]


def read(log: Path) -> Read:
    """A log as Stillwatch reads it: records by kind, and what it rejects."""
    paths = [path for path in log.iterdir() if path.is_file()]
    decoded = [decode(block) for block in split(paths) if not isinstance(block, Rejection)]
    tables = {
        kind: pa.Table.from_batches([block.batch for block in decoded if block.kind == kind])
        for kind in {block.kind for block in decoded}
    }
    return tables, [rejection for block in decoded for rejection in block.rejections]


@pytest.fixture(scope="module")
def records(log: Path) -> Read:
    return read(log)


def truth(log: Path, name: str) -> pa.Table:
    return pq.read_table(log / "truth" / f"{name}.parquet")


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_record_is_read(log: Path, records: Read) -> None:
    tables, rejections = records
    assert rejections == []
    assert set(tables) == {"exchanges", "accounts", "events"}
    unique = truth(log, "exchanges").num_rows
    assert tables["exchanges"].num_rows == unique + int(unique * 0.0008)
    for name in ("exchange_id", "ts", "account_id"):
        assert tables["exchanges"][name].null_count == 0
    spoken = pc.or_(pc.is_valid(tables["exchanges"]["prompt"]), pc.is_valid(tables["exchanges"]["messages"]))
    assert pc.all(spoken).as_py()
    known = truth(log, "accounts")["account_id"].to_pylist()
    assert set(tables["accounts"]["account_id"].to_pylist()) == set(known)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seed_is_read(seed: int, tmp_path: Path) -> None:
    outside.write_log(tmp_path, seed=seed, scenario="benign", **SMALL)
    assert {path.suffix for path in tmp_path.glob("exchanges*")} == {".parquet"}
    assert read(tmp_path)[1] == []


def test_truth_names_each_exchange_once_with_its_account(log: Path, records: Read) -> None:
    exchanges, told = records[0]["exchanges"], truth(log, "exchanges")
    assert pc.count_distinct(told["exchange_id"]).as_py() == told.num_rows
    pairs = [
        set(zip(table["exchange_id"].to_pylist(), table["account_id"].to_pylist(), strict=True))
        for table in (told, exchanges)
    ]
    assert pairs[0] == pairs[1]
    assert set(told["capability"].to_pylist()) <= {None, *CAPABILITIES}
    assert pc.is_valid(told["capability"]) == pc.is_valid(told["operator"])
    accounts = truth(log, "accounts").to_pylist()
    operator_of = {account["account_id"]: account["operator"] for account in accounts}
    for row in told.select(["account_id", "operator"]).to_pylist():
        assert row["operator"] in {None, operator_of[row["account_id"]]}
    counted = Counter(told["account_id"].to_pylist())
    assert all(account["n_exchanges"] == counted[account["account_id"]] for account in accounts)


def test_operators_are_told_as_they_are_in_the_log(log: Path) -> None:
    exchanges, accounts = truth(log, "exchanges"), truth(log, "accounts")
    told = json.loads((log / "truth" / "operators.json").read_text())
    assert {operator["kind"] for operator in told} == set(KINDS)
    for operator in told:
        name = operator["operator"]
        assert pc.sum(pc.equal(accounts["operator"], name)).as_py() >= FEWEST
        mine = exchanges.filter(pc.equal(exchanges["operator"], name))
        assert operator["exchanges"] == mine.num_rows > 0
        assert set(operator["capabilities"]) == set(mine["capability"].to_pylist())
        assert sum(operator["capabilities"].values()) == pytest.approx(1, abs=0.001)


def test_every_cohort_appears(log: Path) -> None:
    accounts = truth(log, "accounts")
    operators = {f"op-{name}" for name in KINDS}
    assert set(accounts["cohort"].to_pylist()) == ORDINARY | LOOK_ALIKES | operators
    authorised = accounts.filter(accounts["authorised"])
    assert set(authorised["cohort"].to_pylist()) == {"authorised_distillation"}
    hard = accounts.filter(accounts["hard_negative"])
    assert set(hard["cohort"].to_pylist()) == LOOK_ALIKES
    assert hard["operator"].null_count == hard.num_rows


def test_a_benign_log_has_no_operator(tmp_path: Path) -> None:
    outside.write_log(tmp_path, seed=5, scenario="benign", **SMALL)
    assert json.loads((tmp_path / "truth" / "operators.json").read_text()) == []
    for name in ("accounts", "exchanges"):
        told = truth(tmp_path, name)
        assert told["operator"].null_count == told.num_rows > 0


def test_one_operator_can_be_alone(tmp_path: Path) -> None:
    outside.write_log(tmp_path, seed=5, scenario="trace-cleaning", **SMALL)
    (told,) = json.loads((tmp_path / "truth" / "operators.json").read_text())
    assert told["operator"] == "op-trace-cleaning"
    assert max(told["capabilities"], key=told["capabilities"].get) == "data_curation"


def test_nobody_calls_before_signing_up_or_after_a_ban(records: Read) -> None:
    tables, clock = records[0], timedelta(milliseconds=1)  # calls are up to that much later than drawn
    calls = tables["exchanges"].group_by("account_id").aggregate([("ts", "min"), ("ts", "max")]).to_pylist()
    span = {row["account_id"]: (row["ts_min"], row["ts_max"]) for row in calls}
    for row in tables["accounts"].to_pylist():
        first, _ = span.get(row["account_id"], (None, None))
        assert first is None or row["created_at"] is None or first > row["created_at"]
    bans = [event for event in tables["events"].to_pylist() if event["kind"] == "ban"]
    assert bans
    for ban in bans:
        _, last = span.get(ban["account_id"], (None, None))
        assert last is None or last < ban["ts"] + clock


def test_the_same_arguments_give_the_same_log(log: Path, tmp_path: Path) -> None:
    outside.write_log(tmp_path, seed=5, **SMALL)
    assert digests(tmp_path) == digests(log)


def test_wrong_arguments_are_refused(log: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown scenario"):
        outside.write_log(tmp_path, seed=1, scenario="may", **SMALL)
    with pytest.raises(UsageError, match="too short"):
        outside.write_log(tmp_path, seed=1, accounts=60, days=3)
    with pytest.raises(UsageError, match="already holds"):
        outside.write_log(log, seed=1, **SMALL)


def test_it_imports_nothing_of_the_other_simulators_or_the_detector() -> None:
    allowed = ("stillwatch.lab.outside", "stillwatch.records")
    for path in Path(outside.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stillwatch"):
                assert node.module.startswith(allowed), path


def test_a_missing_data_folder_is_no_hindrance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without = Tasks(Random(1), 1)
    monkeypatch.setenv("STILLWATCH_DATA", str(tmp_path / "absent"))
    assert Tasks(Random(1), 1).operators == without.operators
    assert all(len(set(pool)) > 100 for pool in without.operators.values())


def test_what_is_settled_stays_and_what_is_spun_varies() -> None:
    rng = Random(1)
    template = settle(rng, "[[a|a]] {b|b {c|c}} %slot%")
    assert template == "a {b|b {c|c}} %slot%"
    assert spin(rng, template) in {"a b %slot%", "a b c %slot%"}
    assert alternatives("{a|b} c|[[d|e]]||") == ["{a|b} c", "[[d|e]]", "", ""]
