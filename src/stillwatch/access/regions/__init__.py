"""Is this account used from, or owned in, a place where the service is offered? A probability, with its evidence."""

from stillwatch.access.regions.activity import ACTIVITY, Gatherer
from stillwatch.access.regions.addresses import Addresses, described, open_addresses
from stillwatch.access.regions.judge import VERDICTS, judge
from stillwatch.access.regions.load import load
from stillwatch.access.regions.ranges import NO_RANGES, Ranges, read_ranges
from stillwatch.access.regions.rules import Exemption, Row, Rules, Span

__all__ = [
    "ACTIVITY",
    "NO_RANGES",
    "VERDICTS",
    "Addresses",
    "Exemption",
    "Gatherer",
    "Ranges",
    "Row",
    "Rules",
    "Span",
    "described",
    "judge",
    "load",
    "open_addresses",
    "read_ranges",
]
