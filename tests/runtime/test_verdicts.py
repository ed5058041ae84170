"""What gateways are told after a look, from suspects put on the docket by hand."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.campaigns.docket import Suspect
from stillwatch.campaigns.findings import HIGHEST_ODDS
from stillwatch.features.key import SketchKey
from stillwatch.linking.growth import Membership
from stillwatch.runtime.kin import Kin
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.told import SUSPICIOUS, Portrayed
from stillwatch.runtime.verdicts import verdicts

LOOKS = (100, 200, 300)
ACCOUNTS = 40


@pytest.fixture
def loop():
    made = Loop(SketchKey(b"k" * 32), fdr=0.01)
    made.ledger.codes(pa.array([f"a{number:02d}" for number in range(ACCOUNTS)]))
    made.looked_at = LOOKS[-1]
    made.heard = np.ones(ACCOUNTS, bool)
    return made


def cluster(codes, odds=5.0, firm=12.0):
    said = np.full(len(codes), float(odds))
    firm = np.broadcast_to(np.minimum(said, firm), len(codes))
    return Membership(np.array(codes), said, np.zeros(0, np.uint64), firm=firm)


def suspect(number, looks, *, opened_at=None, lately=9.0):
    """Of clusters at LOOKS; its accounts are those of the last."""
    last = looks[-1]
    return Suspect(
        number=number,
        accounts=last.accounts,
        log_odds=last.log_odds,
        looks=3,
        opened_at=opened_at,
        campaign_id=None if opened_at is None else f"campaign-{number:03d}",
        recent=list(zip(LOOKS, looks, strict=True)),
        lately=[lately],
    )


def told(loop):
    return {row["account_id"]: row for row in verdicts(loop, {"campaign-000": "coding"}).to_pylist()}


def test_before_the_first_look_nothing_is_told(loop):
    loop.heard = None
    assert verdicts(loop, {}).num_rows == 0


def test_an_account_that_only_an_earlier_look_was_sure_of_is_told_with_the_odds_of_then(loop):
    looks = [cluster(range(17), 3.0), cluster(range(16)), cluster(range(15))]
    loop.court.docket.suspects = [suspect(0, looks, opened_at=100)]
    rows = told(loop)
    assert sorted(rows) == [f"a{number:02d}" for number in range(17)]
    assert rows["a15"]["probability"] == pytest.approx(1 / (1 + np.exp(-5.0)))
    assert rows["a16"]["probability"] == pytest.approx(1 / (1 + np.exp(-3.0)))
    assert {row["state"] for row in rows.values()} == {"open"}
    assert {row["capability"] for row in rows.values()} == {"coding"}


def test_no_account_is_told_of_as_surer_than_looks_agree_on_it(loop):
    """One that two looks in three held, and one that came with the second and stayed."""
    looks = [cluster(range(16), 12.0), cluster([*range(15), 16], 12.0), cluster(range(17), 12.0)]
    found = suspect(0, looks, opened_at=100)
    found.joined = dict.fromkeys(range(16), 100) | {16: 200}
    loop.court.docket.suspects = [found]
    odds = {name: np.log(row["probability"] / (1 - row["probability"])) for name, row in told(loop).items()}
    assert odds.pop("a15") == pytest.approx(HIGHEST_ODDS * 2 / 3)
    assert list(odds.values()) == pytest.approx([HIGHEST_ODDS] * 16)


def test_no_account_is_told_of_as_surer_than_looks_were_firm_on_average(loop):
    firm = [np.full(15, 12.0), np.r_[7.5, np.full(14, 12.0)], np.r_[-3.0, 7.5, np.full(13, 12.0)]]
    looks = [cluster(range(15), 12.0, least) for least in firm]
    found = suspect(0, looks, opened_at=100)
    loop.court.docket.suspects = [found]
    odds = [np.log(row["probability"] / (1 - row["probability"])) for _, row in sorted(told(loop).items())]
    assert odds == pytest.approx([HIGHEST_ODDS * 2 / 3, (7.5 + 2 * HIGHEST_ODDS) / 3, *[HIGHEST_ODDS] * 13])


def test_an_account_that_no_look_was_sure_of_is_not_told(loop):
    looks = [cluster(range(20), 1.9), cluster(range(15)), cluster(range(15))]
    loop.court.docket.suspects = [suspect(0, looks, opened_at=100)]
    assert len(told(loop)) == 15


def test_an_account_stands_once_and_where_the_latest_looks_place_it(loop):
    campaign = suspect(0, [cluster(range(18)), cluster(range(15)), cluster(range(15))], opened_at=100)
    other = suspect(1, [cluster(range(15, 32))] * 3, opened_at=200)
    loop.court.docket.suspects = [campaign, other]
    rows = verdicts(loop, {})
    assert len(set(rows["account_id"].to_pylist())) == rows.num_rows == 32
    assert told(loop)["a16"]["campaign_id"] == "campaign-001"


def test_a_campaign_that_is_withdrawn_is_suspected_while_evidence_is_left(loop):
    withdrawn = suspect(0, [cluster(range(15))] * 3, opened_at=100, lately=SUSPICIOUS + 0.5)
    loop.court.docket.suspects = [withdrawn]
    assert {(row["campaign_id"], row["state"]) for row in told(loop).values()} == {
        ("campaign-000", "suspected")
    }
    withdrawn.lately = [SUSPICIOUS - 0.5]
    assert not told(loop)


def test_a_suspect_that_the_latest_look_did_not_see_is_not_told(loop):
    loop.court.docket.suspects = [suspect(0, [cluster(range(15))] * 3)]
    assert len(told(loop)) == 15
    loop.looked_at += 100
    assert not told(loop)


def with_kin(loop, *pairs):
    """Put suspects on the docket, each with kin given by code, odds and firmness."""
    suspects = [one for one, _ in pairs]
    kin = [
        Kin(
            np.array([*codes], np.int64),
            np.full(len(codes), odds),
            np.full(len(codes), firm),
            dict.fromkeys(codes, 250),
        )
        for _, (codes, odds, firm) in pairs
    ]
    loop.court.docket.suspects = suspects
    loop.portrayed = Portrayed(np.ones(ACCOUNTS, bool), suspects, [True] * len(suspects), [], kin)


def test_kin_of_a_campaign_are_suspected_and_told_since_they_were_found(loop):
    campaign = suspect(0, [cluster(range(15))] * 3, opened_at=100)
    with_kin(loop, (campaign, (range(20, 23), 5.0, 12.0)))
    rows = told(loop)
    assert {name: rows[name]["state"] for name in ("a14", "a20")} == {"a14": "open", "a20": "suspected"}
    kin = rows["a20"]
    assert (kin["campaign_id"], kin["since"], kin["accounts"], kin["capability"]) == (
        "campaign-000", 250, 15, "coding",
    )  # fmt: skip
    assert kin["probability"] == pytest.approx(1 / (1 + np.exp(-5.0)))


def test_no_kin_are_told_of_as_surer_than_they_are_firm(loop):
    campaign = suspect(0, [cluster(range(15))] * 3, opened_at=100)
    for firm, most in ((7.0, 7.0), (-2.0, 6.0), (30.0, HIGHEST_ODDS)):
        with_kin(loop, (campaign, ([20], 40.0, firm)))
        assert told(loop)["a20"]["probability"] == pytest.approx(1 / (1 + np.exp(-most)))


def test_who_has_a_row_of_its_own_has_none_as_kin(loop):
    first = suspect(0, [cluster(range(15))] * 3, opened_at=100)
    second = suspect(1, [cluster(range(15, 30))] * 3, opened_at=100)
    with_kin(loop, (first, ([20, 35], 9.0, 9.0)), (second, ([35], 9.0, 9.0)))
    rows = verdicts(loop, {})
    assert len(set(rows["account_id"].to_pylist())) == rows.num_rows == 31
    assert told(loop)["a20"]["campaign_id"] == "campaign-001"


def test_a_mixture_that_went_into_another_campaign_has_no_kin(loop):
    """Its accounts stand with the other, so that no row is left that the kin would be like."""
    campaign = suspect(0, [cluster(range(15))] * 3, opened_at=100)
    mixture = suspect(1, [cluster(range(15), 3.0)] * 3, opened_at=100)
    with_kin(loop, (campaign, ([], 9.0, 9.0)), (mixture, ([30], 9.0, 9.0)))
    assert set(told(loop)) == {f"a{number:02d}" for number in range(15)}


def test_kin_count_the_accounts_of_their_campaign_as_its_own_rows_do(loop):
    looks = [cluster(range(17)), cluster(range(15)), cluster(range(15))]
    with_kin(loop, (suspect(0, looks, opened_at=100), ([30], 9.0, 9.0)))
    assert {row["accounts"] for row in told(loop).values()} == {17}
