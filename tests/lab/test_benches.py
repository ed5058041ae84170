import math
import os

import numpy as np
import pyarrow.json
import pytest
from handmade import exchange, write_log, write_said, write_truth

from stillwatch.lab.benches import Floor, Report, apart
from stillwatch.lab.benches.canonical import write
from stillwatch.lab.benches.detection import all_floors, clean_floors, figures_of
from stillwatch.lab.benches.false_alarms import allowed
from stillwatch.lab.benches.peers import OURS, Caught, compare, floors, from_output, threshold
from stillwatch.lab.benches.speed import growth
from stillwatch.lab.benches.trials import GROUPS, Traffic, digest, groups_named
from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import judged
from stillwatch.lab.scoring import CohortScore, OperatorScore, Score
from stillwatch.records import ACCOUNTS, EXCHANGES, UsageError


def found(name, **figures):
    usual = {
        "campaign_id": f"C-{name}",
        "account_recall": 1.0,
        "top_capability_right": True,
        "total_variation": 0.05,
        "exchange_precision": 0.95,
        "exchange_recall": 0.9,
        "haul_exchanges": 0.04,
        "haul_tokens": 0.04,
    }
    return OperatorScore(operator=name, kind="farm", active_accounts=50, **(usual | figures))


def missed(name):
    return OperatorScore(operator=name, kind="farm", active_accounts=50)


def scored(operators, *, flagged=0, cohorts_reported=False, false=()):
    cohorts = [
        CohortScore("ordinary", False, 9_000, flagged, False),
        CohortScore("class", True, 1_000, 0, cohorts_reported),
    ]
    return Score(
        operators=operators,
        cohorts=cohorts,
        campaigns=len(operators),
        false_campaigns=list(false),
        merged_campaigns=[],
    )


EIGHT = [found(name) for name in "abcdefg"] + [found("hydra_proxy")]


def broken(score):
    return {floor.name for floor in all_floors([score]) if not floor.holds}


def test_eight_of_nine_operators_hold_every_floor():
    assert broken(scored([*EIGHT, missed("i")], flagged=5)) == set()


def test_seven_of_nine_do_not():
    assert broken(scored([*EIGHT[1:], missed("a"), missed("i")])) == {
        "operators found as one campaign each",
        "top capability right",
    }


@pytest.mark.parametrize(
    ("score", "floor"),
    [
        (scored([*EIGHT, found("i", account_recall=0.5)]), "account recall where found"),
        (scored([*EIGHT, found("i", total_variation=0.99, haul_exchanges=1)]), None),
        (scored(EIGHT, flagged=6), "benign accounts flagged"),
        (scored(EIGHT, cohorts_reported=True), "hard-negative cohorts reported"),
        (scored(EIGHT, false=["C9"]), "false campaigns"),
        (scored([*EIGHT[:7], missed("hydra_proxy")]), "hydra_proxy exchange recall"),
        (
            scored([*EIGHT[:7], found("hydra_proxy", exchange_precision=0.8)]),
            "hydra_proxy exchange precision",
        ),
    ],
)
def test_each_floor_breaks_on_its_own_fault(score, floor):
    if floor is None:
        assert "total variation of capability shares" not in broken(score)
        assert "haul before the first alarm" in broken(score)
    else:
        assert floor in broken(score)


def test_a_split_operator_is_not_found_as_one():
    figures = figures_of([scored([*EIGHT[:7], found("hydra_proxy", split=True)])])
    assert figures["operators_found"] == 8
    assert figures["operators_found_as_one"] == 7


def test_a_weakened_log_only_has_to_stay_clean():
    assert all(floor.holds for floor in clean_floors([scored([missed("a")])]))


def test_nothing_to_measure_holds_no_floor():
    assert not Floor("x", None, 0.0).holds
    assert not Floor("x", None, 1.0, at_least=False).holds


def test_limits_are_kept_when_met():
    assert Floor("x", 8 / 9, 8 / 9).holds
    assert Floor("x", 0, 0, at_least=False).holds
    assert not Floor("x", 1, 0, at_least=False).holds
    assert Report("x", {}, [], []).holds


def test_false_alarms_allowed_are_the_binomial_bound():
    assert allowed(40, 0.01) == 2
    assert allowed(40, 0.05) == 4
    assert allowed(3, 0.01) == 0


def test_growth_of_linear_and_quadratic_times():
    sizes = [1_000, 2_000, 4_000]
    assert growth(sizes, [1, 2, 4]) == pytest.approx(1)
    assert growth(sizes, [1, 4, 16]) == pytest.approx(2)


def test_the_matched_threshold_lets_one_in_two_thousand_pass():
    scores = np.arange(4_000.0)
    assert (scores > threshold(scores)).sum() == 2
    assert (scores > threshold(np.zeros(4_000))).sum() == 3_999  # ties of innocents are all left out
    assert math.isinf(threshold(np.empty(0)))


def test_peers_are_compared_on_active_accounts(tmp_path):
    write_log(tmp_path / "log", [exchange(name, name) for name in ("a", "b", "p", "q")])
    write_truth(
        tmp_path / "log",
        operators={"farm": {"coding": 1.0}},
        accounts={
            "a": (None, "farm", False),
            "b": (None, "farm", False),
            "standby": (None, "farm", False),
            "p": ("people", None, False),
            "q": ("people", None, False),
        },
        exchanges={"ex-a": "farm", "ex-b": "farm", "ex-p": None, "ex-q": None},
    )
    said = judged(["a", "b", "p"], np.array([0.9, 0.2, 0.5]), np.array([True, False, True]))
    caught = compare(tmp_path / "log", said)
    assert (caught.recall_own, caught.innocents_own) == (0.5, 1)
    assert (caught.recall_matched, caught.innocents_matched) == (0.5, 0)
    assert caught.innocents == 2
    write_said(tmp_path / "out", campaigns={"C1": (["a", "b"], 0, {"coding": 1.0})})
    ours = compare(tmp_path / "log", from_output(tmp_path / "out"))
    assert (ours.recall_own, ours.recall_matched, ours.innocents_own) == (1.0, 1.0, 0)


def test_a_tie_with_a_peer_is_no_win():
    def caught(recall):
        return [Caught(recall, 0, recall, 0, 4_000)]

    assert not any(floor.holds for floor in floors({OURS: caught(0.0), "peer": caught(0.0)}))
    assert all(floor.holds for floor in floors({OURS: caught(0.9), "peer": caught(0.4)}))
    assert not any(floor.holds for floor in floors({OURS: caught(1.0), "peer": caught(1.0)}))


def test_groups_of_fields_are_fields_of_the_contract():
    known = {*EXCHANGES.names, *ACCOUNTS.names}
    assert all(name in known for names in GROUPS.values() for name in names)
    assert set(GROUPS["payments"]) == {name for name in ACCOUNTS.names if name.startswith("payment_")}
    assert groups_named("payments, network") == {"payments", "network"}
    assert groups_named("") == frozenset()
    with pytest.raises(UsageError):
        groups_named("pyments")


def test_traffic_names_its_folder_and_arguments(tmp_path):
    traffic = Traffic("all", 0.02, 7, ("residential",), 2)
    assert traffic.folder == "all-residential-0.02-2w-7"
    words = traffic.arguments(tmp_path)
    assert words[words.index("--evasion") + 1] == "residential"


def test_a_digest_follows_only_the_rooms_it_names():
    assert digest(["records"]) != digest(["records"], without=("records/wire.py",))
    assert digest(["records"]) == digest(["records"])


def test_canonical_traffic_follows_the_contract(tmp_path):
    assert write(tmp_path, 200, seed=3) == 10
    rows = open_log(tmp_path).execute("SELECT * FROM exchanges ORDER BY ts").fetchall()
    assert len(rows) == 200
    lines = (tmp_path / "exchanges.jsonl").read_text().splitlines()
    assert len({line.split('"')[3] for line in lines}) == 200
    sizes = [len(line) for line in lines]
    assert 1_000 < sum(sizes) / len(sizes) < 1_700
    table = pyarrow.json.read_json(tmp_path / "accounts.jsonl")
    assert set(table.column_names) <= set(ACCOUNTS.names)
    assert set(pyarrow.json.read_json(tmp_path / "exchanges.jsonl").column_names) <= set(EXCHANGES.names)


def test_memory_of_a_process_tree_is_seen():
    assert apart.resident_bytes(apart.tree(os.getpid())) > 10_000_000
