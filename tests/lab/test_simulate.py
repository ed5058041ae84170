"""The simulator as a whole: what it writes is valid, repeatable, and agrees with the truth beside it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch.lab import evasions
from stillwatch.lab.library import Library
from stillwatch.lab.plugins import benign_cohorts, catalogue
from stillwatch.lab.simulate import operators_of, scenarios, simulate
from stillwatch.lab.world import World
from stillwatch.records import ACCOUNTS, CAPABILITIES, EVENTS, EXCHANGES, Account, Exchange, UsageError

START = 1_772_409_600_000_000
Make = Callable[..., Path]


def quietly(_name: str, _accounts: int) -> None:
    """Hear the progress and say nothing."""


def tiny(seed: int = 3, *, folder: Path, switches: frozenset[str] = frozenset()) -> World:
    """A small world of one week that speaks from grammars only."""
    return World(seed, START, 7, 0.0004, evasions=switches, library=Library(folder / "no-data"))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("log")
    simulate(tiny(folder=out), "all", out, attack_share=0.15, progress=quietly)
    return out


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hidden")
    world = tiny(folder=out, switches=evasions.chosen(("aware",)))
    simulate(world, "all", out, form="jsonl", attack_share=0.15, progress=quietly)
    return out


def read(folder: Path, kind: str) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in sorted(folder.glob(f"{kind}*.parquet"))])


def test_the_log_has_the_schemas_of_the_contract(log: Path) -> None:
    for kind, schema in (("exchanges", EXCHANGES), ("accounts", ACCOUNTS), ("events", EVENTS)):
        assert read(log, kind).cast(schema).schema == schema
        assert read(log, kind).schema.names == schema.names
    for name in ("exchange_id", "ts", "account_id"):
        assert read(log, "exchanges")[name].null_count == 0


@pytest.mark.parametrize(("kind", "record"), [("exchanges", Exchange), ("accounts", Account)])
def test_json_lines_are_valid_records(hidden: Path, kind: str, record: type) -> None:
    schema = msgspec.json.schema(record)
    validator = jsonschema.Draft202012Validator(schema)
    lines = [line for path in hidden.glob(f"{kind}*.jsonl") for line in path.read_text().splitlines()]
    for line in lines[::23]:
        validator.validate(json.loads(line))
        msgspec.json.decode(line, type=record)
    assert len(lines) > 100


def test_one_seed_makes_one_log(log: Path, tmp_path: Path) -> None:
    simulate(tiny(folder=log), "all", tmp_path, attack_share=0.15, progress=quietly)
    for kind in ("exchanges", "accounts", "events", "truth/accounts", "truth/exchanges"):
        assert read(tmp_path, kind).equals(read(log, kind)), kind


def test_the_truth_covers_the_log_and_agrees_with_itself(log: Path) -> None:
    exchanges, accounts = read(log, "exchanges"), read(log, "accounts")
    true_exchanges, true_accounts = read(log, "truth/exchanges"), read(log, "truth/accounts")
    assert true_exchanges["exchange_id"].equals(exchanges["exchange_id"])
    assert true_exchanges["account_id"].equals(exchanges["account_id"])
    assert true_accounts["account_id"].equals(accounts["account_id"])
    assert pc.count_distinct(exchanges["exchange_id"]).as_py() == exchanges.num_rows
    assert pc.count_distinct(accounts["account_id"]).as_py() == accounts.num_rows
    operator_of = dict(
        zip(true_accounts["account_id"].to_pylist(), true_accounts["operator"].to_pylist(), strict=True)
    )
    for account, operator, capability in zip(
        *(true_exchanges[name].to_pylist() for name in ("account_id", "operator", "capability")), strict=True
    ):
        assert (operator is None) == (capability is None)
        assert operator is None or operator_of[account] == operator
        assert capability is None or capability in CAPABILITIES


def test_operators_are_summed_up_as_the_exchanges_say(log: Path) -> None:
    listed = {entry["operator"]: entry for entry in json.loads((log / "truth/operators.json").read_text())}
    rows = read(log, "truth/exchanges").append_column("ts", read(log, "exchanges")["ts"].cast(pa.int64()))
    assert set(listed) == set(catalogue())
    for name, entry in listed.items():
        mine = rows.filter(pc.equal(rows["operator"], name))
        assert entry["exchanges"] == mine.num_rows > 0
        assert sum(entry["capabilities"].values()) == pytest.approx(1, abs=1e-3)
        assert (entry["first_ts"], entry["last_ts"]) == (
            pc.min(mine["ts"]).as_py(),
            pc.max(mine["ts"]).as_py(),
        )
        assert entry["first_ts"] >= START + 7 * 86_400_000_000 // 4


def test_nothing_in_the_log_names_an_operator_or_cohort(log: Path) -> None:
    words = {*catalogue(), *benign_cohorts()} - {"relay", "slow", "june", "september", "campus", "judges"}
    for kind in ("exchanges", "accounts", "events"):
        table = read(log, kind)
        for name in table.schema.names:
            if pa.types.is_string(table[name].type):
                values = set(pc.unique(table[name]).to_pylist())
                assert not values & words, name
    ids = read(log, "accounts")["account_id"].to_pylist()
    assert all(len(value) == 21 and value.startswith("acct_") for value in ids)


def test_attackers_stay_within_their_share_and_every_cohort_is_there(log: Path) -> None:
    accounts = read(log, "truth/accounts")
    attackers = accounts.num_rows - accounts["operator"].null_count
    assert 0 < attackers / accounts.num_rows < 0.16
    assert set(pc.unique(accounts["cohort"]).to_pylist()) == {"ordinary", *benign_cohorts(), *catalogue()}
    authorised = accounts.filter(accounts["authorised"])
    assert set(authorised["cohort"].to_pylist()) == {"authorised_distillation"}
    assert authorised["operator"].null_count == authorised.num_rows


def test_all_calls_fall_into_the_log_s_span(log: Path) -> None:
    micros = read(log, "exchanges")["ts"].cast(pa.int64())
    assert pc.min(micros).as_py() >= START
    assert pc.max(micros).as_py() < START + 7 * 86_400_000_000


def test_nobody_calls_before_the_account_was_created(log: Path) -> None:
    created = read(log, "accounts").select(["account_id", "created_at"])
    joined = read(log, "exchanges").select(["account_id", "ts"]).join(created, "account_id")
    assert pc.all(pc.greater_equal(joined["ts"], joined["created_at"])).as_py()


def test_a_work_item_is_dealt_once(log: Path) -> None:
    rows = read(log, "exchanges").append_column("operator", read(log, "truth/exchanges")["operator"])
    for name, operator in catalogue().items():
        if operator.relayed is None:
            mine = rows.filter(pc.and_(pc.equal(rows["operator"], name), pc.equal(rows["n_turns"], 1)))
            assert pc.count_distinct(mine["prompt"]).as_py() == mine.num_rows, name


def test_benign_scenario_has_no_operator_and_another_seed_makes_others(log: Path, tmp_path: Path) -> None:
    made = simulate(tiny(4, folder=tmp_path), "benign", tmp_path, progress=quietly)
    ids = set(read(tmp_path, "accounts")["account_id"].to_pylist())
    assert not ids & set(read(log, "accounts")["account_id"].to_pylist())
    assert made.operators == ()
    assert json.loads((tmp_path / "truth/operators.json").read_text()) == []
    assert read(tmp_path, "truth/exchanges")["operator"].null_count == made.exchanges


def test_scenarios_and_evasions_that_do_not_exist_are_refused() -> None:
    with pytest.raises(UsageError, match="known: benign, all, demo"):
        operators_of("march")
    with pytest.raises(UsageError, match="fresh_cards"):
        evasions.chosen(("invisible",))
    assert {"all", "slow"} <= set(scenarios())


def test_a_log_is_never_overwritten(log: Path, tmp_path: Path) -> None:
    shutil.copytree(log, tmp_path / "copy")
    with pytest.raises(UsageError, match="already holds a log"):
        simulate(tiny(folder=log), "benign", tmp_path / "copy", progress=quietly)
