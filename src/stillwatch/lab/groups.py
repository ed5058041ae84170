"""What benign cohorts are made of: places, firms, programs and sign-ups that members share, and batch jobs they run."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import clients, conversation, people, places, work
from stillwatch.lab.arrays import DAY, HOUR, Floats, Ints, Rng, mixed, opaque
from stillwatch.lab.arrivals import Calls, spread
from stillwatch.lab.people import People
from stillwatch.lab.requests import Columns, Slice
from stillwatch.lab.world import World

CAMPUS_NETWORKS = (680, 786, 2200, 137, 2907, 4538, 1916, 7575)  # national research networks


def instances(world: World, name: str, full: float, floor: int = 1) -> Iterator[Rng]:
    """Return a source of chance for each instance of a cohort; `full` instances at scale 1."""
    for number in range(world.count(full, floor)):
        yield world.rng("cohort", name, number)


def size(rng: Rng, low: int, high: int) -> int:
    """Return a group's size, log-uniform between bounds: small groups are common."""
    return round(float(np.exp(rng.uniform(np.log(low), np.log(high)))))


def gather(
    world: World, rng: Rng, cohort: str, count: int, *, country: str | None = None, client: str | None = None
) -> People:
    """Ordinary people who belong to a cohort that resembles campaigns."""
    crowd = people.draw(world, rng, count, cohort, country=country, client=client)
    crowd.hard_negative = True
    return crowd


def some_country(rng: Rng) -> str:
    """Return a country, by its share of accounts."""
    shares = places.COUNTRY_WEIGHTS / places.COUNTRY_WEIGHTS.sum()
    return places.COUNTRIES[int(rng.choice(len(shares), p=shares))].code


def one_place(rng: Rng, crowd: People, *, campus: bool = False, away: float = 0.2, blocks: int = 1) -> None:
    """Everybody behind the same few /24 of an access (or campus) network; `away` of the calls come from home."""
    habits = crowd.habits
    habits.away_asn, habits.away = habits.home_asn.copy(), habits.home.copy()
    asn, net = places.access_networks(rng, habits.country[:1].repeat(blocks))
    if campus:
        asn[:] = CAMPUS_NETWORKS[int(rng.integers(len(CAMPUS_NETWORKS)))]
    block = rng.integers(0, blocks, crowd.size)
    habits.home_asn, habits.home = asn[block % 1], net[block]
    habits.away_share = np.full(crowd.size, away)
    crowd.set(signup_ip=people.signup_addresses(rng, habits.home), signup_asn=habits.home_asn.astype(object))


def one_egress(rng: Rng, crowd: People, blocks: int = 1) -> None:
    """Everybody calls from the same few hosting blocks; sign-up addresses stay their own."""
    habits = crowd.habits
    asn, net = places.hosted_networks(rng, blocks)
    block = rng.integers(0, blocks, crowd.size)
    habits.home_asn, habits.home = asn[block], net[block]
    habits.away_share = np.zeros(crowd.size)


def one_program(rng: Rng, crowd: People, name: str, pathway: str | None = None) -> None:
    """Everybody uses one version of one program."""
    habits = crowd.habits
    habits.client[:] = clients.client_index(name)
    agent, ja4 = clients.draw_agents(rng, habits.client[:1])
    habits.agent[:], habits.ja4[:] = agent[0], ja4[0]
    habits.pathway[:] = pathway or clients.CLIENTS[habits.client[0]].pathway
    crowd.set(signup_ja4=clients.JA4_STRINGS[int(ja4[0])])


def one_firm(rng: Rng, crowd: People, *, invoice: bool = True) -> None:
    """One declared organisation: org id, one payment method, a mail domain of its own."""
    crowd.set(
        org_id=opaque(rng, 1, "org_", 10)[0],
        plan="team",
        email_domain=f"{conversation_name(rng)}.example",
        payment_fp=opaque(rng, 1, "pm_", 12)[0],
        payment_kind="invoice" if invoice else "credit",
        payment_country=places.COUNTRY_CODES[crowd.habits.country[0]],
        payment_bin=None if invoice else str(places.card_prefixes(rng, crowd.habits.country[:1])[0]),
        kyc_level=3,
    )


def conversation_name(rng: Rng) -> str:
    """Return a made-up firm name."""
    return "".join(rng.choice(list("bcdfglmnprstv")) + rng.choice(list("aeiou")) for _ in range(4)) + "works"


def enrolled(rng: Rng, crowd: People, begin: int, hours: float) -> None:
    """Everybody signed up within `hours` from `begin`, and is active from then on."""
    created = begin + (rng.random(crowd.size) * hours * HOUR).astype(np.int64)
    crowd.habits.since = created
    crowd.habits.until = np.maximum(crowd.habits.until, created + DAY)
    crowd.set(created_at=created.astype(object))


def known_since(rng: Rng, crowd: People, moment: int) -> None:
    """Nobody signed up later than `moment`: who had, did so up to a year before it."""
    earlier = moment - (rng.random(crowd.size) * 365 * DAY).astype(np.int64)
    created = np.where(crowd.habits.since > moment, earlier, crowd.habits.since)
    crowd.habits.since = created
    crowd.set(created_at=created.astype(object))


def staying(world: World, crowd: People) -> None:
    """Nobody leaves before the end of the log."""
    crowd.habits.until[:] = world.end


def runs(world: World, rng: Rng, crowd: People, every_days: float, sizes: Ints, *, gap: float) -> Calls:
    """Batch jobs: every account runs at an hour of its own every so many days; `sizes` calls a run."""
    habits = crowd.habits
    begin = np.maximum(habits.since, world.start)
    count = np.maximum(((habits.until - begin) / (every_days * DAY)).astype(np.int64), 1)
    owner = np.repeat(np.arange(crowd.size), count)
    number = np.concatenate([np.arange(n) for n in count]) if len(count) else owner
    hour = (mixed(habits.host, 51) % (24 * 60)) * (HOUR // 60)
    start = begin[owner] // DAY * DAY + (number * every_days * DAY).astype(np.int64) + hour[owner]
    start = np.maximum(start + rng.integers(0, HOUR // 12, len(owner)), begin[owner])
    return spread(rng, owner, start, sizes[owner], habits.until, median_gap=gap)


def single(calls: Calls) -> Columns:
    """Every call stands alone: one turn each."""
    return {"n_turns": pa.array(np.ones(calls.size, dtype=np.int64))}


def told(world: World, rng: Rng, sentences: int = 4) -> str:
    """Return a fixed text of one firm or app, such as its system prompt."""
    field = np.full(sentences, int(rng.integers(0, 36)))
    lines = world.speech.answer(rng, field, rng.integers(0, 1 << 30, sentences))
    return (
        "You are the assistant of "
        + conversation_name(rng).capitalize()
        + ". "
        + " ".join(lines.to_pylist()).strip()
    )


def own_request(world: World, rng: Rng, crowd: People, calls: Calls) -> pa.Array:
    """Return requests in each account's own voice, for a template to wrap."""
    field = conversation.fields_of_sessions(rng, crowd, calls)
    return world.speech.ask(rng, crowd.habits.voices, calls.who, field)


def wrapped(before: str, text: pa.Array, behind: str) -> pa.Array:
    """Each text inside one fixed frame."""
    return pc.binary_join_element_wise(before, text, behind, "")


def fixed(value: str, calls: Calls) -> pa.Array:
    """One text for every call."""
    return pa.repeat(pa.scalar(value), calls.size)


def offered(rng: Rng, crowd: People, calls: Calls, kit: tuple[str, ...]) -> Columns:
    """One list of tools for every call, with tool turns."""
    tools = pa.array([list(kit)]).take(pa.array(np.zeros(calls.size, dtype=np.int64)))
    thread = mixed(crowd.habits.voices.seed[calls.who], calls.session)
    return {"tools": tools, **conversation.tool_turns(rng, calls, np.ones(calls.size, dtype=bool), thread)}


def tasks(world: World, rng: Rng, capabilities: tuple[str, ...], count: int) -> pa.Array:
    """Shuffled items of several capabilities, `count` in all."""
    each = -(-count // len(capabilities))
    pool = pa.concat_arrays([work.items(world, rng, capability, each) for capability in capabilities])
    return pool.take(pa.array(rng.permutation(len(pool))[:count]))


def finished(world: World, rng: Rng, crowd: People, calls: Calls, given: Columns | None = None) -> Slice:
    """Return a cohort's slice: its calls as ordinary exchanges, with `given` columns."""
    return Slice(crowd, conversation.exchanges(world, rng, crowd, calls, given), [])


def volumes(world: World, rng: Rng, crowd: People, median: float, sigma: float = 0.5) -> None:
    """Set how much each account sends, log-normal about `median` exchanges in four weeks."""
    values: Floats = median * world.months * np.exp(rng.normal(0, sigma, crowd.size))
    crowd.habits.volume = values
