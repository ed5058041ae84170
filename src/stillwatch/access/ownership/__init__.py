"""Beneficial ownership: what share of an entity leads back to given owners, and what rules say to it."""

from stillwatch.access.ownership.decide import ANSWERS, Outcome, Ruling, decide, ruling
from stillwatch.access.ownership.graph import Graph, Trouble, build
from stillwatch.access.ownership.holdings import Facts, Holdings, read_facts, read_holdings
from stillwatch.access.ownership.rules import Rule, load

__all__ = [
    "ANSWERS",
    "Facts",
    "Graph",
    "Holdings",
    "Outcome",
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
