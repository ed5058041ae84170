"""Requests and their outcomes: calls become rows of the contract, column by column."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import clients, places
from stillwatch.lab.arrays import Bools, DAY, Ints, Rng, choose, mixed, opaque, opaque_strings, texts
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.grammar import Frames
from stillwatch.lab.people import People, draw
from stillwatch.lab.world import MODELS, NEW_MODELS, World
from stillwatch.records import EXCHANGES

TRUTH = pa.schema([("operator", pa.string()), ("capability", pa.string())])
EVERY_MODEL = (*MODELS, *NEW_MODELS)
Columns = dict[str, pa.Array]
ERRORS = {400: "invalid_request_error", 429: "rate_limit_error", 500: "api_error"}
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
    )
)


@dataclass
class Slice:
    """Some accounts with all their exchanges; what one plug-in hands over at a time."""

    people: People
    exchanges: pa.Table  # columns of EXCHANGES and of TRUTH
    events: list[dict[str, object]]


def table(columns: Columns, size: int) -> pa.Table:
    """Columns of the contract and of the truth as one table; what is not given is null."""
    schema = pa.schema([*EXCHANGES, *TRUTH])
    arrays = [
        columns[name].cast(kind) if name in columns else pa.nulls(size, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=schema.names)


def request(world: World, rng: Rng, people: People, calls: Calls) -> Columns:
    """Identity, network, model and settings of each call, from the habits of its account."""
    habits, who = people.habits, calls.who
    size, seed = calls.size, habits.voices.seed
    away = rng.random(size) < habits.away_share[who]
    chat = clients.CHAT[habits.client]
    host = 1 + mixed(seed[who], calls.ts // DAY // 5, away.astype(np.int64)) % 254
    sessions = int(calls.session.max()) + 1 if size else 0
    session = opaque_strings(rng, sessions, 16).take(pa.array(calls.session))
    keys = pa.array(opaque(rng, people.size * 2, "key_", 12))
    settings = _settings(rng, people, calls)
    return settings | {
        "ts": pa.array(calls.ts, pa.timestamp("us", tz="UTC")),
        "account_id": pa.array(people.account["account_id"].tolist(), pa.string()).take(pa.array(who)),
        "org_id": pa.array(people.account["org_id"].tolist(), pa.string()).take(pa.array(who)),
        "api_key_id": _where(~chat[who], keys.take(pa.array(who * 2 + (rng.random(size) < 0.15)))),
        "session_id": _where(chat[who] | (mixed(seed[who], 3) % 3 == 0), session),
        "conversation_id": _where(chat[who] | (mixed(seed[who], 4) % 4 == 0), session),
        "pathway": pa.array(habits.pathway.tolist(), pa.string()).take(pa.array(who)),
        "model": models(world, rng, habits.model[who], seed[who], calls.ts),
        "client_ip": places.address_text(np.where(away, habits.away[who], habits.home[who]) + host),
        "asn": pa.array(
            np.where(away, habits.away_asn[who], habits.home_asn[who]), mask=rng.random(size) < 0.02
        ),
        "country": pa.array(places.COUNTRY_CODES.tolist()).take(pa.array(habits.country[who])),
        "user_agent": pa.array(clients.AGENT_STRINGS).take(pa.array(habits.agent[who])),
        "ja4": pa.array(clients.JA4_STRINGS).take(pa.array(habits.ja4[who], mask=rng.random(size) < 0.04)),
        "accept_language": _where(chat[who], pa.array(_ACCEPTED).take(pa.array(habits.voices.language[who]))),
    }


_ACCEPTED = (
    "en-US,en;q=0.9",
    "zh-CN,zh;q=0.9",
    "ja,en;q=0.7",
    "es-ES,es;q=0.9",
    "de-DE,de;q=0.9",
    "fr-FR,fr;q=0.9",
    "pt-BR,pt;q=0.9",
)


def _where(kept: Bools, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(kept), values, pa.scalar(None, values.type))


def models(world: World, rng: Rng, preferred: Ints, seed: Ints, ts: Ints) -> pa.Array:
    """The model of each call: mostly the account's own; after a release some accounts move over, over weeks."""
    chosen = np.where(rng.random(len(ts)) < 0.85, preferred, choose(rng, (0.4, 0.45, 0.15), len(ts)))
    for number, release in enumerate(world.releases):
        eager = (mixed(seed, 40 + number) % 1000) / 1000
        patience = 1 + 60 * eager**2
        moved = (ts - release.ts > patience * DAY) | ((ts > release.ts) & (rng.random(len(ts)) < 0.03))
        chosen = np.where(moved & (preferred % 2 == number), len(MODELS) + number, chosen)
    return pa.array(EVERY_MODEL).take(pa.array(chosen))


def _settings(rng: Rng, people: People, calls: Calls) -> Columns:
    seed = people.habits.voices.seed[calls.who]
    chat = clients.CHAT[people.habits.client][calls.who]
    size = calls.size
    limits = np.array([256, 512, 1024, 2048, 4096, 8192])[mixed(seed, 21) % 6]
    temperature = np.array([0.0, 0.2, 0.3, 0.7, 1.0])[mixed(seed, 22) % 5]
    efforts = pa.array(["low", "medium", "high", None])
    return {
        "n_turns": pa.array(calls.turn),
        "n_images": pa.array(((mixed(seed, 23) % 12 == 0) & (rng.random(size) < 0.3)).astype(np.int64)),
        "n_tool_calls": pa.array(np.zeros(size, dtype=np.int64)),
        "n_tool_results": pa.array(np.zeros(size, dtype=np.int64)),
        "max_tokens": pa.array(limits, mask=chat),
        "temperature": pa.array(temperature, mask=chat | (mixed(seed, 24) % 3 == 0)),
        "n_choices": pa.array(np.ones(size, dtype=np.int64), mask=chat),
        "stream": pa.array(chat | (mixed(seed, 25) % 2 == 0)),
        "reasoning_effort": efforts.take(pa.array(mixed(seed, 26) % 4)),
    }


def chatter(world: World, rng: Rng, people: People, calls: Calls) -> Columns:
    """Prompts and answers of ordinary conversation, each session on one of the account's fields."""
    voices, who = people.habits.voices, calls.who
    sessions = int(calls.session.max()) + 1 if calls.size else 0
    lot = choose(rng, (0.62, 0.26, 0.12), sessions)[calls.session]
    field = voices.fields[who, lot]
    steps = (rng.random(calls.size) < people.habits.steps[who]).astype(np.int64)
    first = world.speech.ask(rng, voices, who, field, steps)
    later = world.speech.follow(rng, voices, who, field)
    prompt = pc.if_else(pa.array(calls.turn == 1), first, later)
    return {
        "prompt": prompt,
        "system": systems(world, rng, people, calls),
        "response": world.speech.answer(rng, field, mixed(calls.ts)),
    }


def systems(world: World, rng: Rng, people: People, calls: Calls) -> pa.Array:
    """A system prompt of its own for about half of the API accounts."""
    voices = people.habits.voices
    own = world.speech.slots(rng, voices.fields[:, 0], voices.seed)
    lines = _SYSTEMS.fill(mixed(voices.seed, 31) % _SYSTEMS.size, own, world.speech.table)
    kept = ~clients.CHAT[people.habits.client] & (mixed(voices.seed, 32) % 2 == 0)
    return _where(kept, lines).take(pa.array(calls.who))


def outcome(rng: Rng, columns: Columns, *, errors: float = 0.02) -> Columns:
    """Usage, status and latency that fit the texts; failed calls have no answer."""
    size = len(columns["prompt"])
    letters = (
        pc.fill_null(pc.utf8_length(columns["prompt"]), 0).to_numpy()
        + pc.fill_null(pc.utf8_length(columns.get("system", pa.nulls(size, pa.string()))), 0).to_numpy()
    )
    turn = columns["n_turns"].to_numpy()
    tokens_in = (letters / 4.1 + 8 + (turn - 1) * rng.gamma(2, 160, size)).astype(np.int64)
    tokens_out = np.maximum(rng.lognormal(5.3, 0.9, size), 4).astype(np.int64)
    thinking = pc.fill_null(pc.equal(columns["reasoning_effort"], "high"), fill_value=False).to_numpy(
        zero_copy_only=False
    )
    status = np.array([200, 429, 500, 400])[
        choose(rng, (1 - errors, errors * 0.55, errors * 0.25, errors * 0.2), size)
    ]
    failed = status != 200
    limit = pc.fill_null(columns["max_tokens"], 1 << 20).to_numpy()
    finish = np.where(tokens_out >= limit, "length", "stop").astype(object)
    errors_named = texts([None, *ERRORS.values()])[np.searchsorted([200, *ERRORS], status)]
    out = np.minimum(tokens_out, limit)
    return {
        "tokens_in": pa.array(tokens_in),
        "tokens_out": pa.array(np.where(failed, 0, out)),
        "tokens_reasoning": pa.array(
            np.where(failed, 0, thinking * rng.lognormal(6, 0.7, size)).astype(np.int64)
        ),
        "tokens_cached": pa.array((tokens_in * (rng.random(size) < 0.2) * 0.6).astype(np.int64)),
        "http_status": pa.array(status),
        "error_type": pa.array(errors_named.tolist(), pa.string()),
        "finish_reason": pa.array(np.where(failed, None, finish).tolist(), pa.string()),
        "latency_ms": pa.array(
            np.round(np.where(failed, 80.0, 350.0 + out * 14.0) * rng.lognormal(0, 0.25, size), 1)
        ),
        "response": _where(~failed & (rng.random(size) > 0.02), columns["response"]),
    }


def customers(world: World, rng: Rng, pool: People, holder: Ints) -> People:
    """Other people who speak through accounts of `pool`; `holder` is the account each one uses."""
    crowd = draw(world, rng, len(holder), pool.cohort)
    crowd.account = {name: values[holder] for name, values in pool.account.items()}
    ours, theirs = crowd.habits, pool.habits
    for name in (
        "client",
        "agent",
        "ja4",
        "pathway",
        "home_asn",
        "home",
        "away_asn",
        "away",
        "away_share",
        "since",
        "until",
        "country",
    ):
        setattr(ours, name, getattr(theirs, name)[holder])
    return crowd
