"""Relay an operator's own users through a pool: real conversations whose turns fall on whichever account is free (S23-S25)."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import conversation, harvest, paraphrase, people, requests
from stillwatch.lab.arrays import Ints, Rng, choose, mixed
from stillwatch.lab.arrivals import Calls, spread
from stillwatch.lab.operators.plan import Operator, Relay
from stillwatch.lab.outcomes import outcome
from stillwatch.lab.people import People
from stillwatch.lab.vocabulary import LANGUAGES
from stillwatch.lab.world import World


def exchanges(world: World, rng: Rng, operator: Operator, pool: People, jobs: Calls) -> pa.Table:
    """One conversation a job, each turn by the account that is free then; ids minted for one return under another."""
    assert operator.relayed is not None
    plan = operator.relayed
    users = _users(world, rng, plan, pool)
    speaker = rng.integers(0, users.size, jobs.size)
    sizes = np.minimum(rng.geometric(1 / operator.tasks[0].steps, jobs.size), 15)
    turns = spread(rng, jobs.who, jobs.ts, sizes, pool.habits.until)
    spoken = Calls(speaker[turns.session], turns.ts, turns.session, turns.turn)
    passed = Calls(_free_account(rng, pool, turns), turns.ts, turns.session, turns.turn)
    columns = requests.request(world, rng, pool, passed) | conversation.chatter(world, rng, users, spoken)
    agentic = (mixed(turns.session, 17) % 1000) / 1000 < plan.harness_share
    if operator.paraphrases:
        columns["system"] = paraphrase.systems(rng, pool).take(pa.array(passed.who))
    else:
        columns["system"] = pc.if_else(pa.array(agentic), plan.harness, pa.scalar(None, pa.string()))
    kits = pa.array([list(conversation.TOOLKITS[-1])]).take(
        pa.array(np.zeros(turns.size, dtype=np.int64), mask=~agentic)
    )
    thread = mixed(turns.session, int(world.rng("relay", operator.id).integers(1 << 40)))
    columns |= {"tools": kits, **conversation.tool_turns(rng, passed, agentic, thread)}
    columns["model"] = harvest.pivoted(world, rng, operator, passed)
    columns |= outcome(rng, columns)
    names = pa.array([task.capability for task in operator.tasks])
    columns |= harvest.truth(operator.id, operator.tasks[0].capability, turns.size)
    columns["capability"] = names.take(pa.array(np.where(agentic, len(names) - 1, 0)))
    return requests.table(columns, turns.size)


def _users(world: World, rng: Rng, plan: Relay, pool: People) -> People:
    crowd = people.draw(world, rng, max(2, round(pool.size * plan.users)), pool.cohort)
    ids = np.array([LANGUAGES.index(name) for name in plan.languages])
    crowd.habits.voices.language[:] = ids[choose(rng, list(plan.languages.values()), crowd.size)]
    crowd.habits.voices.fields[:] = world.speech.draw_fields(rng, crowd.habits.voices.language)
    return crowd


def _free_account(rng: Rng, pool: People, turns: Calls) -> Ints:
    """Return the account of each turn: that of the first turn, or for a third of the turns any that lives then."""
    other = rng.integers(0, pool.size, turns.size)
    alive = (pool.habits.since[other] <= turns.ts) & (pool.habits.until[other] > turns.ts)
    moved = alive & (turns.turn > 1) & (rng.random(turns.size) < 0.35)
    return np.where(moved, other, turns.who)
