"""What is known of accounts where levels are asked: one row each, from the watch, the regions, sign-up and verification."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

FACTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("created_at", pa.int64()),
        pa.field("exchanges", pa.int64(), nullable=False),  # in the latest 28 days
        pa.field("last_seen", pa.int64()),
        pa.field("level", pa.uint8()),  # proved; null is none
        pa.field("refused_at", pa.int64()),  # when a proof was last refused
        pa.field("model", pa.string()),  # that it mostly calls
        pa.field("region_outside", pa.float64()),  # probability
        pa.field("suggested_level", pa.uint8()),  # by the checks at sign-up
    ]
)
"""Nobody has to know all of it: a column that is missing or null leaves the account in the lowest band."""


def completed(facts: pa.Table) -> pa.Table:
    """Facts with every column of the schema, null where it was not given."""
    given = set(facts.column_names)
    columns = [
        facts[field.name].cast(field.type) if field.name in given else pa.nulls(len(facts), field.type)
        for field in FACTS
    ]
    return pa.table(columns, schema=FACTS)


def with_column(facts: pa.Table, name: str, accounts: Iterable[str], values: pa.Array) -> pa.Table:
    """Facts with a column from elsewhere, joined by account; accounts that are not named keep what they had."""
    at = pc.index_in(facts["account_id"], pa.array(list(accounts), pa.string()))
    field = FACTS.field(name)
    column = pc.coalesce(pc.take(values.cast(field.type), at), facts[name])
    return facts.set_column(FACTS.get_field_index(name), field, column)


def with_accounts(facts: pa.Table, accounts: pa.ChunkedArray) -> pa.Table:
    """Facts with a row for each of these accounts: one that came since they were gathered has nothing but its name."""
    missing = pc.unique(accounts.filter(pc.invert(pc.is_in(accounts, facts["account_id"]))))
    if not len(missing):
        return facts
    fresh = pa.table({"account_id": missing, "exchanges": pa.array([0] * len(missing), pa.int64())})
    return pa.concat_tables([facts, completed(fresh)])
