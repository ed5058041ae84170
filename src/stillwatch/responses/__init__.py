"""Graded counter-measures: each file of this folder is one step of the ladder, and says whom it harms."""

from stillwatch.responses._acting.buckets import Buckets, LocalBuckets
from stillwatch.responses._acting.catalogue import catalogue
from stillwatch.responses._acting.interface import (
    Context,
    EventFilter,
    Facilities,
    Refusal,
    Response,
    Setting,
    Treatment,
)
from stillwatch.responses._acting.refusals import error_body
from stillwatch.responses._acting.shared_buckets import SharedBuckets
from stillwatch.responses._acting.treat import edits_answers, event_filters, justified, treat, treat_answer

__all__ = [
    "Buckets",
    "Context",
    "EventFilter",
    "Facilities",
    "LocalBuckets",
    "Refusal",
    "Response",
    "Setting",
    "SharedBuckets",
    "Treatment",
    "catalogue",
    "edits_answers",
    "error_body",
    "event_filters",
    "justified",
    "treat",
    "treat_answer",
]
