"""Arrow schemas of the contract's records, derived from the classes in `wire`."""

from types import NoneType, UnionType
from typing import get_args, get_origin

import msgspec
import pyarrow as pa

from stillwatch.records.wire import Account, Event, Exchange, Micros, Turn

TIME = pa.timestamp("us", tz="UTC")

_ARROW: dict[object, pa.DataType] = {
    Micros: TIME,
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    list[str]: pa.list_(pa.string()),
    list[Turn]: pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
    dict[str, float]: pa.map_(pa.string(), pa.float64()),
}


def arrow_schema(record: type[msgspec.Struct]) -> pa.Schema:
    """The Arrow schema of a record class; optional fields are nullable, required ones are not."""
    fields = []
    for field in msgspec.structs.fields(record):
        optional = get_origin(field.type) is UnionType or NoneType in get_args(field.type)
        kept = next(t for t in get_args(field.type) if t is not NoneType) if optional else field.type
        fields.append(pa.field(field.name, _ARROW[kept], nullable=optional))
    return pa.schema(fields)


EXCHANGES = arrow_schema(Exchange)
ACCOUNTS = arrow_schema(Account)
EVENTS = arrow_schema(Event)
SCHEMAS = {"exchanges": EXCHANGES, "accounts": ACCOUNTS, "events": EVENTS}
