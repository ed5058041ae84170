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
from stillwatch.features.ledger import Ledger
from stillwatch.records import ACCOUNTS, Account

FIRM = Account(account_id="firm", org_id="a firm", payment_kind="invoice", kyc_level=3)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "org_id": st.just("own"),
        "payment_kind": st.sampled_from(["prepaid", "virtual", "credit"]),
        "kyc_level": st.integers(0, 4),
    },
)


def value(*others, **facts):
    ledger = Ledger(SketchKey(b"k" * 32))
    rows = [msgspec.structs.asdict(one) for one in (Account(account_id="a", **facts), *others)]
    ledger.add(pa.Table.from_pylist(rows, schema=ACCOUNTS))
    ledger.advance(1)
    scene = SimpleNamespace(ledger=ledger)
    return (
        catalogue()["throwaway_identity"]()
        .measure(Groups.of([np.array([ledger.lookup("a")])]), scene)
        .value[0]
    )


def test_each_lacking_commitment_is_a_third():
    assert value(FIRM, payment_kind="credit", kyc_level=2, org_id="own") == 0
    assert value(FIRM, payment_kind="credit", kyc_level=2) == pytest.approx(1 / 3)
    assert value(FIRM, payment_kind="virtual", kyc_level=1) == 1


def test_a_log_that_has_no_organisations_cannot_tell_who_lacks_one():
    assert value(payment_kind="prepaid", kyc_level=0) == pytest.approx(2 / 3)


@given(FACTS, st.sampled_from(["payment_kind", "kyc_level"]))
def test_a_missing_fact_never_speaks_against_an_account(facts, dropped):
    kept = {name: fact for name, fact in facts.items() if name != dropped}
    assert value(FIRM, **kept) <= value(FIRM, **facts)
