"""One composed world: which countries are served, who gives access there, and what hides people."""

from dataclasses import dataclass

import numpy as np

from stillwatch.access.regions.places import countries
from stillwatch.lab.arrays import Bools, Ints, Rng, mixed
from stillwatch.lab.places import COUNTRIES

UNSERVED = 4  # of the simulator's 27 countries; people are composed from and in all of them
UNSERVED_BESIDE = 48  # of the world's other countries: nobody is composed there, but they are in the file
CARRIERS = (5, 40)  # access networks of a country, fewest and most
LISTED_BLOCK, UNLISTED_BLOCK, ACCESS_BLOCK = 185, 45, 60  # first octets, invented
_LISTED = "185.0.0.0/8"


@dataclass(frozen=True)
class Setting:
    """`served[i]` says whether country i of the simulator is; `rules` is the regions file, as text."""

    served: Bools
    carriers: Ints  # access networks a country
    rules: str
    ranges: str

    @property
    def inside(self) -> Ints:
        return np.flatnonzero(self.served)

    @property
    def outside(self) -> Ints:
        return np.flatnonzero(~self.served)


def setting(rng: Rng) -> Setting:
    """Draw a world."""
    served = np.ones(len(COUNTRIES), bool)
    served[rng.choice(len(COUNTRIES), UNSERVED, replace=False)] = False
    composed = {country.code for country in COUNTRIES}
    others = sorted(set(countries()) - composed)
    unserved = [COUNTRIES[i].code for i in np.flatnonzero(~served)]
    unserved += list(rng.choice(others, UNSERVED_BESIDE, replace=False))
    rows = "".join(f"  - {{country: {code}, supported: false}}\n" for code in sorted(unserved))
    return Setting(
        served=served,
        carriers=rng.integers(*CARRIERS, len(COUNTRIES)),
        rules=f"version: 1\notherwise: supported\nregions:\n{rows}",
        ranges=f"cidr\n{_LISTED}\n",
    )


def carrier(world: Setting, country: Ints, pick: Ints) -> Ints:
    """The number of an access network of each country; small picks fall on its large ones."""
    share = (mixed(pick, 3) % 10_000) / 10_000
    chosen = (share**2 * world.carriers[country]).astype(np.int64)
    return 100_000 + country * 1_000 + chosen


def block(first: int, *parts: Ints | int) -> Ints:
    """A /24 for each row, drawn from what it depends on, as a 32-bit address."""
    return (np.int64(first) << 24) + (mixed(*parts) % 65_536 << 8)
