"""Requests become records in which no address and no number stands."""

import pyarrow as pa
from composed_signups import KEY

from stillwatch.access.signup import SIGNUPS, SignupRequest, as_signups, signup_records
from stillwatch.features.key import SketchKey
from stillwatch.records import ACCOUNTS, Account

EMAIL, PHONE = "Ana.Liu4821@gmail.com", "+81 50 1234 5678"


def request(**given):
    return SignupRequest(account=Account(account_id="a-1", created_at=5), **given)


def test_neither_address_nor_number_is_kept():
    [row] = signup_records([request(email=EMAIL, phone=PHONE)], KEY).to_pylist()
    told = " ".join(str(value) for value in row.values()).casefold()
    assert not any(part in told for part in ("ana", "liu", "4821", "5012345678", "1234"))
    assert (row["email_domain"], row["mail_look"], row["phone_kind"], row["phone_country"]) == (
        "gmail.com",
        "numbered",
        "virtual",
        "JP",
    )


def test_what_is_kept_needs_the_key():
    first, again, other = (
        signup_records([request(email=EMAIL, phone=PHONE)], key).to_pylist()[0]
        for key in (KEY, KEY, SketchKey(b"o" * 32))
    )
    assert first == again
    for name in ("email_hash", "mailbox", "mail_shape", "mail_stem", "phone_hash"):
        assert first[name] != other[name]


def test_what_the_record_says_stands():
    account = Account(account_id="a-1", email_domain="firm.test", phone_hash="theirs")
    [row] = signup_records([SignupRequest(account=account, email=EMAIL, phone=PHONE)], KEY).to_pylist()
    assert (row["email_domain"], row["phone_hash"]) == ("firm.test", "theirs")


def test_a_carriers_word_goes_before_the_numbering_plan():
    [row] = signup_records([request(phone=PHONE, phone_kind="prepaid")], KEY).to_pylist()
    assert row["phone_kind"] == "prepaid"


def test_what_cannot_be_read_says_nothing():
    [row] = signup_records([request(email="nonsense", phone="nonsense")], KEY).to_pylist()
    assert all(row[name] is None for name in ("email_domain", "mail_look", "phone_kind", "phone_hash"))


def test_any_account_table_is_taken():
    plain = pa.table({"account_id": ["a-1"], "payment_bin": pa.array(["400000"]), "unknown": [1]})
    assert as_signups(plain).schema == SIGNUPS
    assert as_signups(ACCOUNTS.empty_table()).schema == SIGNUPS
