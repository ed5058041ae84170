"""The bench of minted ids at its smallest, and what its proxies and customers do."""

import numpy as np
import pytest

from stillwatch.lab.benches.ids import Size, linked, measure
from stillwatch.lab.proxies import PROXIES, REWRITES, Log, Provider, Proxy, customers
from stillwatch.marks.ids.api import Minter
from stillwatch.marks.ids.keyring import made

SMALL = Size(forgeries=8_000, calls=500, column=2_000, accounts=20, exchanges=1_200, customers=60)


def test_a_small_bench_says_what_was_measured():
    report = measure([3], SMALL, lambda _: None)
    assert report.figures["forged_tried"] == 8_000
    assert report.figures["forged_accepted"] == 0
    assert report.figures["linked"]["round robin"]["linked"] == 20
    assert {floor.name for floor in report.floors} >= {"forged ids accepted", "accounts linked falsely"}
    assert report.tables


def test_no_more_accounts_are_linked_than_took_part_in_a_handover():
    found = linked(Proxy("fail-over", bans="at work", limits=True), 6, SMALL)
    assert 0 < found.share <= found.reach < 1
    assert 0 < found.calls < 1


@pytest.mark.parametrize("name", ["ids stripped", "ids rewritten", "ids imitated"])
def test_what_hides_a_proxy(name):
    proxy = Proxy(name, round_robin=True, rewrite=REWRITES[name])
    found = linked(proxy, 4, SMALL)
    assert (found.linked, found.falsely) == (0, 0)


def test_a_sticky_proxy_shows_nothing():
    (sticky,) = [proxy for proxy in PROXIES if proxy.name == "sticky"]
    assert linked(sticky, 5, SMALL).linked == 0


def test_customers_hand_conversations_on_and_are_linked_to_nobody():
    provider = Provider(Minter(made()), Log())
    customers(provider, np.random.default_rng(1), 300)
    handed = [row for row in provider.log.rows if "continued_id" in row]
    assert len(handed) > 20
    assert {row["account_id"] for row in handed} <= set(provider.log.truth)
