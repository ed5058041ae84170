"""Names: lists of sanctioned persons that an operator gives, and customers whose names may be theirs."""

from stillwatch.access.names.screen import Found, Screen, Word, weights
from stillwatch.access.names.spelling import Kind

__all__ = ["Found", "Kind", "Screen", "Word", "weights"]
