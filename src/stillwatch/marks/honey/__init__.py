"""Honey material: made-up, harmless entries and tools that only suspects are shown, and that nobody else can know.

They are made by a secret and committed to beforehand: the list of hashes is published before any is served. A
model that repeats one was trained on what a suspect was served; that the entry was made before, anybody can check.
"""

from stillwatch.marks.honey.canaries import BITS, Canary, canary, salt
from stillwatch.marks.honey.commitments import Commitments, commit, load_commitments, opens, write_commitments
from stillwatch.marks.honey.emitted import Emission, emitted
from stillwatch.marks.honey.pot import Pot, assigned, load_pot, pot_of

__all__ = [
    "BITS",
    "Canary",
    "Commitments",
    "Emission",
    "Pot",
    "assigned",
    "canary",
    "commit",
    "emitted",
    "load_commitments",
    "load_pot",
    "opens",
    "pot_of",
    "salt",
    "write_commitments",
]
