"""Timestamps of STIX and TAXII, and microseconds since 1970."""

import re

from stillwatch.records import Micros, micros_of

STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z")
DIGITS = 6  # more are cut: two versions within a microsecond are one


def instant(text: object) -> Micros | None:
    """The microseconds of an RFC 3339 timestamp in UTC; None where it is none."""
    found = STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    fraction = (found[2] or "")[:DIGITS].ljust(DIGITS, "0")
    try:
        return Micros(micros_of(f"{found[1]}.{fraction}Z"))
    except ValueError:  # a day or hour that no calendar has
        return None
