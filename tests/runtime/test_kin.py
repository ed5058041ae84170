"""Who fits a cluster that gateways are told of and is not in it, from graphs written down by hand."""

import pickle

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from tables import merged, operator, table_of

from stillwatch.campaigns.docket import Docket, Suspect
from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import Ledger
from stillwatch.features.migration import Migration
from stillwatch.linking.growth import Membership
from stillwatch.linking.scene import Scene
from stillwatch.runtime.kin import kin_of
from stillwatch.runtime.told import Portrayed

CROWD = 2000


def crowd():
    return {
        (kind, f"{kind} {number}"): range(200 + 9 * number, 209 + 9 * number)
        for kind in ("payment instrument", "network prefix", "text fragment")
        for number in range(200)
    }


def ledger_of():
    ledger = Ledger(SketchKey(b"k" * 32))
    ledger.codes(pa.array([f"a{code}" for code in range(CROWD)]))
    return ledger


def scene_of(held, now=100):
    nothing = np.zeros(CROWD, np.int64)
    return Scene(
        now=now,
        ledger=ledger_of(),
        table=table_of(held, CROWD),
        exchanges=np.ones(CROWD, np.int64),
        first=nothing,
        last=nothing,
        daily=np.zeros((CROWD, 1), np.uint16),
        bans=[],
        migration=Migration(),
    )


@pytest.fixture(scope="module")
def scene():
    return scene_of(merged(operator("one", range(60)), operator("two", range(60, 110)), crowd()))


def suspect(number, accounts):
    return Suspect(number=number, accounts=np.array(accounts), log_odds=np.full(len(accounts), 9.0), looks=1)


def test_accounts_that_the_cluster_comes_to_are_its_kin(scene):
    (kin,) = kin_of([suspect(3, range(25))], [True], scene, {})
    assert kin.accounts.tolist() == list(range(25, 60))
    assert (kin.log_odds > 4.6).all()
    assert (kin.firm <= kin.log_odds).all()
    assert kin.since.tolist() == [100] * 35


def test_kin_are_told_since_they_were_found_first(scene):
    before = kin_of([suspect(3, range(40))], [True], scene, {})
    later = scene_of(merged(operator("one", range(60)), crowd()), now=200)
    (kin,) = kin_of([suspect(3, range(25))], [True], later, {3: before[0]})
    assert dict(zip(kin.accounts.tolist(), kin.since.tolist(), strict=True)) == {
        code: 100 if code >= 40 else 200 for code in range(25, 60)
    }


def test_a_look_that_is_led_astray_does_not_change_since_when_kin_are_told_of(scene):
    (found,) = kin_of([suspect(3, range(40))], [True], scene, {})
    both = [suspect(3, range(40)), suspect(4, range(40, 60))]
    astray, _ = kin_of(
        both, [True, True], scene_of(merged(operator("one", range(60)), crowd()), now=200), {3: found}
    )
    assert len(astray.accounts) == 0
    later = scene_of(merged(operator("one", range(60)), crowd()), now=300)
    (again,) = kin_of([suspect(3, range(40))], [True], later, {3: astray})
    assert again.since.tolist() == [100] * 20


def test_who_may_distil_or_has_shown_who_it_is_is_nobodys_kin(scene):
    ledger = ledger_of()
    ledger.authorised.upto(CROWD)[50:55] = True
    (kin,) = kin_of([suspect(3, range(25))], [True], msgspec.structs.replace(scene, ledger=ledger), {})
    assert kin.accounts.tolist() == [*range(25, 50), *range(55, 60)]


def test_what_a_look_leaves_has_kin_and_carries_them_on(scene):
    docket = Docket(0.01)
    docket.suspects = [campaign := suspect(0, range(25))]
    campaign.opened_at, campaign.campaign_id, campaign.lately = 100, "campaign-000", [9.0]
    campaign.recent = [(scene.now, Membership(campaign.accounts, campaign.log_odds, np.zeros(0, np.uint64)))]
    left = Portrayed.of(docket, scene, Portrayed.nothing())
    assert [kin.since.tolist() for kin in left.kin] == [[100] * 35]
    again = Portrayed.of(docket, msgspec.structs.replace(scene, now=200), pickle.loads(pickle.dumps(left)))
    assert [kin.since.tolist() for kin in again.kin] == [[100] * 35]


def test_two_clusters_with_one_operator_have_no_kin_of_each_other(scene):
    halves = [suspect(1, range(30)), suspect(2, range(30, 60))]
    assert [len(kin.accounts) for kin in kin_of(halves, [True, True], scene, {})] == [0, 0]
    shared = [suspect(1, range(40)), suspect(2, range(20, 60))]
    assert [len(kin.accounts) for kin in kin_of(shared, [True, True], scene, {})] == [0, 0]


def test_where_no_texts_are_known_more_is_asked_of_kin():
    """Accounts that share a card with the cluster, and a network with it and with many others."""
    held = merged(
        operator("one", range(60), texts=0),
        {("payment instrument", "one 0"): range(60, 64)},
        {("network prefix", "one 0"): [*range(60, 64), *range(300, 420)]},
    )
    scene = scene_of(merged(held, crowd()))
    (heard,), (unheard,) = (kin_of([suspect(0, range(50))], [texts], scene, {}) for texts in (True, False))
    assert set(unheard.accounts.tolist()) <= set(heard.accounts.tolist())
    assert (heard.log_odds >= 2.0).all()
    assert (unheard.log_odds >= 4.0).all()
    assert len(unheard.accounts) < len(heard.accounts)
