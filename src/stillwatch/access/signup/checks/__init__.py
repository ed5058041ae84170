"""Every sign-up check in this folder, and every one installed beside it, by id.

A check says what is kept of a sign-up and how loud what is kept speaks, as a small number, its grade. What a grade
is worth is not its business: `baserates` judges it against the provider's own sign-ups.
"""

from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import ClassVar, Literal, Protocol

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake

Family = Literal["money", "contact", "device", "timing", "identity", "pathway"]
"""Checks of one family may see one and the same cause; their evidence is averaged, that of families multiplied."""


class Check(Protocol):
    """What a file in this folder defines; its module docstring is its user documentation."""

    id: ClassVar[str]
    family: ClassVar[Family]
    needs: ClassVar[frozenset[str]]  # columns of SIGNUPS without which it sees nothing
    grades: ClassVar[int]  # 0 is quiet
    weighs: ClassVar[bool]  # whether a grade is evidence; a rule of a programme is none
    counts: ClassVar[bool]  # whether it asks the history, which keeps its keys then
    asks: ClassVar[
        tuple[int, ...]
    ]  # level that a grade asks for whatever the evidence; the last holds beyond
    claim: ClassVar[str]

    def keep(self, intake: Intake) -> np.ndarray:
        """What is kept of each sign-up, uint64: a keyed hash where it counts; 0 where nothing can be said."""

    def grade(self, history: History) -> np.ndarray:
        """Grade of each sign-up of which something was kept, int8."""


def catalogue() -> dict[str, type[Check]]:
    """All checks by id."""
    here = [import_module(f"{__name__}.{module.name}").CHECK for module in iter_modules(__path__)]
    installed = [entry.load() for entry in entry_points(group="stillwatch.signup_checks")]
    return {check.id: check for check in [*here, *installed]}
