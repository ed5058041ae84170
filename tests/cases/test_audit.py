"""The log in a store: what was appended is proven, whatever the sizes of the batches."""

from base64 import b64decode

import pytest
import sqlalchemy as sql
from composed_campaigns import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.cases import api, audit
from stillwatch.cases.merkle import consistent, includes, leaf_hash, root_of
from stillwatch.cases.schema import entries
from stillwatch.records import UsageError


def drafts(count, first=0):
    return [
        api.Draft(kind="decision", by="gateway", decision_id=f"d-{first + at}", accounts=["acct-1"])
        for at in range(count)
    ]


def leaves(tenant):
    with tenant.reading() as connection:
        return [leaf_hash(entry.leaf.encode()) for entry in audit.read_entries(tenant, connection)]


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.integers(0, 900), min_size=1, max_size=4), data=st.data())
def test_proofs_over_any_batches(tmp_path_factory, batches, data):
    folder = tmp_path_factory.mktemp("audit")
    with api.open_store(f"sqlite:///{folder}/cases.db", clock=Clock()) as store:
        tenant = store.tenant()
        size = 0
        for batch in batches:
            with tenant.writing() as connection:
                assert audit.append_many(tenant, connection, drafts(batch, size)) == list(
                    range(size, size + batch)
                )
            size += batch
        own = leaves(tenant)
        assert len(own) == size
        if not size:
            return
        number = data.draw(st.integers(0, size - 1))
        old = data.draw(st.integers(0, size))
        with tenant.writing() as connection:
            proof = audit.prove(tenant, connection, number)
            path = audit.prove_consistency(tenant, connection, old, size)
        checkpoint = api.opened(proof.checkpoint, api.public_of(proof.public_key))
        assert (checkpoint.size, checkpoint.root) == (size, root_of(own))
        assert includes(number, size, own[number], [b64decode(one) for one in proof.hashes], checkpoint.root)
        assert consistent(old, size, root_of(own[:old]), checkpoint.root, path)


def test_a_large_log_is_proven_from_tiles(tenant):
    size = 70_000  # more than one tile of the second level
    with tenant.writing() as connection:
        audit.append_many(tenant, connection, drafts(size))
    own = leaves(tenant)
    root = root_of(own)
    for number in (0, 255, 256, 65_535, 65_536, size - 1):
        with tenant.writing() as connection:
            proof = audit.prove(tenant, connection, number)
        assert includes(number, size, own[number], [b64decode(one) for one in proof.hashes], root)
    for old in (1, 256, 65_536, 65_537, size - 1):
        with tenant.writing() as connection:
            path = audit.prove_consistency(tenant, connection, old, size)
        assert consistent(old, size, root_of(own[:old]), root, path)


def test_no_proof_of_what_is_not_there(tenant):
    with tenant.writing() as connection, pytest.raises(UsageError, match="has no entry 0"):
        audit.prove(tenant, connection, 0)


def test_a_transaction_that_fails_leaves_no_entry(tenant):
    def fails():
        with tenant.writing() as connection:
            audit.append_many(tenant, connection, drafts(3))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert leaves(tenant) == []


def test_a_leaf_names_no_account_and_quotes_nobody(tenant):
    with tenant.writing() as connection:
        draft = api.Draft(kind="note", by="ana", text="a word about acct-1", accounts=["acct-1"])
        audit.append_many(tenant, connection, [draft])
        leaf = connection.execute(sql.select(entries.c.leaf)).scalar_one()
    assert "acct-1" not in leaf
    assert "ana" in leaf
