"""Operators one by one: plans that hold together, and the traces each leaves or hides."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stillwatch.lab import campaign, evasions
from stillwatch.lab.library import Library
from stillwatch.lab.plugins import catalogue
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World
from stillwatch.records import CAPABILITIES

START = 1_772_409_600_000_000


def made(name: str, *switches: str, size: int = 40) -> Slice:
    world = World(5, START, 28, 0.02, evasions=evasions.chosen(switches), library=Library(Path("no-data")))
    return campaign.run(world, catalogue()[name], size)


def illicit(slice_: Slice) -> pa.Table:
    return slice_.exchanges.filter(pc.is_valid(slice_.exchanges["operator"]))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_plans_hold_together(name: str) -> None:
    plan = catalogue()[name]
    assert plan.id == name
    assert sum(task.share for task in plan.tasks) == pytest.approx(1)
    assert {task.capability for task in plan.tasks} <= set(CAPABILITIES)
    assert all(wording.count("{item}") == 1 for task in plan.tasks for wording in task.wordings)
    for shares in (plan.enrolment.countries, plan.enrolment.clients, plan.enrolment.pathways):
        assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_exchanges_an_account_follow_the_plan(name: str) -> None:
    rows = made(name).exchanges
    assert rows.num_rows / 40 == pytest.approx(catalogue()[name].volume, rel=0.3)


def test_feb_c_moves_half_its_traffic_to_a_new_model_within_a_day() -> None:
    rows = illicit(made("feb_c"))
    world = World(5, START, 28, 0.02)
    release = world.releases[0]
    later = rows.filter(pc.greater(rows["ts"].cast(pa.int64()), release.ts + 86_400_000_000))
    share = pc.mean(pc.equal(later["model"], release.model).cast(pa.float64())).as_py()
    assert share == pytest.approx(0.5, abs=0.06)


def test_hydra_accounts_mix_and_are_replaced_after_bans() -> None:
    crowd = made("hydra_proxy", size=80)
    rows = crowd.exchanges
    share = pc.mean(pc.is_valid(rows["operator"]).cast(pa.float64())).as_py()
    assert 0.25 < share < 0.55
    assert len(crowd.events) == pytest.approx(80 * 0.35 / 1.35, abs=2)
    banned = pc.is_in(rows["account_id"], pa.array([event["account_id"] for event in crowd.events]))
    assert 0 < rows.filter(banned).num_rows < rows.num_rows


def test_september_injects_one_instruction_and_keeps_a_pool_asleep() -> None:
    crowd = made("september")
    rows = illicit(crowd)
    instruction = catalogue()["september"].injected
    assert instruction is not None
    texts = pc.binary_join_element_wise(rows["prompt"], pc.fill_null(rows["system"], ""), "\n")
    assert pc.all(pc.match_substring(texts, instruction)).as_py()
    late = crowd.people.habits.since > START + 14 * 86_400_000_000
    assert late.mean() > 0.3


def test_relay_sends_ids_back_under_other_accounts() -> None:
    rows = made("relay").exchanges
    ids = pa.table(
        {
            "account": np.repeat(
                rows["account_id"].to_numpy(),
                pc.fill_null(pc.list_value_length(rows["replayed_ids"]), 0).to_numpy(),
            ),
            "id": pc.list_flatten(rows["replayed_ids"]),
        }
    )
    holders = ids.group_by("id").aggregate([("account", "count_distinct")])
    assert pc.sum(pc.greater(holders["account_count_distinct"], 1)).as_py() > 50


def test_fresh_cards_residential_and_spread_signups_leave_nothing_shared() -> None:
    account = made("feb_a", "fresh_cards", "residential", "signup_spread").people.account
    assert len(set(account["payment_fp"])) == 40
    devices = [device for device in account["device_id"] if device is not None]
    assert len(set(devices)) > 0.5 * len(devices)
    created = np.array(account["created_at"], dtype=np.int64)
    assert np.ptp(created) > 200 * 86_400_000_000


def test_without_evasions_cards_are_shared() -> None:
    assert len(set(made("feb_a").people.account["payment_fp"])) <= 4


def test_paraphrase_leaves_no_fixed_wording() -> None:
    def commonest(rows: pa.Table) -> float:
        endings = pc.utf8_slice_codeunits(pc.utf8_reverse(rows["prompt"]), 0, 30)
        return pc.max(pc.value_counts(endings).field("counts")).as_py() / rows.num_rows

    assert commonest(illicit(made("feb_a", "paraphrase"))) < 0.1 < commonest(illicit(made("feb_a")))


def test_cover_traffic_dilutes_every_account() -> None:
    rows = made("feb_b", "cover_traffic").exchanges
    assert rows["operator"].null_count / rows.num_rows == pytest.approx(0.33, abs=0.12)


def test_topic_pinning_changes_who_gets_what_but_not_what_is_taken() -> None:
    plain, pinned = (
        sorted(illicit(made("trace_cleaning", *names))["prompt"].to_pylist())
        for names in ((), ("topic_pinning",))
    )
    assert len(set(plain) & set(pinned)) > 0.2 * len(set(plain))


def test_people_hours_are_not_round_the_clock() -> None:
    def night_share(rows: pa.Table) -> float:
        hours = (rows["ts"].cast(pa.int64()).to_numpy() // 3_600_000_000) % 24
        accounts = rows["account_id"].to_numpy()
        shares = [
            np.bincount(hours[accounts == name], minlength=24).max() / (accounts == name).sum()
            for name in set(accounts)
        ]
        return float(np.median(shares))

    assert night_share(illicit(made("june", "human_hours"))) > 1.3 * night_share(illicit(made("june")))
