"""The world as the rules divide it at one time: places that are supported, places that are not, their clocks."""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.places import clocks, countries, country_of, known
from stillwatch.access.regions.rules import Rules

NOBODY = -1


class Scene(msgspec.Struct, frozen=True):
    """`unsupported` are the places an account is judged about: a column each, in every matrix of this package."""

    rules: Rules
    now: int
    unsupported: tuple[str, ...]
    supported: tuple[str, ...]  # countries, and subdivisions of unsupported ones
    columns: dict[str, int]
    rows: dict[str, int]  # of `supported`
    offsets_unsupported: list[tuple[int, ...]]
    offsets_supported: list[tuple[int, ...]]


class Named(msgspec.Struct, frozen=True):
    """A column of place codes, each row one of: an unsupported place, a supported one, or unknown."""

    unsupported: np.ndarray  # int32 column of the scene, -1
    supported: np.ndarray  # int32 row of `scene.supported`, -1

    @property
    def known(self) -> np.ndarray:
        out: np.ndarray = (self.unsupported >= 0) | (self.supported >= 0)
        return out


def scene_of(rules: Rules, now: int) -> Scene:
    """What holds at a time (microseconds)."""
    unsupported, supported = rules.unsupported(now), rules.supported(now)
    offsets = clocks(now)
    return Scene(
        rules,
        now,
        unsupported,
        supported,
        {place: column for column, place in enumerate(unsupported)},
        {place: row for row, place in enumerate(supported)},
        [offsets.get(country_of(place), ()) for place in unsupported],
        [offsets.get(country_of(place), ()) for place in supported],
    )


def named(scene: Scene, places: pa.Array) -> Named:
    """Place codes as they stand in records: in either case, with or without a subdivision. What ISO 3166 lacks is unknown."""
    encoded = places.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    table = np.full((len(values) + 1, 2), NOBODY, np.int32)  # the last for null
    for number, value in enumerate(values):
        place = value.strip().upper()
        country = country_of(place)
        if country not in countries():
            continue
        place = place if known(place) else country
        if scene.rules.supports(place, scene.now):
            table[number, 1] = scene.rows.get(place, scene.rows.get(country, NOBODY))
        else:
            table[number, 0] = scene.columns.get(place, scene.columns.get(country, NOBODY))
    chosen = table[pc.fill_null(encoded.indices, len(values)).to_numpy(zero_copy_only=False)]
    return Named(chosen[:, 0], chosen[:, 1])
