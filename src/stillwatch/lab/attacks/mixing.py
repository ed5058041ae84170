"""Mixing: the harvest is only so much of what the student learns; the rest is natural text."""

from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.students.vocabulary import stream


def run(harvest: Harvest, share: float) -> Attacked:
    whole = len(harvest.marked)
    size = round(share * whole)
    student = harvest.student(stream([harvest.some_marked(size), harvest.plain(whole - size)]))
    return Attacked(student, more=whole - size)


ATTACK = TextAttack("mixing", "marked share", (0.5, 0.2, 0.1, 0.05, 0.01), run)
