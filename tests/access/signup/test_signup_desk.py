"""The laws of the desk: batches, order, repeats and restarts change nothing; what a record lacks accuses nobody."""

import pickle
import random

import numpy as np
import pyarrow as pa
import pytest
from composed_signups import DAY, KEY, START, everyday, lot, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.access.signup import SignupDesk, Terms
from stillwatch.records import ACCOUNTS

PEOPLE, LOT = everyday(900), lot(40)
ROWS = PEOPLE + LOT
LAX = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def desk_of(*batches, terms=None):
    desk = SignupDesk(KEY, terms)
    for rows in batches:
        desk.observe(table(rows))
    return desk


def same(left, right):
    assert np.array_equal(left.grades, right.grades)
    assert np.array_equal(left.suggested_level, right.suggested_level)
    assert np.allclose(left.families, right.families, atol=1e-12)


@pytest.fixture(scope="module")
def whole():
    return desk_of(ROWS)


def test_a_lot_is_asked_for_more_and_people_are_not(whole):
    asked = whole.assess(table(LOT)).suggested_level
    assert (asked[10:] >= 2).all()
    assert asked[0] < asked[-1]
    assert (whole.assess(table(PEOPLE)).suggested_level > 0).mean() < 0.01


@LAX
@given(
    cuts=st.lists(st.integers(0, len(ROWS)), max_size=4),
    seed=st.integers(0, 99),
    repeated=st.integers(0, 200),
)
def test_batches_order_and_repeats_change_nothing(whole, cuts, seed, repeated):
    rows = random.Random(seed).sample(ROWS, len(ROWS))
    ends = sorted(cuts)
    pieces = [rows[a:b] for a, b in zip([0, *ends], [*ends, len(rows)], strict=True)]
    desk = SignupDesk(KEY)
    for piece in [*pieces, rows[:repeated]]:
        desk.observe(table(piece))
        desk.assess(table(piece[:3]))
    assert len(desk) == len(ROWS)
    same(desk.assess(table(ROWS)), whole.assess(table(ROWS)))


def test_an_assessment_does_not_know_what_comes_later(whole):
    ordered = sorted(ROWS, key=lambda row: row["created_at"])
    desk = SignupDesk(KEY)
    for first in range(0, len(ordered), 60):
        batch = table(ordered[first : first + 60])
        desk.observe(batch)
        live = desk.assess(batch)
        after = whole.assess(batch)
        # Sign-ups of one second know of each other, and a batch may end within a second.
        same(live, after)


def test_a_restart_changes_nothing(whole):
    desk = desk_of(ROWS[:500])
    desk.assess(table(ROWS[:20]))
    again = pickle.loads(pickle.dumps(desk))
    again.observe(table(ROWS[500:]))
    same(again.assess(table(ROWS)), whole.assess(table(ROWS)))


@LAX
@given(
    rows=st.lists(st.sampled_from([0, 5, 20, 39]), min_size=1, max_size=3, unique=True),
    missing=st.sets(st.sampled_from(sorted(set(LOT[0]) - {"account_id", "created_at"})), min_size=1),
)
def test_a_field_that_is_missing_never_raises_suspicion(rows, missing):
    others = PEOPLE + [row for number, row in enumerate(LOT) if number not in rows]
    chosen = [LOT[number] for number in rows]
    told, untold = desk_of(ROWS), desk_of(others + [row | dict.fromkeys(missing) for row in chosen])
    before, after = (desk.assess(table(chosen)) for desk in (told, untold))
    assert (after.posterior <= before.posterior + 1e-9).all()
    assert (after.suggested_level <= before.suggested_level).all()
    for finding in after.findings():
        assert finding.unseen


def test_the_first_version_of_an_account_is_its_sign_up():
    later = [
        row | {"valid_from": START + 41 * DAY, "payment_fp": "one", "device_id": "one"} for row in PEOPLE[:50]
    ]
    first = [row | {"valid_from": row["created_at"]} for row in PEOPLE[:50]]
    one, other = desk_of(PEOPLE[50:], later, first), desk_of(PEOPLE[50:] + first)
    same(one.assess(table(ROWS)), other.assess(table(ROWS)))


def test_one_that_was_not_observed_is_assessed_by_what_was():
    desk, seen = desk_of(PEOPLE, LOT[:-1]), desk_of(PEOPLE, LOT)
    same(desk.assess(table(LOT[-1:])), seen.assess(table(LOT[-1:])))
    assert len(desk) == len(ROWS) - 1


def test_a_record_without_a_time_is_judged_by_what_needs_none(whole):
    undated = [LOT[-1] | {"account_id": "undated", "created_at": None}]
    finding = next(whole.assess(table(undated)).findings())
    assert {one.check for one in finding.evidence} >= {"disposable_mail", "fleeting_payment"}
    assert {"device_reuse", "network_bursts"} <= set(finding.unseen)
    desk = desk_of(undated)
    assert (len(desk), desk.undated) == (0, 1)


def test_a_declared_organisation_is_one_customer():
    seats = [
        row | {"account_id": f"seat-{row['account_id']}", "org_id": "acme", "payment_kind": "invoice"}
        for row in lot(40, name="acme", email_domain="acme.test", mail_look="plain", phone_kind="fixed")
    ]
    assert desk_of(PEOPLE, seats).assess(table(seats)).suggested_level.max() == 0


def test_what_a_person_says_of_accounts_is_learned():
    """A school that numbers its mail names twice: cleared the first time, it is asked for less the second."""
    earlier, now = (
        lot(30, at=START + day * DAY, name=f"class-{day}", email_domain=f"school{day}.test", payment_fp=None)
        for day in (20, 36)
    )
    odds = {}
    for said in (True, None, False):
        desk = desk_of(PEOPLE, earlier, now)
        assert desk.learn([row["account_id"] for row in earlier] + ["unknown"], operators=said) == 30
        odds[said] = desk.assess(table(now)).log_evidence[-1]
    assert odds[False] < odds[None] - 1
    assert odds[False] < odds[True] - 1


def test_state_is_bounded_and_what_is_forgotten_is_not_missed():
    months = [
        row | {"created_at": row["created_at"] + month * 40 * DAY}
        for month in range(6)
        for row in (person | {"account_id": f"{person['account_id']}-{month}"} for person in PEOPLE[:300])
    ]
    kept, advanced = SignupDesk(KEY), SignupDesk(KEY)
    for first in range(0, len(months), 300):
        batch = months[first : first + 300]
        for desk in (kept, advanced):
            desk.observe(table(batch))
        advanced.advance(max(row["created_at"] for row in batch))
    assert len(kept) == 1_800
    assert len(advanced) < 800
    latest = [row for row in months if row["created_at"] > START + 239 * DAY]
    assert latest
    same(advanced.assess(table(latest)), kept.assess(table(latest)))
    advanced.observe(table(months[:10]))
    assert len(advanced) < 800


def test_names_change_nothing(whole):
    renamed = [
        row
        | {
            "account_id": f"x{row['account_id']}",
            "payment_fp": f"x{row['payment_fp']}",
            "device_id": f"x{row['device_id']}",
        }
        for row in ROWS
    ]
    same(desk_of(renamed).assess(table(renamed)), whole.assess(table(ROWS)))


def test_findings_say_what_was_seen_and_from_what_it_was_learned(whole):
    finding = next(whole.assess(table(LOT[-1:])).findings(at_level=1))
    assert finding.account_id == "lot-39"
    assert finding.suggested_level >= 2
    assert {"signup.card_reuse", "signup.device_reuse", "signup.disposable_mail"} <= set(finding.reasons)
    assert np.isclose(sum(finding.families.values()), finding.log_evidence)
    nats = [one.nats for one in finding.evidence]
    assert nats == sorted(nats, reverse=True)
    assert "in the 28 days before" in finding.evidence[0].source
    assert "identity_reuse" in finding.unseen


def test_an_empty_desk_knows_nothing():
    desk = SignupDesk(KEY, Terms(prior=0.02))
    assert len(desk.assess(ACCOUNTS.empty_table())) == 0
    finding = next(desk.assess(table(LOT[:1])).findings())
    assert finding.posterior == pytest.approx(0.02)
    assert finding.suggested_level == 0
    desk.observe(ACCOUNTS.empty_table())
    desk.advance(START)


def test_ids_times_and_texts_may_be_odd():
    rows = [
        {"account_id": "", "created_at": -5},
        {"account_id": "\x00", "created_at": 2**60, "signup_ip": "not an address", "email_domain": "@@"},
        {
            "account_id": "ünï",
            "created_at": 1,
            "kyc_level": -3,
            "identity_claims": -9,
            "payment_bin": "\u0000",
        },
    ]
    desk = SignupDesk(KEY)
    desk.observe(pa.Table.from_pylist(rows, schema=table([]).schema))
    assert len(desk.assess(table(rows))) == 3
