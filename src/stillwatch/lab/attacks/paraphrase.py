"""Paraphrase by rules: words for others of like meaning, articles dropped, the two sides of an "and" or "or" exchanged.

No model is asked. Rules reach the words they know; a paraphrase by a language model reaches every word and costs a call
for each answer.
"""

import numpy as np

from stillwatch.lab.arrays import Bools, Ints, Rng
from stillwatch.lab.attacking.harvest import Attacked, Harvest, TextAttack
from stillwatch.lab.students.vocabulary import END, UNKNOWN, Vocabulary

ALIKE = (
    ("return", "give"), ("returns", "gives"), ("returned", "given"), ("create", "make"), ("created", "made"), ("use", "employ"),
    ("used", "applied"), ("using", "with"), ("if", "when"), ("function", "method"), ("compute", "calculate"), ("computes", "calculates"),
    ("computed", "calculated"), ("number", "count"), ("value", "entry"), ("values", "entries"), ("element", "item"),
    ("elements", "items"), ("must", "should"), ("may", "can"), ("object", "instance"), ("objects", "instances"), ("list", "sequence"),
    ("default", "standard"), ("argument", "parameter"), ("arguments", "parameters"), ("given", "specified"), ("only", "just"),
    ("each", "every"), ("all", "any"), ("set", "assign"), ("get", "obtain"), ("type", "kind"), ("name", "label"), ("file", "path"),
    ("string", "text"), ("otherwise", "else"), ("also", "too"), ("than", "over"), ("first", "initial"), ("last", "final"),
    ("this", "that"), ("these", "those"), ("for", "of"), ("in", "within"), ("to", "into"), ("is", "was"), ("are", "were"),
    ("which", "that"), ("does", "will"), ("new", "fresh"), ("same", "equal"), ("size", "length"), ("see", "note"), ("array", "matrix"),
)  # fmt: skip
DROPPED = ("the", "a", "an")
JOINING = ("and", "or")


def run(harvest: Harvest, strength: float) -> Attacked:
    vocabulary, tokens = harvest.school.vocabulary, harvest.marked
    known = vocabulary.numbers()
    tokens, moved = sides_exchanged(
        tokens, [known[word] for word in JOINING if word in known], strength, harvest.rng
    )
    other = _others(vocabulary)[tokens]
    taken = (other != tokens) & (harvest.rng.random(len(tokens)) < strength)
    tokens = np.where(taken, other, tokens)
    articles = np.isin(tokens, [known[word] for word in DROPPED if word in known])
    gone = articles & (harvest.rng.random(len(tokens)) < strength)
    return Attacked(harvest.student(tokens[~gone]), changed=int((taken | moved | gone).sum()))


def _others(vocabulary: Vocabulary) -> Ints:
    """For each token, the one that may stand in its place; its own where none may."""
    known = vocabulary.numbers()
    table = np.arange(len(vocabulary), dtype=np.int64)
    for one, other in ALIKE:
        if one in known and other in known:
            table[known[one]] = known[other]
            table[known[other]] = known[one]
    return table


def sides_exchanged(tokens: Ints, joining: list[int], strength: float, rng: Rng) -> tuple[Ints, Bools]:
    """Tokens beside a joining word change places; and which places changed."""
    inner = np.zeros(len(tokens), np.bool_)
    inner[1:-1] = np.isin(tokens[1:-1], joining)
    places = np.flatnonzero(inner & (rng.random(len(tokens)) < strength))
    places = places[np.diff(places, prepend=-9) > 2]
    sides = np.stack([tokens[places - 1], tokens[places + 1]])
    places = places[(~np.isin(sides, [END, UNKNOWN])).all(axis=0)]
    out, moved = tokens.copy(), np.zeros(len(tokens), np.bool_)
    out[places - 1], out[places + 1] = tokens[places + 1], tokens[places - 1]
    moved[places - 1] = moved[places + 1] = True
    return out, moved


ATTACK = TextAttack("paraphrase by rules", "of what rules reach", (0.5, 1.0), run)
