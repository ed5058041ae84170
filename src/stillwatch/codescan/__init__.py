"""Finds vulnerabilities in Python code bases, proves them, and suggests patches; it stands alone.

Nothing here imports the rest of Stillwatch, and only the command line reaches it.
"""

from stillwatch.codescan.finding import Entry, Finding, Input, Location, Proof, Step

__all__ = ["Entry", "Finding", "Input", "Location", "Proof", "Step"]
