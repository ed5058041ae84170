"""Beneficial ownership: what share of an entity leads back to given owners, and what rules say to it."""

from stillwatch.access.ownership.decide import ANSWERS, Outcome, Read, Ruling, decide, ruling
from stillwatch.access.ownership.graph import Graph, Trouble, build
from stillwatch.access.ownership.holdings import Facts, Holdings, read_facts, read_holdings
from stillwatch.access.ownership.rules import SHIPPED, Rule, load

__all__ = [
    "ANSWERS",
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
    "load",
    "read_facts",
    "read_holdings",
    "ruling",
]
