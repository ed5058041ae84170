"""What the signals of an account say about each unsupported place: what names it, when it calls, what is spoken there."""

from collections.abc import Iterator

import numpy as np

from stillwatch.access.regions.activity import DAY
from stillwatch.access.regions.clock import place_fits, readable
from stillwatch.access.regions.conduct import hidden_share, located
from stillwatch.access.regions.facts import Facts
from stillwatch.access.regions.languages import language_ratios
from stillwatch.access.regions.scene import Named, Scene
from stillwatch.access.regions.signals import ABOUT_PLACE

DECLARED, SIGNUP, PAYMENT, PHONE, PRESENCE, CLOCK, LANGUAGE = range(len(ABOUT_PLACE))
STAY, BETWEEN, STEADY = 1, 2, 3  # findings of the presence

MOSTLY = 0.5  # share of exchanges that makes a place the rule
SOME = 0.2  # share from which a place is one the account calls from
NEARLY_ALWAYS = 0.8
STEADY_DAYS = (
    15  # active days in a place after which it is no short stay, where hardly anything comes from elsewhere;
)
# a month's worth of them where much does
GONE = 30 * DAY  # since the last exchange from a place: the account has left it
A_VISIT = 2.0  # active days of a stay; shorter ones, again and again, are no visits
LEANS, SURE = 1.0, 2.5  # nats by which the hours fit one place better than another
MATCHES = 1.0  # nats within which two places fit the hours alike
LANGUAGE_LEVELS = (-1.0, 1.0)  # nats: no side within a factor of e


def traces(facts: Facts, scene: Scene, rows_at_once: int) -> Iterator[tuple[slice, np.ndarray]]:
    """For some accounts at a time [signals of ABOUT_PLACE, n, unsupported places] findings, int8."""
    account, place, signal, finding = _named_here(facts)
    ratios = language_ratios(facts.tags, scene.unsupported, scene.supported)
    for first in range(0, len(facts), rows_at_once):
        chunk = slice(first, min(first + rows_at_once, len(facts)))
        out = np.zeros((len(ABOUT_PLACE), chunk.stop - first, len(scene.unsupported)), np.int8)
        some = slice(*np.searchsorted(account, [chunk.start, chunk.stop]))
        out[signal[some], account[some] - first, place[some]] = finding[some]
        out[CLOCK] = _clock(facts, scene, chunk)
        out[LANGUAGE] = _language(facts, ratios, chunk)
        yield chunk, out


def traceable(facts: Facts) -> np.ndarray:
    """[n, signals of ABOUT_PLACE]: whether a signal was seen, whatever it says."""
    spoken = np.bincount(facts.tag_owner, facts.tag_exchanges, len(facts)) > 0
    records = [facts.declared.known | facts.checked.known]
    records += [one.known for one in (facts.signup, facts.payment, facts.phone)]
    return np.stack([*records, located(facts) > 0, readable(facts.hours), spoken], axis=1)


def _named_here(facts: Facts) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Account, place, signal and finding of all that names an unsupported place, by account."""
    records: tuple[tuple[int, Named], ...] = (
        (DECLARED, facts.declared),
        (DECLARED, facts.checked),
        (SIGNUP, facts.signup),
        (PAYMENT, facts.payment),
        (PHONE, facts.phone),
    )
    parts = [_present(facts)]
    for signal, named in records:
        who = np.flatnonzero(named.unsupported >= 0)
        parts.append((who, named.unsupported[who], np.full(len(who), signal), np.ones(len(who), np.int8)))
    account, place, signals, finding = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(account, kind="stable")
    return account[order], place[order], signals[order], finding[order]


def _present(facts: Facts) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Places that addresses name: a short stay, steady use, or what shows between hidden ones."""
    rows = np.flatnonzero(facts.place.unsupported >= 0)
    places = facts.place.unsupported.max(initial=0) + 1
    pairs, which = np.unique(
        facts.place_owner[rows] * places + facts.place.unsupported[rows], return_inverse=True
    )  # subdivisions of one country are one place
    who, column = np.divmod(pairs, places)
    total = np.maximum(located(facts)[who], 1)
    share = np.bincount(which, facts.place_exchanges[rows], len(pairs)) / total
    days, stays, last = (np.zeros(len(pairs), np.int64) for _ in range(3))
    np.maximum.at(days, which, facts.place_days[rows])
    np.maximum.at(stays, which, facts.place_stays[rows])
    np.maximum.at(last, which, facts.place_last[rows])
    left = facts.last_seen[who] - last > GONE
    lives = (share >= NEARLY_ALWAYS) & (days >= STEADY_DAYS) | (share >= MOSTLY) & (days >= 2 * STEADY_DAYS)
    hides = hidden_share(facts)[who] >= NEARLY_ALWAYS
    here_and_there = (stays > 1) & (days < A_VISIT * stays)
    finding = np.where(lives & ~left, STEADY, np.where(hides | here_and_there, BETWEEN, STAY))
    return who, column, np.full(len(who), PRESENCE), finding.astype(np.int8)


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
    level[~readable(hours)] = 0
    return level


def _calls_from(facts: Facts, chunk: slice, shape: tuple[int, int]) -> np.ndarray:
    """Where, [n, supported places], a good part of an account's exchanges comes from, hidden or not."""
    out = np.zeros(shape, bool)
    known = located(facts)
    who = facts.place_owner
    share = facts.place_exchanges / np.maximum(known[who], 1)
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
    level[total == 0] = 0
    return level
