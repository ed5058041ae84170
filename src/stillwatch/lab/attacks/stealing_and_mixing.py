"""Stealing and mixing: the mark is estimated from the whole harvest and undone, and then only a share of it is learned from.

The thief's reference is natural text, of which it also has the rest.
"""

from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.attacking.thief import neutralised
from stillwatch.lab.students.school import shuffled
from stillwatch.lab.students.vocabulary import stream


def run(harvest: Harvest, share: float) -> Attacked:
    left = neutralised(harvest, 0.0)
    whole = len(left.tokens)
    size = round(share * whole)
    student = harvest.student(stream([shuffled(left.tokens, size, harvest.rng), harvest.plain(whole - size)]))
    return Attacked(student, changed=left.changed, calls=left.changed, more=max(left.more, whole - size))


ATTACK = TextAttack("stealing and mixing", "marked share", (0.5, 0.2, 0.05), run)
