"""Where each exchange comes from, and each sign-up, without the address: all that is kept of one where regions are judged."""

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.addresses import Addresses
from stillwatch.access.regions.languages import first_language
from stillwatch.access.regions.ranges import NO_RANGES, Ranges
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed, network_of
from stillwatch.records import ACCOUNTS, EXCHANGES, TIME

PLACED = pa.schema([("place", pa.string()), ("listed", pa.bool_()), ("tag", pa.string())])
SIGHTINGS = pa.schema(
    [
        ("account_id", pa.string()),
        ("ts", TIME),
        ("prefix", pa.uint64()),  # keyed, 0 unknown
        ("asn", pa.int64()),  # -1 unknown
        ("listed", pa.bool_()),  # the address or its network is in a range that hides its users
        ("place", pa.string()),  # what the source says, else what address data do
        ("tag", pa.string()),  # the language asked for first, `ll` or `ll-RR`
    ]
)
"""What a `Gatherer` takes. A sketch has these columns too, where the run was told of regions."""
SIGNUP_LISTED = pa.field("signup_listed", pa.bool_())  # beside schema ACCOUNTS: what `signed_up` adds


def placed(
    exchanges: pa.RecordBatch | pa.Table, addresses: Addresses | None, ranges: Ranges
) -> pa.RecordBatch:
    """Of each exchange where it comes from (schema PLACED); columns of EXCHANGES that are absent count as unknown."""
    address, said = _column(exchanges, "client_ip"), _column(exchanges, "country")
    asn = pc.fill_null(_column(exchanges, "asn"), -1).to_numpy(zero_copy_only=False)
    columns = [
        _located(said, address, addresses),
        pa.array(ranges.holds(address, asn)),
        first_language(_column(exchanges, "accept_language")),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=PLACED)


def sightings(
    exchanges: pa.RecordBatch | pa.Table,
    key: SketchKey,
    *,
    addresses: Addresses | None = None,
    ranges: Ranges = NO_RANGES,
) -> pa.RecordBatch:
    """Exchanges as sightings (schema SIGHTINGS), for whoever has no sketches of them."""
    where = placed(exchanges, addresses, ranges)
    columns = {
        "account_id": _column(exchanges, "account_id"),
        "ts": _column(exchanges, "ts"),
        "prefix": pa.array(keyed(network_of(_column(exchanges, "client_ip")), "prefix", key)),
        "asn": pc.fill_null(_column(exchanges, "asn"), -1),
        **{name: where.column(name) for name in PLACED.names},
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in SIGHTINGS.names], schema=SIGHTINGS)


def signed_up(
    accounts: pa.RecordBatch | pa.Table, *, addresses: Addresses | None = None, ranges: Ranges = NO_RANGES
) -> pa.Table:
    """Account records with their sign-up address put to use and taken out: `signup_country` and `signup_listed`."""
    table = pa.Table.from_batches([accounts]) if isinstance(accounts, pa.RecordBatch) else accounts
    address = _column(table, "signup_ip", ACCOUNTS)
    asn = pc.fill_null(_column(table, "signup_asn", ACCOUNTS), -1).to_numpy(zero_copy_only=False)
    found = {
        "signup_country": _located(_column(table, "signup_country", ACCOUNTS), address, addresses),
        SIGNUP_LISTED.name: pa.array(ranges.holds(address, asn)),
    }
    kept = table.drop_columns([name for name in (*found, "signup_ip") if name in table.schema.names])
    for name, column in found.items():
        kept = kept.append_column(name, column)
    return kept


def _located(said: pa.Array, address: pa.Array, addresses: Addresses | None) -> pa.Array:
    """The place that is said, else that of the address."""
    if addresses is None:
        return said
    unsaid = pc.and_(pc.is_null(said), pc.is_valid(address))
    asked = pc.if_else(unsaid, address, None).dictionary_encode()
    found = pa.array(addresses.places(asked.dictionary.to_pylist()), pa.string())
    return pc.coalesce(said, found.take(asked.indices))


def _column(batch: pa.RecordBatch | pa.Table, name: str, schema: pa.Schema = EXCHANGES) -> pa.Array:
    """A column in one piece, of the contract's type; null where the batch has none."""
    kind = schema.field(name).type
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, kind)
    column = batch.column(name)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(kind)
