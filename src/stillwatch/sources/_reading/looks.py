"""A first look at a file: the names its records carry, and which kind of record that makes them."""

import re
from pathlib import PurePath

import msgspec

from stillwatch.records import SCHEMAS

_KEYS: "msgspec.json.Decoder[dict[str, msgspec.Raw]]" = msgspec.json.Decoder(dict[str, msgspec.Raw])
_QUOTED_KEY = re.compile(rb'"([A-Za-z_][A-Za-z0-9_.\-]{0,80})"\s*:')
LOOKED_AT = 20  # lines


def keys(head: bytes) -> set[str]:
    """Names of the top-level fields in the first lines.

    Where no line is whole JSON (the first is longer than what was read, or damaged), any quoted name counts.
    """
    return set(first_keys(head))


def first_keys(head: bytes) -> list[str]:
    """The same in the order in which they stand."""
    found: dict[str, None] = {}
    for line in head.split(b"\n")[:LOOKED_AT]:
        try:
            found |= dict.fromkeys(_KEYS.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
    return list(found or dict.fromkeys(name.decode() for name in _QUOTED_KEY.findall(head)))


def kind_by_name(name: str) -> str | None:
    """The kind of record that a file name announces, such as `exchanges-0001.jsonl.gz`."""
    return next((kind for kind in SCHEMAS if PurePath(name).name.startswith(kind)), None)


def kind_by_fields(fields: set[str]) -> str | None:
    """The kind of record with these fields; None for none of ours, our own output files among them."""
    if "campaign_id" in fields:
        return None
    if {"exchange_id", "ts", "account_id"} <= fields:
        return "exchanges"
    if {"ts", "kind"} <= fields:
        return "events"
    if "account_id" in fields and len(fields & set(SCHEMAS["accounts"].names)) > 1 and "ts" not in fields:
        return "accounts"
    return None
