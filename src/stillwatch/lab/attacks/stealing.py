"""Stealing: which tokens a mark raises is estimated from the harvest, and undone (`attacking.thief`)."""

from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.attacking.thief import neutralised


def run(harvest: Harvest, unmarked: float) -> Attacked:
    left = neutralised(harvest, unmarked)
    return Attacked(harvest.student(left.tokens), changed=left.changed, calls=left.changed, more=left.more)


ATTACK = TextAttack("stealing", "unmarked answers at hand, in hauls; 0: natural text", (0.0, 0.2, 1.0), run)
