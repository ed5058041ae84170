"""Each check by itself: what it keeps, what is loud for it, and the rules of programmes."""

import numpy as np
import pytest
from composed_signups import DAY, KEY, START, everyday, lot, table

from stillwatch.access.signup import FAMILIES, SIGNUPS, SignupDesk, Terms, catalogue
from stillwatch.access.signup import checks as folder

PEOPLE = everyday(600)
TERMS = Terms(
    disposable_mail=("drop.test",),
    lasting_mail=("mailinator.com",),
    academic_mail=("uni.test", "ac.uk"),
    public_mail=("gmail.com",),
    referral_limit=3,
)


def grades(rows, check, terms=TERMS):
    desk = SignupDesk(KEY, terms)
    desk.observe(table(PEOPLE + rows))
    found = desk.assess(table(rows))
    number = [one.id for one in found.checks].index(check)
    return found.grades[:, number].tolist(), found.suggested_level.tolist()


def one(**fields):
    return [{"account_id": "one", "created_at": START + 36 * DAY, **fields}]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_each_check_states_itself(name):
    check = catalogue()[name]
    said = __import__(f"{folder.__name__}.{name}", fromlist=["x"]).__doc__
    assert check.id == name
    assert check.family in FAMILIES
    assert check.needs <= set(SIGNUPS.names)
    assert check.grades >= 2
    assert all(0 <= level <= 4 for level in check.asks)
    for word in ("Sees:", "Cannot see:", "Benign work that trips it:"):
        assert word in said


@pytest.mark.parametrize(
    ("fields", "check", "grade"),
    [
        ({"email_domain": "drop.test"}, "disposable_mail", 1),
        ({"email_domain": "a.DROP.test"}, "disposable_mail", 1),
        ({"email_domain": "yopmail.com"}, "disposable_mail", 1),
        ({"email_domain": "mailinator.com"}, "disposable_mail", 0),
        ({"email_domain": "firm.test"}, "disposable_mail", 0),
        ({}, "disposable_mail", -1),
        ({"payment_kind": "virtual"}, "fleeting_payment", 1),
        ({"payment_kind": "invoice"}, "fleeting_payment", 0),
        ({"phone_kind": "prepaid"}, "phone_kinds", 1),
        ({"phone_kind": "mobile"}, "phone_kinds", 0),
        ({"mail_look": "random"}, "mail_names", 2),
        ({"identity_claims": 0}, "identity_reuse", 0),
        ({"identity_claims": 7}, "identity_reuse", 2),
        ({"programme": "edu", "email_domain": "cs.uni.test"}, "programme_mail", 0),
        ({"programme": "edu", "email_domain": "gmail.com"}, "programme_mail", 1),
        ({"programme": "research", "email_domain": "firm.test"}, "programme_mail", 1),
        ({"programme": "startup", "email_domain": "gmail.com"}, "programme_mail", 1),
        ({"programme": "startup", "email_domain": "firm.test"}, "programme_mail", 0),
        ({"email_domain": "gmail.com"}, "programme_mail", -1),
    ],
)
def test_what_a_record_says_by_itself(fields, check, grade):
    assert grades(one(**fields), check)[0] == [grade]


def test_a_rule_of_a_programme_asks_for_a_level_and_is_no_evidence():
    desk = SignupDesk(KEY, TERMS)
    desk.observe(table(PEOPLE))
    asked = desk.assess(table(one(programme="edu", email_domain="gmail.com")))
    plain = desk.assess(table(one(email_domain="gmail.com")))
    assert (asked.suggested_level.tolist(), plain.suggested_level.tolist()) == ([2], [0])
    assert np.array_equal(asked.families, plain.families)
    finding = next(asked.findings())
    assert finding.reasons == ["signup.programme_mail"]
    assert finding.evidence[0].source == "a rule of the programme"


def test_without_a_list_or_a_limit_there_is_no_rule():
    course = lot(12, programme="edu", referral="course-7", email_domain="gmail.com")
    assert grades(course, "programme_mail", Terms())[0] == [-1] * 12
    assert max(grades(course, "programme_referrals", Terms())[0]) == 0


def test_referrals_beyond_the_limit_are_asked_for_more():
    course = lot(14, programme="edu", referral="course-7", email_domain="uni.test", at=START + 36 * DAY)
    loud, level = grades(course, "programme_referrals")
    assert loud[:3] == [0] * 3
    assert loud[-1] >= 2
    assert level[-1] >= 2


def test_an_identity_has_one_programme_account():
    two = lot(2, programme="startup", identity_token="t", email_domain="firm.test", at=START + 36 * DAY)
    assert grades(two, "programme_identity")[0] == [0, 1]
    other = lot(2, identity_token="t", at=START + 36 * DAY)
    assert grades(other, "programme_identity")[0] == [-1, -1]


@pytest.mark.parametrize(
    ("check", "shared"),
    [
        ("card_reuse", {"payment_fp": "c"}),
        ("device_reuse", {"device_id": "d"}),
        ("phone_reuse", {"phone_hash": "p"}),
        ("mailbox_reuse", {"email_hash": "m"}),
        ("mailbox_reuse", {"mailbox": "m"}),
        ("bin_families", {"payment_bin": "519999", "payment_kind": "prepaid"}),
        ("network_reuse", {"signup_ip": "203.0.113.9"}),
        ("mail_shapes", {"mail_shape": "s"}),
        ("mail_stems", {"mail_stem": "s"}),
        ("bin_bursts", {"payment_bin": "519999", "payment_kind": "prepaid"}),
        ("network_bursts", {"signup_ip": "203.0.113.9"}),
        ("mail_domain_bursts", {"email_domain": "new.test"}),
        ("referral_bursts", {"referral": "new"}),
    ],
)
def test_what_many_share_gets_louder_from_one_to_the_next(check, shared):
    rows = [
        {"account_id": f"many-{number}", "created_at": START + 36 * DAY + number * 60_000_000, **shared}
        for number in range(30)
    ]
    loud, _ = grades(rows, check)
    assert loud[0] == 0
    assert loud[-1] >= 3
    assert loud == sorted(loud)
