"""What an account does and says, wherever it may be: findings about hiding, ways in, journeys and records in contradiction.

Residential proxies lend an address for minutes to hours, of whichever household is on line. A person has a few networks
(home, work, telephone, a hotel now and then), comes back to them, and stays in one for hours on end. Each country that
somebody calls from brings a few operators; more are met by borrowing the addresses of others.
"""

import numpy as np

from stillwatch.access.regions.facts import Facts
from stillwatch.access.regions.scene import Named
from stillwatch.access.regions.signals import ABOUT_ACCOUNT

HIDDEN = (0.2, 0.5, 0.8, 0.95)  # share of exchanges by ranges that hide the user
OPEN_AT_TIMES = 20  # hidden exchanges, of which even a careful person makes one by accident without
EXITS = (
    2.5,
    4.5,
    7.5,
    11.5,
    17.5,
)  # a company's network has one or two, a private one as many as it is asked for
AN_HOUR = (0.4, 0.6, 0.8, 1.0, 1.3)  # different ways in for each active hour
LASTS = (1.05, 1.2, 1.5, 2.0, 3.0)  # days on which a way in is used on average
ENOUGH_WAYS = 6  # different ways in, from which they are held to be short-lived or not
EACH_COUNTRY = 3  # networks of different operators that a country called from explains
UNEXPLAINED = (1, 3, 5, 8, 12)  # networks beyond these
COUNTRIES = (2, 3, 4, 6, 9)  # called from openly
OWN = (
    1e-9,
    0.1,
    0.2,
    0.35,
    0.5,
)  # share of its days on which a network that it had before is used in a supported place
RETURNS = 4  # days of return, from which a network is its own at all
ENOUGH_DAYS = 4  # active days, from which it can have come back
MOVES = (0.08, 0.2, 0.4, 0.8)  # changes of country for each active day
COUNTED = 4  # supported countries named, from which more say no more

Found = tuple[np.ndarray, np.ndarray]  # the finding of each account, and whether it was seen at all


def conduct(facts: Facts) -> Found:
    """[n, signals of ABOUT_ACCOUNT] findings, and which were seen; those not seen count as the first."""
    called = (facts.ways > 0) | (facts.hidden > 0)
    placed = located(facts) > 0
    home, main = _home(facts), main_place(facts)
    found: dict[str, Found] = {
        "hiding": (_hiding(facts), called),
        "exits": (np.digitize(facts.exits, EXITS), called),
        "ways": _ways(facts),
        "reuse": _reuse(facts),
        **_spread(facts, called & placed),
        "home": home,
        "moves": (np.digitize(facts.moves / np.maximum(facts.days, 1), MOVES), placed),
        "payment kind": (facts.payment_thin.astype(int), inside(facts.payment) & facts.payment_kind_known),
        "phone kind": (facts.phone_thin.astype(int), inside(facts.phone) & facts.phone_kind_known),
        "signup address": (facts.signup_hidden.astype(int), inside(facts.signup)),
        "coherence": _coherence(facts, main),
        "payment agrees": _disagrees(facts.payment, (facts.declared, facts.phone, facts.signup), main),
        "phone agrees": _disagrees(facts.phone, (facts.declared, facts.payment, facts.signup), main),
    }
    levels = np.stack([found[signal][0] for signal in ABOUT_ACCOUNT], axis=1)
    seen = np.stack([found[signal][1] for signal in ABOUT_ACCOUNT], axis=1)
    return np.where(seen, levels, 0).astype(np.int8), seen


def located(facts: Facts) -> np.ndarray:
    """Exchanges of known place an account."""
    return np.bincount(facts.place_owner, facts.place_exchanges, len(facts))


def hidden_share(facts: Facts) -> np.ndarray:
    out: np.ndarray = facts.hidden / np.maximum(facts.exchanges, 1)
    return out


def main_place(facts: Facts) -> np.ndarray:
    """The supported place of most of an account's exchanges, hidden or not; -1 for none."""
    out = np.full(len(facts), -1, np.int64)
    served = np.flatnonzero(facts.place.supported >= 0)
    order = served[np.argsort(facts.place_exchanges[served], kind="stable")]
    out[facts.place_owner[order]] = facts.place.supported[order]  # the last assignment is the largest
    return out


def inside(named: Named) -> np.ndarray:
    out: np.ndarray = named.supported >= 0
    return out


def _hiding(facts: Facts) -> np.ndarray:
    out: np.ndarray = np.digitize(hidden_share(facts), HIDDEN)
    always = (facts.hidden > 0) & (facts.hidden >= facts.exchanges)
    out[always] += 1
    out[always & (facts.hidden >= OPEN_AT_TIMES)] += 1
    return out


def _ways(facts: Facts) -> Found:
    """Without networks a hidden exit cannot be told from a way in, so that ways in say nothing."""
    enough = (facts.ways >= ENOUGH_WAYS) & (facts.networks > 0)
    an_hour = facts.ways / np.maximum(facts.hours.sum(axis=1), 1)
    return np.where(enough, np.digitize(an_hour, AN_HOUR), 0), (facts.ways > 0) & (facts.networks > 0)


def _reuse(facts: Facts) -> Found:
    enough = (facts.ways >= ENOUGH_WAYS) & (facts.networks > 0)
    lasts = facts.way_days / np.maximum(facts.ways, 1)
    return np.where(enough, len(LASTS) - np.digitize(lasts, LASTS), 0), (facts.ways > 0) & (
        facts.networks > 0
    )


def _spread(facts: Facts, seen: np.ndarray) -> dict[str, Found]:
    """Networks and countries, openly called from: without addresses, what hides would count as open.

    An exchange of unknown place may be from one more country, which explains more and not less.
    """
    size = len(facts)
    openly = np.bincount(facts.place_owner[facts.place_exchanges > facts.place_hidden], minlength=size)
    at_most = np.bincount(facts.place_owner, minlength=size) + facts.exchanges - located(facts)
    return {
        "operators": (
            np.digitize(facts.networks - EACH_COUNTRY * at_most, UNEXPLAINED),
            (facts.ways > 0) & (facts.networks > 0),
        ),
        "countries": (np.digitize(openly, COUNTRIES), seen),
    }


def _home(facts: Facts) -> Found:
    """How often an account comes back to a network of its own in a supported place."""
    served = inside(facts.place)
    returns = np.zeros(len(facts), np.int64)
    np.maximum.at(returns, facts.place_owner[served], facts.place_returns[served])
    level = len(OWN) - np.digitize(returns / np.maximum(facts.days, 1), OWN)
    level = np.where(returns >= RETURNS, np.minimum(level, 2), level)
    known = (facts.ways > 0) | (facts.hidden > 0) & (facts.hidden >= facts.exchanges)
    seen = (facts.days >= ENOUGH_DAYS) & known & (2 * located(facts) >= facts.exchanges)
    return level, seen


def _coherence(facts: Facts, main: np.ndarray) -> Found:
    """How many supported countries the signals of an account name between them, less one."""
    named = [facts.declared, facts.checked, facts.signup, facts.payment, facts.phone]
    ordered = np.stack([main, *(one.supported for one in named)], axis=1)
    known = (ordered >= 0).sum(axis=1)
    ordered.sort(axis=1)
    fresh = np.diff(ordered, axis=1, prepend=-1) != 0
    level = np.clip((fresh & (ordered >= 0)).sum(axis=1), 1, COUNTED) - 1
    return level, known > 1


def _disagrees(one: Named, others: tuple[Named, ...], main: np.ndarray) -> Found:
    """With how many other supported places that are named a record disagrees; one that is missing disagrees with none."""
    besides = np.stack([main, *(other.supported for other in others)], axis=1)
    both = (one.supported >= 0)[:, None] & (besides >= 0)
    level: np.ndarray = (both & (besides != one.supported[:, None])).sum(axis=1)
    return level, both.sum(axis=1) > 0
