"""A check of a regions file that is still being written: what a watch would say to it, and whom it leaves out."""

import time
from datetime import UTC, date, datetime
from typing import Annotated

import msgspec

from stillwatch.access.regions import Rules
from stillwatch.access.regions.load import parse
from stillwatch.records import InvalidConfiguration
from stillwatch.records.times import EPOCH, moment
from stillwatch.service.operation import Asked, Nothing, Operation

POSTED = "regions"  # what complaints name as the file
LARGEST = 100_000  # characters: a row for every country of the world takes a sixth of it
TURNS = 50  # days told on which something begins or ends


class PostedRegions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A regions file, as its text, and the day from which it is looked at: today, if it is not given."""

    regions: Annotated[str, msgspec.Meta(max_length=LARGEST)]
    at: date | None = None


class ServiceTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A later day on which service begins or ends in some places."""

    day: date
    begins: list[str]
    ends: list[str]


class LintedRegions(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a watch would take it, why not, what else a reader should know, and whom it leaves out."""

    usable: bool
    complaints: list[str]
    notes: list[str]
    supported: list[str]
    unsupported: list[str]
    turns: list[ServiceTurn]
    exemptions: int
    sha256: str | None


def lint(asked: Asked[Nothing, PostedRegions]) -> LintedRegions:
    now = time.time_ns() // 1000 if asked.body.at is None else _micros(asked.body.at)
    try:
        rules = parse(asked.body.regions.encode("utf-8", "surrogatepass"), POSTED, now=now)
    except InvalidConfiguration as error:
        return LintedRegions(
            usable=False,
            complaints=str(error).splitlines(),
            notes=[],
            supported=[],
            unsupported=[],
            turns=[],
            exemptions=0,
            sha256=None,
        )
    return LintedRegions(
        usable=True,
        complaints=[],
        notes=list(rules.notes),
        supported=list(rules.supported(now)),
        unsupported=list(rules.unsupported(now)),
        turns=_turns(rules, now),
        exemptions=len(rules.exemptions),
        sha256=rules.sha256,
    )


def _turns(rules: Rules, now: int) -> list[ServiceTurn]:
    told = []
    for turn in [turn for turn in rules.turns if turn > now][:TURNS]:
        before, after = set(rules.supported(turn - 1)), set(rules.supported(turn))
        if before != after:
            begins, ends = sorted(after - before), sorted(before - after)
            told.append(ServiceTurn(day=moment(turn).date(), begins=begins, ends=ends))
    return told


def _micros(day: date) -> int:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((at - EPOCH).total_seconds()) * 1_000_000


OPERATIONS = [
    Operation(
        name="lint_regions",
        method="POST",
        path="/access/regions/lint",
        scope="read",
        summary="Check a regions file as a watch does, and say whom it leaves out",
        run=lint,
        answer=LintedRegions,
        body=PostedRegions,
        body_bytes=1 << 20,
    ),
]
