"""Names: lists of sanctioned persons that an operator gives, and customers whose names may be theirs."""

from stillwatch.access.names.lists import read_list
from stillwatch.access.names.matches import Customers, Match, match
from stillwatch.access.names.screen import LIKELY, Found, Screen, Word, weights
from stillwatch.access.names.spelling import Kind

__all__ = [
    "LIKELY",
    "Customers",
    "Found",
    "Kind",
    "Match",
    "Screen",
    "Word",
    "match",
    "read_list",
    "weights",
]
