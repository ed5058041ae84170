"""Clean training afterwards: natural text, so many times the harvest, is learned after it.

A student that counts forgets nothing by itself. It is made to: of what it learned from the harvest, half is gone after as
much other text again. How fast a neural student forgets is not known from this.
"""

from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.students.vocabulary import stream

HALF_LIFE = 1.0  # of what was learned, in hauls of other text; assumed


def run(harvest: Harvest, times: float) -> Attacked:
    whole = len(harvest.marked)
    left = round(whole * 0.5 ** (times / HALF_LIFE))
    more = round(times * whole)
    return Attacked(harvest.student(stream([harvest.some_marked(left), harvest.plain(more)])), more=more)


ATTACK = TextAttack("clean training afterwards", "times the harvest", (0.5, 1.0, 3.0), run)
