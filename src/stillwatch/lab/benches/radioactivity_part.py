"""What each kind of student adds to the bench of radioactivity."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.table import Table

from stillwatch.lab.benches import Figures, Floor


class Part(NamedTuple):
    """Figures under the student's name, floors and tables of its own."""

    figures: Figures
    floors: Sequence[Floor]
    tables: Sequence[Table]
