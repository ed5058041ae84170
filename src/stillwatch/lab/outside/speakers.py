"""Who speaks in a conversation: a person, a program with templates, a mix of these, or an agent program."""

from collections.abc import Callable, Sequence
from random import Random

from stillwatch.lab.outside.person import Person, Saying
from stillwatch.lab.outside.tasks import Task
from stillwatch.lab.outside.wording.software import AGENT_TURNS

Conversation = Callable[[int], Saying]
"""What is said at a turn, from 0."""
Speaker = Callable[[], Conversation]
"""Begins a conversation."""


def chatting(person: Person) -> Speaker:
    return lambda: person.chat


def coding(person: Person) -> Speaker:
    return lambda: person.code


def templated(
    person: Person,
    templates: Sequence[str],
    task: Task | None = None,
    *,
    follow: bool = True,
    suffix: str = "",
) -> Speaker:
    """One template after the other; with `follow` later turns are mostly a person's follow-ups."""

    def say(turn: int) -> Saying:
        rng = person.rng
        if turn and follow and rng.random() < 0.7:
            return person.fill(rng.choice(person.follow_ups)) + suffix, None
        return person.fill(rng.choice(templates), task) + suffix, None

    return lambda: say


def mixed(rng: Random, *parts: tuple[int, Speaker]) -> Speaker:
    """One of several speakers for each conversation, by weight."""
    weights, speakers = [weight for weight, _ in parts], [speaker for _, speaker in parts]

    def begin() -> Conversation:
        return rng.choices(speakers, weights)[0]()

    return begin


def agentic(person: Person, speaker: Speaker) -> Speaker:
    """An agent program: later turns are mostly results of its tools."""

    def begin() -> Conversation:
        inner = speaker()

        def say(turn: int) -> Saying:
            if turn and person.rng.random() < 0.55:
                return person.fill(person.rng.choice(AGENT_TURNS)), None
            return inner(turn)

        return say

    return begin
