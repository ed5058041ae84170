"""Requests without fixed wording: what a capability asks for, phrased anew for every item."""

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Rng
from stillwatch.lab.people import People

_LEADS = (
    "", "", "", "Hi, ", "Right, ", "So: ", "Next one. ", "Here is something I am stuck on. ", "Could you look at this? ", "A small thing: ",
    "For my notes, ", "When you have a moment: ", "I keep coming back to this. ", "This came up today. ", "Another case. ", "Let us try this. ",
)  # fmt: skip
_TAILS = (
    "", "", "", "", " Thank you.", " No hurry.", " I like detail.", " Plain text is fine.", " Use numbered lines.", " I will read all of it.",
    " Write as you think.", " Longer is better than shorter.", " Keep the order in which it occurred to you.", " Cheers.",
)  # fmt: skip
_WISHES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "reasoning_traces": (
        (
            "show me",
            "write down",
            "let me see",
            "take me through",
            "spell out",
            "give me",
            "note",
            "lay out",
            "unfold",
            "describe",
        ),
        (
            "how you arrive at the result",
            "each thought on the way",
            "the whole path to the answer",
            "what you consider and drop",
            "every intermediate step",
            "why each step follows",
            "the thinking behind the solution",
            "your working, start to end",
        ),
    ),
    "reward_modelling": (
        ("score", "judge", "rate", "mark", "weigh up", "give points to", "assess"),
        (
            "the reply against what was asked",
            "which of these holds up better",
            "how well this meets the criteria",
            "the quality, one point at a time",
            "this and say what is missing",
            "it out of ten, with reasons",
        ),
    ),
    "coding": (
        ("write", "build", "code up", "put together", "draft", "implement"),
        (
            "a version that works, with tests",
            "the change and why",
            "this properly, edge cases included",
            "the files I need",
            "a clean solution",
            "something I can run",
        ),
    ),
}
_ANY = (
    ("work through", "handle", "take care of", "solve", "carry out", "do", "plan and finish", "look after"),
    (
        "this and say how you decided",
        "the whole task, step by step",
        "it as you would yourself",
        "what is described",
        "this one with your reasons",
        "the following completely",
    ),
)


def worded(rng: Rng, capability: str, item: pa.Array) -> pa.Array:
    """Each item with a wish for the capability, before or after it, never in one fixed form."""
    verbs, objects = _WISHES.get(capability, _ANY)
    size = len(item)
    wish = _joined(_pick(rng, verbs, size), " ", _pick(rng, objects, size))
    before = _joined(
        _pick(rng, _LEADS, size),
        _pick(rng, ("please ", "can you ", "", "", "I'd like you to ", "would you "), size),
        wish,
    )
    form = rng.integers(0, 3, size)
    ahead = _joined(before, _pick(rng, (": ", ":\n", ".\n\n", " - "), size), item)
    behind = _joined(item, _pick(rng, ("\n", "\n\n", " "), size), before, ".")
    told = pc.if_else(pa.array(form == 0), behind, ahead)
    return _joined(told, _pick(rng, _TAILS, size))


def systems(rng: Rng, pool: People) -> pa.Array:
    """Return a system prompt of its own for each account, or none."""
    size = pool.size
    role = _pick(
        rng,
        ("You help with", "Your work is", "You are good at", "Assist the user with", "Support me in"),
        size,
    )
    what = _pick(
        rng,
        (
            "technical questions",
            "study problems",
            "all sorts of tasks",
            "office work",
            "projects",
            "homework",
        ),
        size,
    )
    how = _pick(
        rng, (".", ", carefully.", " and explain well.", "; be thorough.", ", in full sentences."), size
    )
    line = _joined(role, " ", what, how)
    return pc.if_else(pa.array(rng.random(size) < 0.5), line, pa.scalar(None, pa.string()))


def _pick(rng: Rng, values: tuple[str, ...], size: int) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(rng.integers(0, len(values), size)))


def _joined(*columns: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*columns, "")


__all__ = ["systems", "worded"]
