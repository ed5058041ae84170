import numpy as np
import pytest

from stillwatch.campaigns.docket import FEWEST, Docket, look_weight
from stillwatch.linking.growth import Membership


def cluster(first, last, carried=None):
    accounts = np.arange(first, last)
    return Membership(accounts, np.full(len(accounts), 5.0), np.zeros(0, np.uint64), carried)


def entered(docket, *clusters, now=1):
    """Suspects of clusters, noted as a look does."""
    out = docket.match(list(clusters), docket.followed())
    for suspect, found in zip(out, clusters, strict=True):
        suspect.accounts, suspect.log_odds = found.accounts, found.log_odds
        suspect.recent = [*suspect.recent, (now, found)]
    return out


def test_weights_of_all_looks_sum_to_one_at_most():
    total = sum(look_weight(number) for number in range(1, 100_000))
    assert total == pytest.approx(1, abs=1e-3)
    assert total <= 1


def test_a_cluster_that_resembles_a_suspect_continues_it():
    docket = Docket(0.01)
    (first,) = entered(docket, cluster(0, 30))
    again, other = entered(docket, cluster(5, 40), cluster(100, 130), now=2)
    assert again is first
    assert other is not first


def test_what_a_cluster_was_carried_from_decides_before_resemblance():
    docket = Docket(0.01)
    first, second = entered(docket, cluster(0, 30), cluster(50, 90))
    found = docket.match([cluster(50, 80, carried=0), cluster(0, 20)], [second, first])
    assert found[0] is second
    assert found[1] is first


def test_a_suspect_is_continued_by_one_cluster_only():
    docket = Docket(0.01)
    (first,) = entered(docket, cluster(0, 60))
    larger, smaller = docket.match([cluster(0, 40), cluster(40, 60)], [])
    assert (larger is first) != (smaller is first)


def test_suspects_that_the_latest_look_did_not_see_are_not_looked_for():
    docket = Docket(0.01)
    seen, _ = entered(docket, cluster(0, 30), cluster(50, 90))
    entered(docket, cluster(0, 30), now=2)
    assert docket.followed() == [seen]


def test_a_cluster_that_was_never_weighed_is_not_among_those_tested():
    docket = Docket(0.01)
    small, large = entered(docket, cluster(0, FEWEST - 1), cluster(50, 90))
    docket.weigh(large, 20.0, 100)
    assert docket.tested() == [large]
    assert docket.rejected() == [large]
    assert small.best == -np.inf


def test_more_clusters_without_evidence_raise_what_is_needed():
    docket = Docket(0.01)
    suspects = entered(docket, *(cluster(100 * n, 100 * n + 20) for n in range(40)))
    docket.weigh(suspects[0], 8.0, 100)
    assert docket.rejected() == [suspects[0]]
    for suspect in suspects[1:]:
        docket.weigh(suspect, -np.inf, 100)
    assert docket.rejected() == []


def test_the_close_tests_what_the_latest_look_saw_without_the_price_of_looking():
    docket = Docket(0.01)
    gone, here = entered(docket, cluster(0, 30), cluster(50, 90))
    docket.weigh(gone, 20.0, 100)
    entered(docket, cluster(50, 90), now=2)
    for volume in (100, 200, 400, 800, 1600, 3200):
        docket.weigh(here, 6.0, volume)
    assert here not in docket.rejected()
    assert docket.closing() == [here]


def test_one_loud_look_among_five_is_not_taken_for_all_of_them():
    docket = Docket(0.01)
    (suspect,) = entered(docket, cluster(0, 30))
    for volume, log_e in enumerate((-np.inf, -np.inf, -np.inf, -np.inf, 6.0)):
        docket.weigh(suspect, log_e, 100 + volume)
    assert suspect.lately_mean == pytest.approx(6.0 - np.log(5))
    assert docket.closing() == []


def test_a_look_at_a_cluster_that_did_nothing_since_says_nothing_new():
    docket = Docket(0.01)
    (suspect,) = entered(docket, cluster(0, 30))
    docket.weigh(suspect, 3.0, 100)
    docket.weigh(suspect, 9.0, 100)
    assert suspect.lately == [3.0]
