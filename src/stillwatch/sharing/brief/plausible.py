"""Whether figures of a result can be figures at all: a file from elsewhere may say anything."""

from collections.abc import Iterator
from pathlib import Path

from stillwatch.records import Campaign, LogSummary, UnreadableInput

MOST = 10**18  # of anything that is counted
LATEST = 253_370_764_800_000_000  # 9999-01-01, in microseconds


def check(path: Path, log: LogSummary, campaigns: list[Campaign]) -> None:
    """Raises UnreadableInput with the first figure that cannot be one."""
    for name, value, most in [*_of_log(log), *(part for one in campaigns for part in _of_campaign(one))]:
        if not 0 <= value <= most:  # what is no number is not between them either
            raise UnreadableInput(f"{path}: {name} cannot be {str(value)[:40]}")


def _of_log(log: LogSummary) -> Iterator[tuple[str, float, float]]:
    for field in ("exchanges", "accounts", "rejected", "clusters_tested"):
        yield f"log.{field}", getattr(log, field), MOST
    yield "log.fdr", log.fdr, 1
    for field in ("first_ts", "last_ts"):
        yield f"log.{field}", getattr(log, field) or 0, LATEST
    for event in log.events:
        yield "the time of an event", event.ts, LATEST


def _of_campaign(one: Campaign) -> Iterator[tuple[str, float, float]]:
    for field in ("accounts", "exchanges", "tokens_in", "tokens_out"):
        yield field, getattr(one, field), MOST
    for field in ("first_seen", "last_seen", "detected_at"):
        yield field, getattr(one, field), LATEST
    yield "fdr", one.fdr, 1
    for share in one.capabilities:
        yield "the share of a capability", share.share, 1
    for interval in one.timeline:
        yield "the start of an interval", interval.start, LATEST
        yield "the exchanges of an interval", interval.exchanges, MOST
