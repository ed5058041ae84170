"""What each signal of an account says about each unsupported place, as codes of combinations."""

from collections.abc import Iterator

import msgspec
import numpy as np

from stillwatch.access.regions.activity import DAY
from stillwatch.access.regions.clock import place_fits, readable
from stillwatch.access.regions.facts import Facts
from stillwatch.access.regions.languages import language_ratios
from stillwatch.access.regions.scene import Named, Scene
from stillwatch.access.regions.weighing import MISSING, STRIDES

HERE, ANOTHER, SUPPORTED, HIDDEN = range(4)  # findings of declared, document, sign-up, payment and phone
SETTLED, PLAIN, VEILED, SHORT_LIVED, CHANGING, ALWAYS_CHANGING, NEVER_OPEN, TOO_MANY, LENT = range(
    9
)  # findings of the address
NOT_HERE, STAY, BETWEEN, STEADY, ANOTHER_PLACE = range(5)  # findings of the presence

MOSTLY = 0.5  # share of exchanges that makes a place, or hiding, the rule
SOME = 0.2  # share from which a place is one the account calls from
NEARLY_ALWAYS = 0.8
STEADY_DAYS = (
    15  # active days in a place after which it is no short stay, where hardly anything comes from elsewhere;
)
# a month's worth of them where much does
GONE = 30 * DAY  # since the last exchange from a place: the account has left it
ALWAYS = 0.9  # share of exchanges that are hidden, from which hiding is no matter of the moment
FEWEST_EXITS = 5  # a company's network has one or two, a private network as many as it is asked for
# Residential proxies lend an address for minutes to hours, of whichever household is on line. A person has a few
# networks (home, work, telephone, a hotel now and then), comes back to them, and stays in one for hours on end.
RETURNS = 4  # days on which an account comes by a way in that it had before, from which it has a network of its own;
OFTEN = (
    0.4  # of its days in that place, at least: short-lived ways, too, are met again by chance now and then
)
MANY = (  # prefixes, networks of different operators, and ways in for each active hour: all of them at least
    (SHORT_LIVED, 8, 6, 0.5),  # a fortnight on the road, or a telephone in trains
    (TOO_MANY, 18, 9, 0.85),  # another one nearly every hour, where a person stays in a place for some hours
    (LENT, 12, 3, 1.2),  # several in an hour: so do only proxies
)
ONCE = 1.5  # days on which a way in is used on average, at most
# Each country that somebody calls from brings a home, a telephone, an office or a few hotels. More operators than that,
# or more countries than a life has, are met by borrowing the addresses of others.
EXPLAINED = (6, 4)  # networks of different operators that are met anyhow, and for each country called from
COUNTRIES = 9  # called from, in the time that a log covers
OPEN_AT_TIMES = (
    20  # exchanges through hiding ranges, of which even a careful person makes one by accident without
)
MOVES = (0.15, 0.4)  # changes of country for each active day: a journey a fortnight, and more than one a week
A_VISIT = 2.0  # active days of a stay; shorter ones, again and again, are no visits
LEANS, SURE = 1.0, 2.5  # nats by which the hours fit one place better than another
MATCHES = 1.0  # nats within which two places fit the hours alike
LANGUAGE_LEVELS = (-1.0, 1.0)  # nats: no side within a factor of e
COUNTED = 4  # supported countries named, from which more say no more


def combination_codes(facts: Facts, scene: Scene, rows_at_once: int) -> Iterator[tuple[slice, np.ndarray]]:
    """For some accounts at a time [n, unsupported places] codes of combinations, int64."""
    base = np.zeros(len(facts), np.int64)
    named_here: list[
        tuple[np.ndarray, np.ndarray, np.ndarray]
    ] = []  # account, place, what to add to the code
    for signal, named in _naming(facts).items():
        base += _named_codes(signal, named, named_here)
    address, presence = _address(facts), _presence(facts)
    base += address * STRIDES["address"] + presence * STRIDES["presence"]
    _present(facts, address, presence, named_here)
    base += _coherence(facts) * STRIDES["coherence"]
    base += _moves(facts) * STRIDES["moves"]
    account, place, extra = (np.concatenate(parts) for parts in zip(*named_here, strict=True))
    order = np.argsort(account, kind="stable")
    account, place, extra = account[order], place[order], extra[order]
    ratios = language_ratios(facts.tags, scene.unsupported, scene.supported)
    for first in range(0, len(facts), rows_at_once):
        chunk = slice(first, min(first + rows_at_once, len(facts)))
        codes = np.repeat(base[chunk, None], len(scene.unsupported), axis=1)
        codes += _clock(facts, scene, chunk) * STRIDES["clock"]
        codes += _language(facts, ratios, chunk) * STRIDES["language"]
        some = slice(*np.searchsorted(account, [chunk.start, chunk.stop]))
        np.add.at(codes, (account[some] - first, place[some]), extra[some])
        yield chunk, codes


class _Naming(msgspec.Struct):
    """Records that name a place each, which go into one signal, and where a supported one is hidden or thin."""

    records: tuple[Named, ...]
    hidden: np.ndarray


def _naming(facts: Facts) -> dict[str, _Naming]:
    return {
        "declared": _Naming((facts.declared, facts.checked), np.zeros(len(facts), bool)),
        "signup": _Naming((facts.signup,), facts.signup_hidden),
        "payment": _Naming((facts.payment,), facts.payment_thin),
        "phone": _Naming((facts.phone,), facts.phone_thin),
    }


def _named_codes(
    signal: str, naming: _Naming, named_here: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> np.ndarray:
    """The finding about a place that the records do not name; a supported place never clears an unsupported one."""
    finding = np.full(len(naming.hidden), MISSING[signal])
    for one in naming.records:
        finding[one.supported >= 0] = SUPPORTED
        finding[naming.hidden & (one.supported >= 0)] = HIDDEN
    before = np.full(len(finding), -1)
    for one in naming.records:
        who = np.flatnonzero((one.unsupported >= 0) & (one.unsupported != before))
        finding[who] = ANOTHER
        named_here.append((who, one.unsupported[who], np.full(len(who), (HERE - ANOTHER) * STRIDES[signal])))
        before = one.unsupported
    return finding * STRIDES[signal]


def _address(facts: Facts) -> np.ndarray:
    """Through what an account calls, wherever that is."""
    hidden = facts.hidden / np.maximum(facts.exchanges, 1)
    an_hour = facts.ways / np.maximum(facts.hours.sum(axis=1), 1)
    out = np.full(len(facts), PLAIN)
    for level, ways, operators, often in MANY:
        many = (facts.ways >= ways) & (facts.networks >= operators) & (an_hour >= often)
        out[many & (facts.way_days <= ONCE * facts.ways)] = level
    fewest, most = _countries(facts)
    anyhow, each = EXPLAINED
    borrows = facts.networks >= anyhow + each * most
    out[borrows & (out < TOO_MANY)] = TOO_MANY
    out[(fewest >= COUNTRIES) & (facts.networks >= COUNTRIES)] = LENT
    _hiding(facts, hidden, out)
    served = facts.place.supported >= 0
    settled = served & (facts.place_returns >= RETURNS) & (facts.place_returns >= OFTEN * facts.place_days)
    comes_back = np.bincount(facts.place_owner[settled], minlength=len(facts)) > 0
    out[comes_back & (out < LENT)] = SETTLED
    out[(facts.ways == 0) & (facts.hidden == 0)] = MISSING["address"]
    return out


def _hiding(facts: Facts, hidden: np.ndarray, out: np.ndarray) -> None:
    """Where most is hidden, the rest is too little to count ways in."""
    changing = facts.exits >= FEWEST_EXITS
    out[hidden >= MOSTLY] = VEILED
    out[(hidden >= MOSTLY) & changing] = CHANGING
    out[(hidden >= ALWAYS) & changing] = ALWAYS_CHANGING
    out[(hidden == 1) & changing & (facts.hidden >= OPEN_AT_TIMES)] = NEVER_OPEN


def _countries(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """How many places an account has called from: openly and at the least, and at the most.

    An exchange of unknown place may be from one more, so that what is not known explains more and not less.
    """
    size = len(facts)
    at_all = np.bincount(facts.place_owner, minlength=size)
    openly = np.bincount(facts.place_owner[facts.place_exchanges > facts.place_hidden], minlength=size)
    return openly, at_all + facts.exchanges - _located(facts)


def _located(facts: Facts) -> np.ndarray:
    """Exchanges of known place an account."""
    return np.bincount(facts.place_owner, facts.place_exchanges, len(facts))


def _presence(facts: Facts) -> np.ndarray:
    """The finding about a place that no address of the account names."""
    located = _located(facts)
    outside = facts.place.unsupported >= 0
    unsupported = np.bincount(facts.place_owner[outside], facts.place_exchanges[outside], len(facts))
    out = np.where(unsupported >= SOME * np.maximum(located, 1), ANOTHER_PLACE, NOT_HERE)
    out[located == 0] = MISSING["presence"]
    return out


def _present(
    facts: Facts,
    address: np.ndarray,
    presence: np.ndarray,
    named_here: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> None:
    """Places that addresses name: a short stay, steady use, or what shows between hidden ones."""
    located = _located(facts)
    rows = np.flatnonzero(facts.place.unsupported >= 0)
    places = facts.place.unsupported.max(initial=0) + 1
    pairs, which = np.unique(
        facts.place_owner[rows] * places + facts.place.unsupported[rows], return_inverse=True
    )  # subdivisions of one country are one place
    who, column = np.divmod(pairs, places)
    share = np.bincount(which, facts.place_exchanges[rows], len(pairs)) / np.maximum(located[who], 1)
    days, stays, last = (np.zeros(len(pairs), np.int64) for _ in range(3))
    np.maximum.at(days, which, facts.place_days[rows])
    np.maximum.at(stays, which, facts.place_stays[rows])
    np.maximum.at(last, which, facts.place_last[rows])
    left = facts.last_seen[who] - last > GONE
    lives = (share >= NEARLY_ALWAYS) & (days >= STEADY_DAYS) | (share >= MOSTLY) & (days >= 2 * STEADY_DAYS)
    hides = (address[who] >= ALWAYS_CHANGING) & (address[who] < MISSING["address"])
    here_and_there = (stays > 1) & (days < A_VISIT * stays)
    finding = np.where(lives & ~left, STEADY, np.where(hides | here_and_there, BETWEEN, STAY))
    named_here.append((who, column, (finding - presence[who]) * STRIDES["presence"]))


def _moves(facts: Facts) -> np.ndarray:
    """How often an account changes its country."""
    out: np.ndarray = np.digitize(facts.moves / np.maximum(facts.days, 1), MOVES)
    out[np.bincount(facts.place_owner, minlength=len(facts)) == 0] = MISSING["moves"]
    return out


def _coherence(facts: Facts) -> np.ndarray:
    """How many supported countries the signals of an account name between them, less one."""
    main = np.full(len(facts), -1, np.int64)
    inside = np.flatnonzero(facts.place.supported >= 0)
    order = inside[np.argsort(facts.place_exchanges[inside], kind="stable")]
    main[facts.place_owner[order]] = facts.place.supported[order]  # the last assignment is the largest
    named = [facts.declared, facts.checked, facts.signup, facts.payment, facts.phone]
    all_named = np.stack([main, *(one.supported for one in named)], axis=1)
    all_named.sort(axis=1)
    fresh = np.diff(all_named, axis=1, prepend=-1) != 0
    out: np.ndarray = np.clip((fresh & (all_named >= 0)).sum(axis=1), 1, COUNTED) - 1
    return out


def _clock(facts: Facts, scene: Scene, chunk: slice) -> np.ndarray:
    """[n, places]: whose day an account keeps, that of a place or that of where it calls from."""
    hours = facts.hours[chunk]
    here = place_fits(hours, scene.offsets_unsupported)
    served = place_fits(hours, scene.offsets_supported)
    calls_from = _calls_from(facts, chunk, served.shape)
    from_where = np.where(calls_from, served, -np.inf).max(axis=1, initial=-np.inf)
    unlocated = ~np.isfinite(from_where)
    from_where[unlocated] = served[unlocated].max(axis=1, initial=-np.inf)
    declared = facts.declared.supported[chunk]
    stated = served[np.arange(len(hours)), np.maximum(declared, 0)] if served.shape[1] else from_where
    # Where nothing is declared, somewhere may explain the hours; where an unsupported place is, nothing does.
    stated = np.where(
        declared >= 0, stated, np.where(facts.declared.unsupported[chunk] >= 0, -np.inf, np.inf)
    )
    with np.errstate(invalid="ignore"):
        better = here - from_where[:, None]
    level: np.ndarray = np.digitize(
        better, [-LEANS, LEANS, SURE]
    )  # the place it calls from, no side, rather here, here
    level += level >= 2  # room for what the declared place explains
    explained = (level > 2) & (stated[:, None] >= here - MATCHES)
    level[explained] = 2
    level[~np.isfinite(here)] = 1
    level[~readable(hours)] = MISSING["clock"]
    return level


def _calls_from(facts: Facts, chunk: slice, shape: tuple[int, int]) -> np.ndarray:
    """Where, [n, supported places], a good part of an account's exchanges comes from, hidden or not."""
    out = np.zeros(shape, bool)
    located = _located(facts)
    who = facts.place_owner
    share = facts.place_exchanges / np.maximum(located[who], 1)
    rows = np.flatnonzero(
        (facts.place.supported >= 0) & (share >= SOME) & (who >= chunk.start) & (who < chunk.stop)
    )
    out[who[rows] - chunk.start, facts.place.supported[rows]] = True
    return out


def _language(facts: Facts, ratios: np.ndarray, chunk: slice) -> np.ndarray:
    """[n, places]: how much more often an account's languages are asked for in a place than elsewhere."""
    size = chunk.stop - chunk.start
    rows = np.flatnonzero((facts.tag_owner >= chunk.start) & (facts.tag_owner < chunk.stop))
    who = facts.tag_owner[rows] - chunk.start
    weight = facts.tag_exchanges[rows].astype(float)
    total = np.bincount(who, weight, size)
    mean = np.zeros((size, ratios.shape[1]))
    np.add.at(mean, who, ratios[facts.tag[rows]] * (weight / np.maximum(total[who], 1))[:, None])
    level = np.digitize(mean, LANGUAGE_LEVELS)
    level[total == 0] = MISSING["language"]
    return level
