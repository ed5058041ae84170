"""The second simulator: its log is readable, repeatable, agrees with its truth, and knows nothing of the first."""

import ast
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch.lab import elsewhere
from stillwatch.lab.elsewhere.cohorts import COHORTS
from stillwatch.lab.elsewhere.grammar import freeze, spin
from stillwatch.lab.elsewhere.operators import OPERATORS
from stillwatch.records import CAPABILITIES, Rejection, UsageError
from stillwatch.sources import decode, split

SMALL = {"accounts": 60, "days": 7}


@pytest.fixture(scope="module", autouse=True)
def _grammars_only():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STILLWATCH_DATA", raising=False)
        yield


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("log")
    elsewhere.write_log(out, seed=5, malformed=True, **SMALL)
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


def test_every_record_is_read_and_every_broken_line_rejected(log: Path, records: Read) -> None:
    exchanges, rejections = records[0]["exchanges"], records[1]
    broken = json.loads((log / "truth" / "malformed.json").read_text())
    assert len(rejections) == len(broken) == 8
    unique = truth(log, "exchanges")
    assert exchanges.num_rows == unique.num_rows + unique.num_rows // 250
    for name in ("exchange_id", "ts", "account_id"):
        assert exchanges[name].null_count == 0
    spoken = pc.or_(pc.is_valid(exchanges["prompt"]), pc.is_valid(exchanges["messages"]))
    assert pc.all(spoken).as_py()


def test_truth_names_each_exchange_once_with_its_account(log: Path, records: Read) -> None:
    exchanges = records[0]["exchanges"]
    unique = truth(log, "exchanges")
    assert pc.count_distinct(unique["exchange_id"]).as_py() == unique.num_rows
    told = set(zip(unique["exchange_id"].to_pylist(), unique["account_id"].to_pylist(), strict=True))
    seen = set(zip(exchanges["exchange_id"].to_pylist(), exchanges["account_id"].to_pylist(), strict=True))
    assert seen == told
    assert set(unique["capability"].to_pylist()) <= set(CAPABILITIES)
    operator_of = dict(
        zip(*(truth(log, "accounts")[name].to_pylist() for name in ("account_id", "operator")), strict=True)
    )
    for account, operator in set(
        zip(unique["account_id"].to_pylist(), unique["operator"].to_pylist(), strict=True)
    ):
        assert operator in {None, operator_of[account]}


def test_operators_are_told_as_they_are_in_the_log(log: Path) -> None:
    exchanges = truth(log, "exchanges")
    told = json.loads((log / "truth" / "operators.json").read_text())
    assert [operator["operator"] for operator in told] == list(OPERATORS)
    for operator in told:
        mine = exchanges.filter(pc.equal(exchanges["operator"], operator["operator"]))
        assert operator["exchanges"] == mine.num_rows > 0
        assert operator["accounts_with_exchanges"] == pc.count_distinct(mine["account_id"]).as_py()
        assert sum(operator["capabilities"].values()) == pytest.approx(1, abs=0.001)


def test_every_cohort_appears(log: Path) -> None:
    accounts = truth(log, "accounts")
    cohorts = set(accounts["cohort"].to_pylist())
    assert {f"op:{name}" for name in OPERATORS} < cohorts
    assert len(cohorts) > len(OPERATORS) + len(COHORTS)
    authorised = accounts.filter(accounts["authorised"])
    assert set(authorised["cohort"].to_pylist()) == {"authorised_distillation"}
    hard = accounts.filter(accounts["hard_negative"])
    assert hard["operator"].null_count == hard.num_rows


def test_nobody_calls_before_signing_up_or_after_a_ban(records: Read) -> None:
    exchanges, accounts = records[0]["exchanges"], records[0]["accounts"]
    calls = exchanges.group_by("account_id").aggregate([("ts", "min"), ("ts", "max")])
    span = {row["account_id"]: (row["ts_min"], row["ts_max"]) for row in calls.to_pylist()}
    hour = timedelta(hours=1)  # clocks of accounts are minutes off
    for row in accounts.to_pylist():
        first, last = span.get(row["account_id"], (None, None))
        if first is not None:
            assert first > row["created_at"] - hour
            assert row["status"] != "banned" or last < row["status_at"] + hour


def test_the_same_arguments_give_the_same_log(log: Path, tmp_path: Path) -> None:
    elsewhere.write_log(tmp_path, seed=5, malformed=True, **SMALL)
    assert digests(tmp_path) == digests(log)


def test_innocents_are_the_same_whoever_operates(log: Path, tmp_path: Path) -> None:
    elsewhere.write_log(tmp_path, seed=5, scenario="june", knowing=True, **SMALL)
    (told,) = json.loads((tmp_path / "truth" / "operators.json").read_text())
    assert told["knowing"]
    assert told["exchanges"] > told["accounts_with_exchanges"]
    for name in ("accounts", "exchanges"):
        here, there = truth(tmp_path, name), truth(log, name)
        innocent = pc.index(pc.is_valid(here["operator"]), value=True).as_py()
        assert here.slice(0, innocent) == there.slice(0, innocent)
    assert read(tmp_path)[1] == []


def test_wrong_arguments_are_refused(log: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown scenario"):
        elsewhere.write_log(tmp_path, seed=1, scenario="may", **SMALL)
    with pytest.raises(UsageError, match="too short"):
        elsewhere.write_log(tmp_path, seed=1, accounts=60, days=3)
    with pytest.raises(UsageError, match="already holds"):
        elsewhere.write_log(log, seed=1, **SMALL)


def test_it_imports_nothing_of_the_first_simulator_or_the_detector() -> None:
    allowed = ("stillwatch.lab.elsewhere", "stillwatch.records")
    for path in Path(elsewhere.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stillwatch"):
                assert node.module.startswith(allowed), path


def test_a_frozen_template_keeps_its_slots() -> None:
    rng = Random(1)
    assert freeze(rng, "{a|a} <city> <think> {|}b|c") == "a <city> <think> b|c"
    assert spin(rng, "{x {y|y}|x y} <nowhere>") == "x y <nowhere>"
    with pytest.raises(ValueError, match="brace"):
        spin(rng, "a}")
