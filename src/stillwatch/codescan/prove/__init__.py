"""Proof by run: the application is started behind walls, attacked as the finding says, and what arrives is looked at.

A finding whose payload arrives as it bites is proved. One whose inputs surely reach the sink, and whose payloads all
arrive harmless, is ruled out. Where nothing could be run nothing changes.
"""

from stillwatch.codescan.prove.proving import Evidence, Proofs, prove
from stillwatch.codescan.prove.walls import CannotRun, Ground

__all__ = ["CannotRun", "Evidence", "Ground", "Proofs", "prove"]
