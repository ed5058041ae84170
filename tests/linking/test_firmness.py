import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from tables import merged, operator, table_of

from stillwatch.linking.firmness import firm_odds
from stillwatch.linking.growth import grow

CROWD = 2000
MEMBERS = 60
CUSTOMER = MEMBERS  # of the operator's sellers, and of nothing else
SURE = 8.5  # nats: what a refusal takes


def with_a_customer(*faint):
    """An operator, and an account that has its card, its exit and `faint` keys, and a text of its own."""
    keys = operator("one", range(MEMBERS))
    sold = [key for key in keys if key[0] != "text fragment" and key[1] == "one 0"]
    bought = {key: [*keys[key], CUSTOMER] for key in sold}
    everybody = {key: [*range(MEMBERS), *range(CUSTOMER, CUSTOMER + 400)] for key in faint}
    own = {("text fragment", "own"): [CUSTOMER, *range(1000, 1100)]}
    crowd = {("network prefix", f"home {n}"): range(200 + 7 * n, 207 + 7 * n) for n in range(250)}
    return table_of(merged({**keys, **bought}, everybody, own, crowd), CROWD)


def odds(table):
    grown = grow(table, np.arange(MEMBERS + 1))
    assert grown.accounts.tolist() == list(range(MEMBERS + 1))
    return grown.log_odds, firm_odds(table, grown.accounts)


def test_a_faint_mark_does_not_make_up_for_the_text_that_all_fellows_send():
    grown, firm = odds(with_a_customer(("text fragment", "hello"), ("referral", "advert")))
    assert grown[CUSTOMER] > firm[CUSTOMER] + 3


def test_who_has_what_fellows_have_loses_little():
    grown, firm = odds(with_a_customer(("text fragment", "hello"), ("referral", "advert")))
    np.testing.assert_allclose(firm[:MEMBERS], grown[:MEMBERS], atol=0.5)
    assert (firm[:MEMBERS] > SURE).all()


KEYS = st.tuples(
    st.sampled_from(("payment instrument", "user agent", "text fragment", "address")), st.integers(0, 9)
)


@given(st.dictionaries(KEYS, st.sets(st.integers(0, 299), min_size=2, max_size=60), max_size=12))
def test_no_account_is_firmer_than_it_is_likely(more):
    everybody = {("mail domain", "all"): range(300)}
    table = table_of(merged(operator("one", range(40)), more, everybody), 300)
    grown = grow(table, np.arange(40))
    again = grow(table, grown.accounts)
    assume(np.array_equal(again.accounts, grown.accounts))
    assert (firm_odds(table, again.accounts) <= again.log_odds + 1e-9).all()
