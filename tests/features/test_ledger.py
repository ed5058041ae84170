import pickle

import msgspec
import pyarrow as pa
from text import KEY

from stillwatch.features.ledger import HOUR, NEVER, Ledger
from stillwatch.records import ACCOUNTS, Account


def ledger(*accounts):
    made = Ledger(KEY)
    made.add(versions(*accounts))
    return made


def versions(*accounts):
    return pa.Table.from_pylist([msgspec.structs.asdict(one) for one in accounts], schema=ACCOUNTS)


def fact(made, name, field):
    return made.hashes[field].upto(len(made))[made.lookup(name)]


def test_codes_are_given_in_order_of_appearance_and_kept():
    made = ledger()
    assert made.codes(pa.array(["b", "a", "b"])).tolist() == [0, 1, 0]
    assert made.codes(pa.array(["c", "a"])).tolist() == [2, 1]
    assert made.lookup("never seen") is None
    assert len(made) == 3


def test_a_version_holds_from_its_time_on():
    made = ledger(
        Account(account_id="a", payment_kind="prepaid"),
        Account(account_id="a", payment_kind="credit", valid_from=10 * HOUR),
    )
    made.advance(10 * HOUR)
    assert fact(made, "a", "payment_kind") == made.hash_of("payment_kind", "prepaid")
    made.advance(10 * HOUR + 1)
    assert fact(made, "a", "payment_kind") == made.hash_of("payment_kind", "credit")


def test_of_versions_without_a_time_the_last_holds():
    made = ledger(Account(account_id="a", kyc_level=1), Account(account_id="a", kyc_level=3))
    made.advance(1)
    assert made.kyc_level.upto(1).tolist() == [3]


def test_countries_of_different_fields_can_be_compared():
    made = ledger(Account(account_id="a", payment_country="FI", phone_country="FI", signup_country="KE"))
    made.advance(1)
    assert (
        fact(made, "a", "payment_country")
        == fact(made, "a", "phone_country")
        != fact(made, "a", "signup_country")
    )
    assert fact(made, "a", "kyc_country") == 0


def test_what_is_not_said_is_unknown():
    made = ledger(Account(account_id="a"))
    made.codes(pa.array(["b"]))
    made.advance(1)
    assert made.known.upto(2)[[made.lookup("a"), made.lookup("b")]].tolist() == [True, False]
    assert made.created.upto(2).tolist() == [-1, -1]
    assert made.kyc_level.upto(2).tolist() == [-1, -1]
    assert not made.authorised.upto(2).any()


def test_bans_are_noted_from_events_and_from_records():
    made = ledger(
        Account(account_id="a", status="banned", status_at=5),
        Account(account_id="b", status="active", status_at=5),
    )
    made.advance(1)
    made.ban("b", 9)
    made.ban("b", 7)
    assert made.off_at.upto(2)[[made.lookup("a"), made.lookup("b")]].tolist() == [5, 7]
    made.unban("b")
    assert made.off_at.upto(2)[made.lookup("b")] == NEVER


def test_it_can_be_saved_with_versions_still_to_come():
    made = ledger(Account(account_id="a", kyc_level=2, valid_from=HOUR))
    made.advance(1)
    again = pickle.loads(pickle.dumps(made))
    again.advance(HOUR + 1)
    assert again.kyc_level.upto(1).tolist() == [2]
