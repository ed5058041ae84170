"""Substitution: some tokens are replaced by others as frequent in the harvest, whatever they meant."""

from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.students.vocabulary import END


def run(harvest: Harvest, share: float) -> Attacked:
    tokens = harvest.marked.copy()
    words = tokens[tokens != END]
    chosen = (harvest.rng.random(len(tokens)) < share) & (tokens != END)
    many = int(chosen.sum())
    tokens[chosen] = harvest.rng.choice(words, many)
    return Attacked(harvest.student(tokens), changed=many)


ATTACK = TextAttack("substitution", "tokens replaced", (0.1, 0.3, 0.5), run)
