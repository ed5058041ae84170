"""Who is asking: places of accounts, beneficial owners, names on lists, and sign-ups, each measured on composed data."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell

PARTS = ("regions", "owners", "names", "signup")

Measured = tuple[Figures, Sequence[Floor], Sequence[Table]]


def measure(root: Path, tell: Tell, *, parts: Sequence[str] = PARTS, seed: int, quick: bool) -> Report:
    """Measure the parts one after the other. Raises InvalidConfiguration where the extra `access` is missing."""
    figures: Figures = {}
    floors: list[Floor] = []
    tables: list[Table] = []
    for part in parts:
        tell(f"measuring {part}")
        found, limits, shown = _measure(part)(tell, seed=seed, quick=quick, **_room(part, root))
        figures[part] = found
        floors += limits
        tables += shown
    return Report("access", figures, floors, [seed], tables)


def _measure(part: str) -> Callable[..., Measured]:
    """The module is imported here: some need packages of the extra, which `stillwatch --help` does without."""
    module = import_module(f"stillwatch.lab.benches.access_{part}")
    measured: Callable[..., Measured] = getattr(module, f"measure_{part}")
    return measured


def _room(part: str, root: Path) -> dict[str, Any]:
    return {"root": root} if part == "signup" else {}
