"""Requests: calls become rows of the contract, column by column."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import clients, places
from stillwatch.lab.arrays import DAY, Bools, Ints, Rng, choose, mixed, opaque_strings
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.people import People
from stillwatch.lab.world import MODELS, NEW_MODELS, World
from stillwatch.records import EXCHANGES

TRUTH = pa.schema([("operator", pa.string()), ("capability", pa.string())])
EVERY_MODEL = (*MODELS, *NEW_MODELS)
Columns = dict[str, pa.Array]


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
    host = 1 + mixed(habits.host[who], calls.ts // DAY // 5, away.astype(np.int64)) % 254
    net = np.where(away, habits.away[who], habits.home[who])
    asn = np.where(away, habits.away_asn[who], habits.home_asn[who])
    sessions = int(calls.session.max()) + 1 if size else 0
    session = opaque_strings(rng, sessions, 16).take(pa.array(calls.session))
    keys = pa.array(
        np.stack([people.account["key_1"], people.account["key_2"]], axis=1).ravel().tolist(), pa.string()
    )
    return _settings(rng, people, calls) | {
        "ts": pa.array(calls.ts, pa.timestamp("us", tz="UTC")),
        "account_id": pa.array(people.account["account_id"].tolist(), pa.string()).take(pa.array(who)),
        "org_id": pa.array(people.account["org_id"].tolist(), pa.string()).take(pa.array(who)),
        "api_key_id": kept_where(~chat[who], keys.take(pa.array(who * 2 + (rng.random(size) < 0.15)))),
        "session_id": kept_where(chat[who] | (mixed(seed[who], 3) % 3 == 0), session),
        "conversation_id": kept_where(chat[who] | (mixed(seed[who], 4) % 4 == 0), session),
        "pathway": pa.array(habits.pathway.tolist(), pa.string()).take(pa.array(who)),
        "model": models(world, rng, habits.model[who], seed[who], calls.ts),
        "client_ip": places.address_text(net + host),
        "asn": pa.array(asn, mask=rng.random(size) < 0.02),
        "country": pa.array(places.COUNTRY_CODES.tolist()).take(
            pa.array(places.address_country(asn, net, habits.country[who]))
        ),
        "user_agent": pa.array(clients.AGENT_STRINGS).take(pa.array(habits.agent[who])),
        "ja4": pa.array(clients.JA4_STRINGS).take(pa.array(habits.ja4[who], mask=rng.random(size) < 0.04)),
        "accept_language": kept_where(
            chat[who], pa.array(_ACCEPTED).take(pa.array(habits.voices.language[who]))
        ),
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


def kept_where(kept: Bools, values: pa.Array) -> pa.Array:
    """Return the values where `kept`, null elsewhere."""
    return pc.if_else(pa.array(kept), values, pa.scalar(None, values.type))


def models(world: World, rng: Rng, preferred: Ints, seed: Ints, ts: Ints) -> pa.Array:
    """Return the model of each call: mostly the account's own; after a release some accounts move over, over weeks."""
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
    temperature = np.array([0.0, 0.2, 0.3, 0.5, 0.6, 0.7, 1.0])[mixed(seed, 22) % 7]
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
