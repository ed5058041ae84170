from types import SimpleNamespace

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detectors import catalogue
from stillwatch.features.groups import Groups
from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import COUNTRIES, Ledger
from stillwatch.records import ACCOUNTS, Account


def value(**facts):
    ledger = Ledger(SketchKey(b"k" * 32))
    rows = [msgspec.structs.asdict(Account(account_id="a", **facts))]
    ledger.add(pa.Table.from_pylist(rows, schema=ACCOUNTS))
    ledger.advance(1)
    measure = catalogue()["region_mismatch"]().measure(
        Groups.of([np.array([0])]), SimpleNamespace(ledger=ledger)
    )
    return measure.value[0]


def test_agreement_is_nothing_and_each_further_country_half():
    assert value(payment_country="FI", signup_country="FI", phone_country="FI") == 0
    assert value(payment_country="FI", signup_country="KE", phone_country="FI") == 0.5
    assert value(payment_country="FI", signup_country="KE", phone_country="NZ") == 1
    assert value(payment_country="FI", signup_country="KE", phone_country="NZ", declared_country="TH") == 1


def test_an_account_that_names_no_country_is_not_judged():
    assert np.isnan(value())


@given(
    st.dictionaries(st.sampled_from(COUNTRIES), st.sampled_from(["FI", "KE", "NZ"]), min_size=2), st.data()
)
def test_a_missing_fact_never_adds_a_country(facts, data):
    kept = dict(facts)
    del kept[data.draw(st.sampled_from(sorted(facts)))]
    assert value(**kept) <= value(**facts)


@given(st.permutations(["FI", "KE", "NZ"]))
def test_no_country_counts_more_than_another(names):
    one, other, third = names
    assert value(payment_country=one, signup_country=other, phone_country=third) == pytest.approx(1)
