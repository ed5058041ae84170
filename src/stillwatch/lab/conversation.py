"""What ordinary people send: chat, scripts with a system prompt of their own, and agents at work on their own projects."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import clients, people, work
from stillwatch.lab.arrays import Bools, Ints, Rng, choose, mixed
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.grammar import Frames
from stillwatch.lab.outcomes import outcome
from stillwatch.lab.people import People
from stillwatch.lab.requests import Columns, kept_where, request, table
from stillwatch.lab.world import World

REAL_SHARE = 0.05  # of first turns that are real chat prompts, where the data is present
ODD_SHARE = 0.05  # of first turns that ask for what campaigns ask for too
TOOLKITS = (
    ("bash", "read_file", "write_file"),
    ("search", "calculator", "calendar", "weather", "mail"),
    ("run_sql", "plot"),
    ("search", "lookup", "convert", "schedule", "send"),
    ("get_order", "refund", "create_ticket"),
    ("retrieve",),
    ("python",),
    ("web_search", "open_page"),
    ("create_event", "list_events"),
    ("get_customer", "update_customer", "send_mail"),
    ("translate", "detect_language"),
    ("spawn_agent", "wait", "merge"),
    ("screenshot", "click", "type", "scroll"),
    ("bash", "edit_file", "grep", "run_tests"),
)
_TOOLKITS = pa.array([list(kit) for kit in TOOLKITS], pa.list_(pa.string()))
_ODD = (
    "coding",
    "reasoning_traces",
    "tool_use",
    "data_analysis",
    "reward_modelling",
    "general",
    "censorship_safe_rewriting",
)
_SYSTEMS = Frames(
    (
        "You are a helpful assistant for {p}.",
        "You answer questions about {n} for {p}. Be concise.",
        "You work for {p}. Always {g}. Never mention {m}.",
        "Extract facts about {n} and return JSON.",
        "You are the {p} bot. If {s}, ask the user for details.",
        "Classify each message: {n}, {m} or other. Return one word.",
        "Act as an expert on {n}. Your readers want to {g}.",
        "Summarise the text below in {q} words for {p}.",
        "Think step by step before you answer. Domain: {n}.",
        "You are an autonomous agent for {p}. Use the tools. Goal: {g}.",
    )
)


def chatter(world: World, rng: Rng, crowd: People, calls: Calls) -> Columns:
    """Prompts and answers of ordinary conversation, each session on one of the account's fields."""
    voices, who = crowd.habits.voices, calls.who
    field = fields_of_sessions(rng, crowd, calls)
    steps = (rng.random(calls.size) < crowd.habits.steps[who]).astype(np.int64)
    first = pc.binary_join_element_wise(
        world.speech.ask(rng, voices, who, field, steps), world.speech.notes(rng, field, voices.seed[who]), ""
    )
    first = _sprinkled(world, rng, first, calls)
    later = world.speech.follow(rng, voices, who, field)
    return {
        "prompt": pc.if_else(pa.array(calls.turn == 1), first, later),
        "system": systems(world, crowd, calls, rng),
        "response": world.speech.answer(rng, field, mixed(calls.ts)),
        **toolkits(rng, crowd, calls),
    }


def fields_of_sessions(rng: Rng, crowd: People, calls: Calls) -> Ints:
    """Return the field each call is about: one of its account's three, the same within a session."""
    sessions = int(calls.session.max()) + 1 if calls.size else 0
    lot = choose(rng, (0.62, 0.26, 0.12), sessions)[calls.session]
    return crowd.habits.voices.fields[calls.who, lot]


def _sprinkled(world: World, rng: Rng, prompt: pa.Array, calls: Calls) -> pa.Array:
    """Return some first turns replaced by real chat, and by tasks of the kinds that campaigns harvest."""
    opened = calls.turn == 1
    real = world.library.texts("general")
    if real:
        rows = opened & (rng.random(calls.size) < REAL_SHARE)
        chosen = rng.integers(0, len(real), calls.size)
        prompt = pc.if_else(pa.array(rows), pa.array(real).take(pa.array(chosen)), prompt)
    rows = opened & (rng.random(calls.size) < ODD_SHARE)
    if rows.any():
        kinds = [work.items(world, rng, capability, 40 + int(rows.sum()) // 4) for capability in _ODD]
        pool = pa.concat_arrays(kinds)
        prompt = pc.if_else(
            pa.array(rows), pool.take(pa.array(rng.integers(0, len(pool), calls.size))), prompt
        )
    return prompt


def systems(world: World, crowd: People, calls: Calls, rng: Rng) -> pa.Array:
    """Return a system prompt of its own for about half of the API accounts."""
    voices = crowd.habits.voices
    own = world.speech.slots(rng, voices.fields[:, 0], voices.seed)
    lines = _SYSTEMS.fill(mixed(voices.seed, 31) % _SYSTEMS.size, own, world.speech.table)
    kept = ~clients.CHAT[crowd.habits.client] & (mixed(voices.seed, 32) % 2 == 0)
    return kept_where(kept, lines).take(pa.array(calls.who))


def toolkits(rng: Rng, crowd: People, calls: Calls) -> Columns:
    """Tools that about a fifth of the API accounts offer, with calls and results of their own ids."""
    seed = crowd.habits.voices.seed[calls.who]
    offered = ~clients.CHAT[crowd.habits.client[calls.who]] & (mixed(seed, 33) % 5 == 0)
    tools = _TOOLKITS.take(pa.array(mixed(seed, 34) % len(TOOLKITS), mask=~offered))
    return {"tools": tools, **tool_turns(rng, calls, offered, mixed(seed, calls.session))}


def tool_turns(rng: Rng, calls: Calls, offered: Bools, thread: Ints) -> Columns:
    """Return counts of tool calls and results, and the ids of `thread` that the client sends back in later turns."""
    called = offered & (rng.random(calls.size) < 0.7)
    resulted = offered & (calls.turn > 1)
    return {
        "n_tool_calls": pa.array(called.astype(np.int64)),
        "n_tool_results": pa.array(resulted.astype(np.int64)),
        "replayed_ids": call_ids(thread, calls.turn, resulted),
    }


def call_ids(thread: Ints, turn: Ints, sent: Bools) -> pa.Array:
    """Return the minted ids of the last two turns of a thread, for calls that send them back; empty lists elsewhere."""
    ids = [
        pa.array(np.char.add("call_", np.char.mod("%015x", mixed(thread, turn - back) % (1 << 60))))
        for back in (1, 2)
    ]
    flat = np.stack(
        [np.asarray(column.to_numpy(zero_copy_only=False), dtype=object) for column in ids], axis=1
    )
    counts = np.where(sent, np.minimum(turn - 1, 2), 0)
    wanted = np.arange(2)[None, :] < counts[:, None]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat[wanted].tolist(), pa.string()))


def exchanges(world: World, rng: Rng, crowd: People, calls: Calls, given: Columns | None = None) -> pa.Table:
    """Ordinary conversation of a crowd, with `given` columns in place of its own."""
    columns = request(world, rng, crowd, calls) | chatter(world, rng, crowd, calls) | (given or {})
    return table(columns | outcome(rng, columns), calls.size)


def customers(world: World, rng: Rng, pool: People, holder: Ints) -> People:
    """Other people who speak through accounts of `pool`; `holder` is the account each one uses."""
    crowd = people.draw(world, rng, len(holder), pool.cohort)
    crowd.account = {name: values[holder] for name, values in pool.account.items()}
    ours, theirs = crowd.habits, pool.habits
    for name in (
        "client", "agent", "ja4", "pathway", "home_asn", "home", "away_asn", "away", "away_share", "since", "until", "host", "model",
    ):  # fmt: skip
        setattr(ours, name, getattr(theirs, name)[holder])
    return crowd
