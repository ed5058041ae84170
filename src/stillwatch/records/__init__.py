"""The typed records and error classes everything else speaks in; imports nothing of ours."""

from stillwatch.records.capability import CAPABILITIES
from stillwatch.records.cohort import cohort_of
from stillwatch.records.decision import (
    STEPS,
    Call,
    Decision,
    Outcome,
    Route,
    State,
    Step,
    TakenDecision,
    Verdict,
)
from stillwatch.records.errors import (
    Interrupted,
    InvalidConfiguration,
    NotThere,
    StillwatchError,
    UnreadableInput,
    UsageError,
)
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
from stillwatch.records.notice import Notice
from stillwatch.records.rejection import Rejection
from stillwatch.records.schemas import ACCOUNTS, EVENTS, EXCHANGES, SCHEMAS, TIME, arrow_schema
from stillwatch.records.standing import STANDINGS, Limit, Standing, Terms
from stillwatch.records.text import clean
from stillwatch.records.times import micros_of, rfc3339
from stillwatch.records.wire import Account, Event, Exchange, Micros, Turn

__all__ = [
    "ACCOUNTS",
    "CAPABILITIES",
    "EVENTS",
    "EXCHANGES",
    "FLAGS",
    "MEMBERS",
    "SCHEMAS",
    "STANDINGS",
    "STEPS",
    "TIME",
    "Account",
    "Alarm",
    "Call",
    "Campaign",
    "Claim",
    "Decision",
    "Event",
    "Exchange",
    "Findings",
    "HappenedEvent",
    "Interrupted",
    "Interval",
    "InvalidConfiguration",
    "Limit",
    "LogSummary",
    "Micros",
    "NotThere",
    "Notice",
    "Outcome",
    "Rejection",
    "Route",
    "Share",
    "SharedKey",
    "Standing",
    "State",
    "Step",
    "StillwatchError",
    "TakenDecision",
    "Terms",
    "Turn",
    "UnreadableInput",
    "UsageError",
    "Verdict",
    "arrow_schema",
    "clean",
    "cohort_of",
    "micros_of",
    "rfc3339",
]
