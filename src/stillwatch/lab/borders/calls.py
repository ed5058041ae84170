"""The calls of composed accounts: when, from where, through what, as batches of records."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from stillwatch.lab.arrays import DAY, HOUR, MINUTE, Bools, Floats, Ints, Rng, mixed, within
from stillwatch.lab.borders.people import KINDS, TRIPS, People
from stillwatch.lab.borders.setting import (
    ACCESS_BLOCK,
    LISTED_BLOCK,
    UNLISTED_BLOCK,
    Setting,
    block,
    carrier,
)
from stillwatch.lab.places import CLOCKS, COUNTRY_CODES, address_text, index_of, languages_of
from stillwatch.lab.vocabulary import LANGUAGES
from stillwatch.records import ACCOUNTS, TIME

EXITS = ("US", "NL", "GB", "DE", "SG", "JP", "CA", "FR")  # where private networks have most of their exits
EXIT_NETWORK, HOSTING_NETWORK, COMPANY_NETWORK = 900_001, 900_101, 900_201
LISTED = 0.87  # exits that the operator's lists know
COMPANY_LISTED = 0.5
PROXY_LISTED = 0.03  # of residential proxies


@dataclass
class Sessions:
    """One row a session, or, at the end, a call; `address` is a /24."""

    who: Ints
    ts: Ints
    day: Floats
    where: Ints  # the person
    country: Ints  # the address
    asn: Ints
    address: Ints
    rotating: Bools  # every call by a way of its own


def account_table(drawn: People, names: pa.Array) -> pa.Table:
    """The accounts' records (a part of schema ACCOUNTS)."""
    kinds = np.where(
        drawn.thin, np.where(mixed(np.arange(len(drawn)), 5) % 2 == 0, "prepaid", "virtual"), "credit"
    )
    veiled = drawn.signup_veiled & (drawn.signup >= 0)
    signup_first = np.where(veiled, LISTED_BLOCK, ACCESS_BLOCK)
    address = (signup_first.astype(np.int64) << 24) + (mixed(np.arange(len(drawn)), 9) % 65_536 << 8) + 7
    return pa.table(
        {
            "account_id": names,
            "declared_country": _codes(drawn.declared),
            "payment_country": _codes(drawn.payment),
            "payment_kind": pa.array(kinds, pa.string(), mask=drawn.payment < 0),
            "phone_country": _codes(drawn.phone),
            "phone_kind": pa.array(
                np.where(drawn.virtual, "virtual", "mobile"), pa.string(), mask=drawn.phone < 0
            ),
            "signup_country": _codes(drawn.signup),
            "signup_ip": pa.array(address_text(address).to_pylist(), pa.string(), mask=drawn.signup < 0),
            "kyc_country": _codes(drawn.document),
            "kyc_level": pa.array(np.where(drawn.document >= 0, 2, 1)),
        },
        schema=pa.schema([ACCOUNTS.field(name) for name in _COLUMNS]),
    )


_COLUMNS = (
    "account_id",
    "declared_country",
    "payment_country",
    "payment_kind",
    "phone_country",
    "phone_kind",
    "signup_country",
    "signup_ip",
    "kyc_country",
    "kyc_level",
)


def _codes(country: Ints) -> pa.Array:
    return pa.array(COUNTRY_CODES[np.maximum(country, 0)], pa.string(), mask=country < 0)


def calls(rng: Rng, world: Setting, drawn: People, names: pa.Array, now: int) -> Iterator[pa.Table]:
    """Exchanges of all accounts (a part of schema EXCHANGES), by time."""
    sessions = _sessions(rng, drawn, now)
    _at_home(rng, world, drawn, sessions)
    _on_journeys(rng, world, drawn, sessions)
    _through_private_networks(rng, world, drawn, sessions)
    _through_companies(world, drawn, sessions)
    _disguised(rng, world, drawn, sessions)
    count = rng.geometric(0.3, len(sessions.who))
    row = np.repeat(np.arange(len(count)), count)
    ts = sessions.ts[row] + within(count) * rng.integers(MINUTE // 2, 5 * MINUTE, len(row))
    order = np.argsort(ts, kind="stable")
    row, ts = row[order], ts[order]
    tags = _tags(rng, drawn)
    for first in range(0, len(row), _BATCH):
        some = Sessions(
            *(getattr(sessions, field.name)[row[first : first + _BATCH]] for field in fields(Sessions))
        )
        _lend(rng, world, drawn, some, some.rotating, rng.integers(0, 1 << 40, len(some.who)))
        host = mixed(some.who, some.address >> 8) % 250 + 2
        yield pa.table(
            {
                "account_id": names.take(pa.array(some.who)),
                "ts": pa.array(ts[first : first + _BATCH]).cast(TIME),
                "client_ip": address_text(some.address + host),
                "asn": some.asn,
                "country": pa.array(COUNTRY_CODES[some.country], pa.string()),
                "accept_language": tags.take(pa.array(some.who)),
            }
        )


_BATCH = 500_000


def _sessions(rng: Rng, drawn: People, now: int) -> Sessions:
    who = np.repeat(np.arange(len(drawn)), drawn.sessions)
    day = np.floor(rng.random(len(who)) * drawn.days[who])
    hour = drawn.middle[who] + drawn.spread[who] * rng.standard_t(4, len(who)) * 0.8
    hour = np.where(drawn.tireless[who], rng.uniform(0, 24, len(who)), hour) % 24
    where, clock = drawn.lives[who].copy(), drawn.clock[who].copy()
    for trip in range(TRIPS):
        away = (day >= drawn.trip_from[who, trip]) & (day < drawn.trip_to[who, trip])
        where[away] = drawn.trip_where[who, trip][away]
        clock[away] = CLOCKS[where[away]]
    begins = now - drawn.days[who] * DAY
    ts = (begins + day * DAY + ((hour - clock) % 24) * HOUR).astype(np.int64)
    nothing = np.zeros(len(who), np.int64)
    return Sessions(who, ts, day, where, where.copy(), nothing, nothing.copy(), np.zeros(len(who), bool))


def _at_home(rng: Rng, world: Setting, drawn: People, sessions: Sessions) -> None:
    """Home, telephone and work: a lease that lasts days or years, a carrier's pool, an office or campus."""
    who, day = sessions.who, sessions.day.astype(np.int64)
    lease = np.array([2, 14, 400])[mixed(np.arange(len(drawn)), 1) % 3][who]
    habits = rng.dirichlet((2.0, 1.2, 1.2), len(drawn))
    way = (rng.random(len(who))[:, None] > np.cumsum(habits, axis=1)[who]).sum(axis=1)
    seat = np.where(
        drawn.kind == KINDS.index("student abroad"), mixed(drawn.lives, 8) % 90, np.arange(len(drawn))
    )[who]
    homes = block(ACCESS_BLOCK, who, day // lease)
    phones = block(ACCESS_BLOCK + 1, who, mixed(who, day, rng.integers(0, 3, len(who))) % 48)
    offices = block(ACCESS_BLOCK + 2, seat, 4)
    sessions.address = np.choose(way, [homes, phones, offices])
    sessions.asn = carrier(world, sessions.where, np.where(way == 2, seat + 7_000_000, who * 3 + way))


def _on_journeys(rng: Rng, world: Setting, drawn: People, sessions: Sessions) -> None:
    """Hotels, hosts and airports, a new one every other day; half of the telephones go out through their home."""
    who, day = sessions.who, sessions.day.astype(np.int64)
    roaming = (drawn.kind == KINDS.index("roaming"))[who]
    away = (sessions.where != drawn.lives[who]) | roaming & (rng.random(len(who)) < 0.4)
    stop = np.where(roaming, day, day // 2)
    sessions.address = np.where(away, block(ACCESS_BLOCK + 3, who, stop), sessions.address)
    sessions.asn = np.where(away, carrier(world, sessions.where, mixed(who, stop)), sessions.asn)
    by_phone = away & (rng.random(len(who)) < 0.35)  # a partner of the carrier at home
    sessions.address = np.where(
        by_phone, block(ACCESS_BLOCK + 5, sessions.where, mixed(who, day) % 64), sessions.address
    )
    sessions.asn = np.where(by_phone, carrier(world, sessions.where, mixed(who, 18) % 3), sessions.asn)
    routed = away & (mixed(who, 17) % 2 == 0) & (rng.random(len(who)) < 0.4)
    sessions.country = np.where(routed, drawn.lives[who], sessions.country)
    sessions.asn = np.where(routed, carrier(world, drawn.lives[who], who * 3 + 1), sessions.asn)
    sessions.address = np.where(routed, block(ACCESS_BLOCK + 1, who, day), sessions.address)


def _through_private_networks(rng: Rng, world: Setting, drawn: People, sessions: Sessions) -> None:
    who = sessions.who
    veiled = rng.random(len(who)) < drawn.veil[who]
    _leave_by(rng, sessions, veiled, _exit_of(rng, world, who, np.full(len(drawn), -1)), LISTED, EXIT_NETWORK)


def _through_companies(world: Setting, drawn: People, sessions: Sessions) -> None:
    """Remote workers call through their company, whose country is their own, the one they come from, or any."""
    who = sessions.who
    works = (drawn.kind == KINDS.index("remote worker"))[who] & (
        mixed(who, sessions.day.astype(np.int64)) % 10 < 8
    )
    exits = _served_exits(world)
    seat = np.where(mixed(who, 21) % 3 == 0, drawn.lives[who], exits[mixed(who, 22) % len(exits)])
    listed = mixed(who, 23) % 100 < 100 * COMPANY_LISTED
    sessions.country = np.where(works, seat, sessions.country)
    sessions.asn = np.where(works, COMPANY_NETWORK + mixed(who, 24) % 90, sessions.asn)
    block_of = np.where(listed, block(LISTED_BLOCK, who, 25), block(UNLISTED_BLOCK, who, 25))
    sessions.address = np.where(works, block_of, sessions.address)


def _served_exits(world: Setting) -> Ints:
    """Exits that are of use: where the service is refused, nobody goes out."""
    exits = np.array([index_of(code) for code in EXITS])
    out: Ints = exits[world.served[exits]]
    return out


def _exit_of(rng: Rng, world: Setting, who: Ints, favourite: Ints) -> Ints:
    """The country of a private network's exit: a person's favourite mostly, else one of the popular ones."""
    exits = _served_exits(world)
    liked = np.where(favourite[who] >= 0, favourite[who], exits[mixed(who, 31) % len(exits)])
    return np.where(rng.random(len(who)) < 0.75, liked, exits[rng.integers(0, len(exits), len(who))])


def _leave_by(rng: Rng, sessions: Sessions, rows: Bools, exits: Ints, listed: float, network: int) -> None:
    number = rng.integers(0, 40, len(rows))
    known = mixed(exits, number, network) % 1_000 < 1_000 * listed
    address = np.where(known, block(LISTED_BLOCK, exits, number), block(UNLISTED_BLOCK, exits, number))
    sessions.country = np.where(rows, exits, sessions.country)
    sessions.asn = np.where(rows, network + exits, sessions.asn)
    sessions.address = np.where(rows, address, sessions.address)


def _disguised(rng: Rng, world: Setting, drawn: People, sessions: Sessions) -> None:
    """What evaders put between themselves and the service, but for slips."""
    who = sessions.who
    kind = drawn.kind[who]
    hidden = drawn.evades()[who] & (rng.random(len(who)) >= drawn.slips[who])
    careless = hidden & (kind == KINDS.index("evader, careless"))
    private = hidden & (kind == KINDS.index("evader, private network")) | careless & (mixed(who, 41) % 2 == 0)
    _leave_by(rng, sessions, private, _exit_of(rng, world, who, drawn.cover), LISTED, EXIT_NETWORK)
    relayed = hidden & (kind == KINDS.index("evader, hosted relay"))
    _leave_by(rng, sessions, relayed, drawn.cover[who], 0.8, HOSTING_NETWORK)
    proxied = hidden & ~private & ~relayed
    sticky = mixed(who, 43) % 20 < 2  # an exit is kept for a day
    kept = mixed(who, 43) % 20 == 2  # and by some for good, at a price
    sessions.rotating = proxied & ~sticky & ~kept & (mixed(who, 45) % 10 >= 3)
    lent = np.where(sticky, mixed(who, sessions.day.astype(np.int64)), rng.integers(0, 1 << 40, len(who)))
    lent = np.where(kept, mixed(who, 47), lent)
    _lend(rng, world, drawn, sessions, proxied, lent)


def _lend(rng: Rng, world: Setting, drawn: People, sessions: Sessions, rows: Bools, lent: Ints) -> None:
    """Residential proxies: somebody's access network, of the country of the cover or of a pool of the whole world."""
    who = sessions.who
    wide = mixed(who, 42) % 10 < 4
    exits = np.where(wide, world.inside[mixed(lent, 44) % len(world.inside)], drawn.cover[who])
    known = rng.random(len(who)) < PROXY_LISTED
    address = np.where(known, block(LISTED_BLOCK, lent), block(ACCESS_BLOCK + 4, lent))
    sessions.country = np.where(rows, exits, sessions.country)
    sessions.asn = np.where(rows, carrier(world, exits, lent), sessions.asn)
    sessions.address = np.where(rows, address, sessions.address)


def _tags(rng: Rng, drawn: People) -> pa.Array:
    """An Accept-Language header an account, of clients that send one."""
    spoken = np.array(LANGUAGES)[languages_of(rng, np.maximum(drawn.tongue, 0))]
    region = COUNTRY_CODES[np.maximum(drawn.tongue, 0)]
    english = rng.random(len(drawn)) < 0.35  # clients in English, wherever they are
    full = np.where(
        english, "en-US,en;q=0.9", [f"{a}-{b},{a};q=0.8" for a, b in zip(spoken, region, strict=True)]
    )
    return pa.array(full, pa.string(), mask=drawn.tongue < 0)
