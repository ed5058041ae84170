"""Whether students that are really trained on marked answers are told from others, and how often others are accused.

One module for each kind of student, with a `measure` of the same form; a new kind is a new line of STUDENTS. A student that
needs an extra stands in EXTRAS as well, and is imported when it is asked for.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from stillwatch.lab.benches import Floor, Report, Tell
from stillwatch.lab.benches.radioactivity_part import Part

Measure = Callable[[Sequence[int], Tell, bool], Part]

STUDENTS = {
    "counting": "stillwatch.lab.benches.radioactivity_counting",
    "transformer": "stillwatch.lab.benches.radioactivity_transformer",
}
EXTRAS = {"transformer": "torch"}  # students by the package that they need


def available() -> list[str]:
    """Students whose packages are installed."""
    return [name for name in STUDENTS if name not in EXTRAS or find_spec(EXTRAS[name]) is not None]


def measure(students: Sequence[str], seeds: Sequence[int], tell: Tell, *, quick: bool) -> Report:
    parts = {name: _measure_of(name)(seeds, tell, quick) for name in students}
    floors: list[Floor] = [floor for part in parts.values() for floor in part.floors]
    tables = [table for part in parts.values() for table in part.tables]
    return Report(
        "radioactivity", {name: part.figures for name, part in parts.items()}, floors, seeds, tables
    )


def _measure_of(student: str) -> Measure:
    found: Measure = import_module(STUDENTS[student]).measure
    return found
