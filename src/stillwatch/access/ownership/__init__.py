"""Beneficial ownership: what share of an entity leads back to given owners, and what rules say to it."""

from stillwatch.access.ownership.asked import met, of_entities
from stillwatch.access.ownership.decide import ANSWERS, Outcome, Read, Ruling, decide, ruling
from stillwatch.access.ownership.graph import Graph, Trouble, build
from stillwatch.access.ownership.holdings import (
    ENTITY,
    HOLDING,
    Facts,
    Holdings,
    facts_of,
    holdings_of,
    read_facts,
    read_holdings,
)
from stillwatch.access.ownership.rules import SHIPPED, Rule, load

__all__ = [
    "ANSWERS",
    "ENTITY",
    "HOLDING",
    "SHIPPED",
    "Facts",
    "Graph",
    "Holdings",
    "Outcome",
    "Read",
    "Rule",
    "Ruling",
    "Trouble",
    "build",
    "decide",
    "facts_of",
    "holdings_of",
    "load",
    "met",
    "of_entities",
    "read_facts",
    "read_holdings",
    "ruling",
]
