"""Times as text: RFC 3339 in UTC, from microseconds since 1970 and back."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def rfc3339(micros: int) -> str:
    """`2026-03-02T04:10:00.000000Z`: always six digits, so that text order is time order."""
    return moment(micros).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def micros_of(text: str) -> int:
    """The inverse of `rfc3339`; raises ValueError on other text."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)
