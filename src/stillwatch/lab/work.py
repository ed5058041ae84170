# ruff: noqa: RUF001  (the punctuation of other languages is meant)
"""The work queue of a harvest: items of each capability without repeats, from real prompts and from grammars."""

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Ints, Rng, opaque
from stillwatch.lab.grammar import Frames
from stillwatch.lab.world import World

DATA_SHARE = 0.6  # of the items that come from real prompts while these last

ITEM_FRAMES: dict[str, tuple[str, ...]] = {
    "reasoning_traces": (
        "{p} has {q} crates of {n} and sells {q2} of them a day. After {q3} days {q4} more arrive. How many are left, given that {s}?",
        "A plan for {n} costs {q}{q2} a month, and {m} saves {q3} percent. After how many months does it pay off if {s}?",
        "Prove or refute: whenever {s}, it is possible to {g} with at most {q} changes to {n}.",
        "{q} people share {n} and {q2} share {m}; {q3} share both. How many share neither among {q4}{q}?",
        "If {n} takes {q} hours and {m} takes {q2}, how long do both take together when {s}?",
    ),
    "agentic_reasoning": (
        "In /srv/{p}/{q}, find every file about {n}, count lines that mention {m}, and {g}. Note that {s}.",
        "The service {p} fails: {s}. Inspect the logs of {n}, form a hypothesis, test it and {g}.",
        "Set up {n} for the user {p}, check {m}, and report what changed in {q} lines.",
    ),
    "tool_use": (
        "Book {n} for {p} on day {q}, unless {s}; then notify {q2} people about {m}.",
        "Look up {n}, convert the result to {q} units and schedule {m} before {q2} o'clock.",
        "Find the price of {n} for {q} people, compare with {m}, and send the cheaper one to {p}.",
    ),
    "coding": (
        "In module {p}.{q}, {n} breaks because {s}. The fix must {g} and must not touch {m}.",
        "Write a library that models {n} and {m} for {p}; it has to {g}. Cover the case that {s}.",
        "Refactor the class {p}{q} that handles {n}: {s}. Keep the public interface, {g}.",
    ),
    "orchestration": (
        "{q} workers are available. One studies {n}, another {m}; {s}. The team has to {g} for {p}.",
        "Split the project {p} ({n}, {m}) over {q} agents with budgets of {q2} calls each so that they {g}, although {s}.",
    ),
    "data_analysis": (
        "Table {p}_{q} holds {n} by week. Which weeks deviate most from {m}, given that {s}?",
        "From {q}{q2} rows about {n}, estimate the effect of {m} and {g}.",
    ),
    "computer_use": (
        "Open the settings of {p}, switch {n} to option {q}, and export {m}.",
        "In the web shop {p}, put {q} of {n} into the cart, apply code {p2}{q2} and {g}.",
    ),
    "vision": (
        "The picture shows {n} beside {m}. Count what is visible in the {q}th row and say whether {s}.",
        "Chart {q} of {p}: read off the values for {n} and {m}.",
    ),
    "reward_modelling": (
        "Prompt: how to {g} with {n} if {s}.\nResponse: {p} suggests {m} first and {q} checks after that.\nRubric: correct, complete, safe.",
        "Response A for {n}: begin with {m}.\nResponse B: wait {q} days, since {s}.\nCriterion: which one helps to {g}?",
    ),
    "censorship_safe_rewriting": (
        "Why was the protest about {n} in {p} not reported for {q} days?",
        "Who decided that newspapers may not print about {n} when {s}?",
        "Which officials in {p} profited from {n}, and why may nobody ask about {m}?",
        "{p}市{q}年前关于{n}的请愿为什么没有结果？",
    ),
    "task_synthesis": (
        "Environment: {n} in the world of {p}. Write a task with an automatic checker that rewards agents who {g} while {s}. Seed {q}{q2}.",
        "Design {q} graded variants of a task on {n} and {m}; each needs a verifier and a reference solution. Seed {p}{q2}.",
    ),
    "data_curation": (
        "<trace id={p}{q}>step 1: look at {n}; step 2: since {s}, try {m}; step 3: {g}; final: {q2}</trace>",
        "<record {q}{q2}> user: {n}? assistant thinks: maybe {m}, {s} ... assistant: {g} </record {p}>",
    ),
    "general": (
        "Explain {n} to {p} in {q} sentences; {s}.",
        "What would you ask about {n} if you had to {g}?",
    ),
}
STEP_FRAMES = (
    "Tool result ({p}): exit {q}, {q2} lines. {n} is present, {m} is missing.",
    "Observation: {s}. Output saved to /tmp/{p}{q}.",
    "OK, next step. Result of the last call: {p}={q}; status={m}",
    "stdout: {q} passed, {q2} failed ({n})",
)


def items(world: World, rng: Rng, capability: str, count: int, language: int = 0) -> pa.Array:
    """`count` distinct items: shuffled real prompts first, the rest from grammars, in random order."""
    real = world.library.texts(capability)
    taken = [real[i] for i in rng.permutation(len(real))[: int(count * DATA_SHARE)]]
    made = _made(world, rng, ITEM_FRAMES[capability], count - len(taken), language)
    both = pa.concat_arrays([pa.array(taken, pa.string()), made])
    return both.take(pa.array(rng.permutation(len(both))))


def steps(world: World, rng: Rng, count: int) -> pa.Array:
    """Return what an agent loop sends back in later turns: results of tools, mostly distinct."""
    return fill_any(world, rng, Frames(STEP_FRAMES), count, 0)


def captured_ids(world: World, owner: str, count: int) -> pa.Array:
    """Ids that were minted for others and captured; the same for the same owner."""
    return pa.array(opaque(world.rng("captured", owner), count, "rs_"), pa.string())


def _made(world: World, rng: Rng, frames: tuple[str, ...], count: int, language: int) -> pa.Array:
    compiled = Frames(frames)
    kept = pa.array([], pa.string())
    while len(kept) < count:
        more = fill_any(world, rng, compiled, count + 64, language)
        kept = pc.unique(pa.concat_arrays([kept, more]))
    return kept[:count]


def fill_any(world: World, rng: Rng, frames: Frames, count: int, language: int) -> pa.Array:
    """Sentences on any field of a language, without habits."""
    ids = world.speech.fields_of[language]
    field = ids[rng.integers(0, len(ids), count)]
    slots: dict[str, Ints] = world.speech.slots(rng, field, rng.integers(0, 1 << 40, count), 0.0)
    for name in ("q2", "q3", "q4", "p2"):
        slots[name] = rng.permutation(slots[name[0]])
    return frames.fill(rng.integers(0, frames.size, count), slots, world.speech.table)
