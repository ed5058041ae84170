"""The countries of the world and their subdivisions: codes (ISO 3166), clocks (tz database), languages (CLDR).

A place is a country, `NZ`, or a subdivision of one, `NZ-CIT`.
"""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from stillwatch.access.regions.extra import missing
from stillwatch.records.times import moment

STEPS_A_DAY = 48  # clocks in half hours: the tz database's few quarter hours are rounded
_HALF_HOUR = timedelta(minutes=30)
_OTHER_NAMES = {"UK": "GB", "EL": "GR"}  # codes in common use that ISO 3166-1 reserves, or gives to nobody


@cache
def countries() -> Mapping[str, str]:
    """The name of each country by its ISO 3166-1 alpha-2 code."""
    try:
        import pycountry  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise missing(error) from error
    return {country.alpha_2: country.name for country in pycountry.countries}


@cache
def subdivisions() -> Mapping[str, str]:
    """The name of each subdivision by its ISO 3166-2 code."""
    try:
        import pycountry  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise missing(error) from error
    return {subdivision.code: subdivision.name for subdivision in pycountry.subdivisions}


def known(place: str) -> bool:
    """Whether ISO 3166 knows a place."""
    return place in countries() or place in subdivisions()


def country_of(place: str) -> str:
    """The country that a place is, or lies in."""
    return place.partition("-")[0]


def name_of(place: str) -> str:
    """The name of a place that ISO 3166 knows, and else the code."""
    return countries().get(place) or subdivisions().get(place) or place


def country_meant(code: str) -> str | None:
    """The code that somebody who wrote an unknown one probably meant, if that can be told."""
    import pycountry  # noqa: PLC0415 - an optional extra

    upper = code.strip().upper()
    if upper in countries():
        return upper
    if upper in _OTHER_NAMES:
        return _OTHER_NAMES[upper]
    try:
        found: str = pycountry.countries.lookup(code).alpha_2
    except LookupError:
        return None
    return found


def subdivision_meant(code: str, country: str) -> str | None:
    """The subdivision of a country that an unknown code probably stands for."""
    own = {known: name for known, name in subdivisions().items() if country_of(known) == country}
    whole = code.upper() if "-" in code else f"{country}-{code.upper()}"
    if whole in own:
        return whole
    by_name = {name.casefold(): known for known, name in own.items()}
    within = [known for name, known in by_name.items() if len(code) > 3 and code.casefold() in name]
    near = within or [by_name[name] for name in get_close_matches(code.casefold(), by_name, n=1, cutoff=0.8)]
    if near:
        return near[0]
    return next(iter(get_close_matches(whole, own, n=1, cutoff=0.8)), None)


def clocks(now: int) -> Mapping[str, tuple[int, ...]]:
    """The offsets from UTC that are in force in each country, in half hours east."""
    zone_of: dict[str, ZoneInfo] = {}
    out: dict[str, set[int]] = {}
    for country, zone in _zones():
        known = zone_of.setdefault(zone, ZoneInfo(zone))
        offset = moment(now).astimezone(known).utcoffset() or timedelta()
        out.setdefault(country, set()).add(round(offset / _HALF_HOUR))
    return {country: tuple(sorted(offsets)) for country, offsets in out.items()}


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    try:
        import tzdata  # noqa: F401, PLC0415 - an optional extra, asked for by name so that its absence is plain
    except ImportError as error:
        raise missing(error) from error
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)


@cache
def languages() -> Mapping[str, Mapping[str, float]]:
    """For each country the share of its people who speak a language, 0 to 1."""
    try:
        from babel.core import get_global  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise missing(error) from error
    return {
        territory: {tag.split("_")[0]: facts["population_percent"] / 100 for tag, facts in spoken.items()}
        for territory, spoken in get_global("territory_languages").items()
        if territory in countries()
    }
