"""Is this account used from, or owned in, a place where the service is offered? A probability, with its evidence."""

from stillwatch.access.regions.activity import ACTIVITY, Gatherer
from stillwatch.access.regions.addresses import Addresses, described, open_addresses
from stillwatch.access.regions.gazetteer import Gazetteer
from stillwatch.access.regions.judge import VERDICTS, judge
from stillwatch.access.regions.load import load
from stillwatch.access.regions.ranges import NO_RANGES, Ranges, read_ranges
from stillwatch.access.regions.rules import Exemption, Row, Rules, Span
from stillwatch.access.regions.sightings import PLACED, SIGHTINGS, placed, sightings, signed_up

__all__ = [
    "ACTIVITY",
    "NO_RANGES",
    "PLACED",
    "SIGHTINGS",
    "VERDICTS",
    "Addresses",
    "Exemption",
    "Gatherer",
    "Gazetteer",
    "Ranges",
    "Row",
    "Rules",
    "Span",
    "described",
    "judge",
    "load",
    "open_addresses",
    "placed",
    "read_ranges",
    "sightings",
    "signed_up",
]
