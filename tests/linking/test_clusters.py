import numpy as np
from tables import merged, operator, table_of

from stillwatch.linking.clusters import Before, find_clusters, outgrown
from stillwatch.linking.growth import grow, settled

CROWD = 2000
SOLD = ("payment BIN and kind", "autonomous system", "user agent")  # what a seller's customers share


def crowd(first=200):
    """Everyday accounts with cards, networks and texts that a few of them share."""
    return {
        (kind, f"{kind} {number}"): range(first + number * step, first + number * step + step)
        for kind, step in (("payment instrument", 2), ("network prefix", 7), ("text fragment", 11))
        for number in range((CROWD - first) // step)
    }


SELLER = tuple((kind, "seller") for kind in SOLD)


def sets(clusters):
    return {frozenset(cluster.accounts.tolist()) for cluster in clusters}


def test_an_operator_is_one_cluster():
    table = table_of(merged(operator("one", range(60)), crowd()), CROWD)
    assert sets(find_clusters(table)) == {frozenset(range(60))}


def test_two_operators_with_the_same_issuer_are_two_clusters():
    issuer = (("payment BIN and kind", "prepaid"), ("user agent", "sdk"))
    held = merged(operator("one", range(60), shared=issuer), operator("two", range(60, 110), shared=issuer))
    table = table_of(merged(held, crowd()), CROWD)
    assert sets(find_clusters(table)) == {frozenset(range(60)), frozenset(range(60, 110))}


def test_a_known_cluster_is_continued_and_its_newcomers_found():
    table = table_of(merged(operator("one", range(60)), operator("two", range(60, 110)), crowd()), CROWD)
    known = [Before(np.arange(70, 110), np.arange(70, 110)), Before(np.arange(30), np.arange(30))]
    clusters = find_clusters(table, known)
    carried = {cluster.carried: frozenset(cluster.accounts.tolist()) for cluster in clusters}
    assert carried == {0: frozenset(range(60, 110)), 1: frozenset(range(60))}


def test_a_known_set_that_holds_nothing_together_is_dropped():
    table = table_of(merged(operator("one", range(60)), crowd()), CROWD)
    scattered = np.arange(300, 1900, 160)
    clusters = find_clusters(table, [Before(scattered, scattered)])
    assert sets(clusters) == {frozenset(range(60))}
    assert [cluster.carried for cluster in clusters] == [None]


def test_users_of_the_operators_product_are_not_taken_in():
    """They have its text and its tools, which one has because of the other, and share nothing else with it."""
    product = (("system prompt", "harness"), ("tools", "harness"), ("user agent", "harness"))
    held = merged(operator("one", range(60), texts=0, shared=product), crowd())
    for key in product:
        held[key] = [*held[key], *range(400, 520)]
    assert set(grow(table_of(held, CROWD), np.arange(60)).accounts.tolist()) == set(range(60))


def test_of_a_known_cluster_that_falls_apart_the_side_with_its_core_continues_it():
    held = merged(operator("one", range(60)), operator("two", range(60, 150)), crowd())
    table = table_of(held | {("tools", "both"): range(150)}, CROWD)
    clusters = find_clusters(table, [Before(np.arange(150), np.arange(20))])
    assert {cluster.carried for cluster in clusters if len(cluster.accounts) == 60} == {0}
    assert sets(clusters) == {frozenset(range(60)), frozenset(range(60, 150))}


def test_what_a_known_cluster_touches_of_another_stays_with_the_other():
    """Most accounts of the second were bought where the first buys, so that the first grows into them."""
    second = operator("two", range(60, 160), cards=50, exits=50, shared=(("mail domain", "two"),))
    held = merged(operator("one", range(60)), second, {(kind, "sold"): range(130) for kind in SOLD}, crowd())
    members = [np.arange(60), np.arange(60, 160)]
    clusters = find_clusters(table_of(held, CROWD), [Before(accounts, accounts) for accounts in members])
    carried = {cluster.carried: cluster.accounts.tolist() for cluster in clusters}
    assert carried == {number: accounts.tolist() for number, accounts in enumerate(members)}


def along(accounts, lot, step):
    """Lots of accounts that overlap, the first beginning with the first account."""
    return [range(start, start + lot) for start in range(0, accounts - lot + 1, step)]


def handed_along(accounts):
    """An operator that deals cards, exits and texts along its accounts, so that none is held by all of them."""
    dealt = {"payment instrument": (20, 5), "network prefix": (20, 5), "text fragment": (60, 20)}
    return {
        (kind, f"operator {number}"): members
        for kind, (lot, step) in dealt.items()
        for number, members in enumerate(along(accounts, lot, step))
    }


def nobody():
    return np.zeros(CROWD, bool)


def test_a_cluster_that_is_known_outgrows_what_a_look_makes_of_it():
    table = table_of(merged(handed_along(100), crowd()), CROWD)
    seed = np.arange(20)
    assert len(grow(table, seed).accounts) < 100
    assert outgrown(table, seed, nobody()).accounts.tolist() == list(range(100))


def test_growth_that_meets_another_cluster_is_led_astray():
    table = table_of(merged(handed_along(100), crowd()), CROWD)
    elsewhere = nobody()
    elsewhere[99] = True
    assert outgrown(table, np.arange(20), elsewhere) is None
    elsewhere[99], elsewhere[1500] = False, True
    assert outgrown(table, np.arange(20), elsewhere) is not None


def test_growth_that_does_not_settle_in_time_is_led_astray():
    table = table_of(merged(handed_along(200), crowd()), CROWD)
    assert outgrown(table, np.arange(20), nobody()) is None


def test_what_falls_off_a_cluster_when_it_settles_is_no_part_of_it():
    held = merged(
        operator("one", range(60), shared=SELLER), operator("two", range(60, 110), shared=SELLER), crowd()
    )
    table = table_of(held, CROWD)
    assert len(settled(table, np.arange(20), nobody()).accounts) == 110
    assert outgrown(table, np.arange(20), nobody()).accounts.tolist() == list(range(60))


def test_a_set_that_holds_nothing_together_outgrows_nothing():
    table = table_of(merged(operator("one", range(60)), crowd()), CROWD)
    assert outgrown(table, np.arange(300, 1900, 160), nobody()) is None
    assert outgrown(table, np.zeros(0, np.int64), nobody()) is None
