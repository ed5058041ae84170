"""Whether students that are really trained on marked answers are told from others, and how often others are accused.

One module for each kind of student, with a `measure` of the same form; a new kind is a new line of STUDENTS.
"""

from collections.abc import Callable, Sequence

from stillwatch.lab.benches import Floor, Report, Tell, radioactivity_counting
from stillwatch.lab.benches.radioactivity_part import Part

Measure = Callable[[Sequence[int], Tell, bool], Part]

STUDENTS: dict[str, Measure] = {"counting": radioactivity_counting.measure}


def measure(students: Sequence[str], seeds: Sequence[int], tell: Tell, *, quick: bool) -> Report:
    parts = {name: STUDENTS[name](seeds, tell, quick) for name in students}
    floors: list[Floor] = [floor for part in parts.values() for floor in part.floors]
    tables = [table for part in parts.values() for table in part.tables]
    return Report(
        "radioactivity", {name: part.figures for name, part in parts.items()}, floors, seeds, tables
    )
