"""The typed records and error classes everything else speaks in; imports nothing of ours."""

from stillwatch.records.capability import CAPABILITIES
from stillwatch.records.errors import InvalidConfiguration, StillwatchError, UnreadableInput, UsageError
from stillwatch.records.finding import (
    FLAGS,
    MEMBERS,
    Alarm,
    Campaign,
    Claim,
    Findings,
    HappenedEvent,
    Interval,
    LogSummary,
    Share,
    SharedKey,
)
from stillwatch.records.rejection import Rejection
from stillwatch.records.schemas import ACCOUNTS, EVENTS, EXCHANGES, SCHEMAS, TIME, arrow_schema
from stillwatch.records.wire import Account, Event, Exchange, Micros, Turn

__all__ = [
    "ACCOUNTS",
    "CAPABILITIES",
    "EVENTS",
    "EXCHANGES",
    "FLAGS",
    "MEMBERS",
    "SCHEMAS",
    "TIME",
    "Account",
    "Alarm",
    "Campaign",
    "Claim",
    "Event",
    "Exchange",
    "Findings",
    "HappenedEvent",
    "Interval",
    "InvalidConfiguration",
    "LogSummary",
    "Micros",
    "Rejection",
    "Share",
    "SharedKey",
    "StillwatchError",
    "Turn",
    "UnreadableInput",
    "UsageError",
    "arrow_schema",
]
