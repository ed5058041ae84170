"""What the language that clients ask for says about their place: how much more often it is spoken there than elsewhere."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.places import country_of, languages

RARE = 0.01  # share of people who ask for a language that the country's statistics do not list
BY_DEFAULT = 0.3  # share of clients anywhere that ask for English because nobody told them otherwise
REGION_SAID = 0.8  # share of clients that name a region in their tag, `pt-BR`, and name the one they are in


def first_language(headers: pa.Array) -> pa.Array:
    """The first choice of an Accept-Language header, as `ll` or `ll-RR`; null where there is none."""
    found = pc.extract_regex(
        headers, r"^\s*(?P<language>[A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-(?P<region>[A-Za-z]{2}))?(?:[,;\s]|$)"
    )
    language = pc.utf8_lower(found.field("language"))
    region = pc.utf8_upper(found.field("region"))
    tag = pc.if_else(pc.equal(region, ""), language, pc.binary_join_element_wise(language, region, "-"))
    return pc.if_else(found.is_valid(), tag, None)


def language_ratios(tags: list[str], here: tuple[str, ...], elsewhere: tuple[str, ...]) -> np.ndarray:
    """[tags, here]: log of how much more likely a tag is in a place than in the places elsewhere on average."""
    out = np.empty((len(tags), len(here)))
    for row, tag in enumerate(tags):
        general = sum(_chance(tag, place) for place in elsewhere) / max(len(elsewhere), 1)
        out[row] = np.log(np.array([_chance(tag, place) for place in here]) / general)
    return out


def _chance(tag: str, place: str) -> float:
    language, _, region = tag.partition("-")
    country = country_of(place)
    spoken = languages().get(country, {})
    share = spoken.get(language, 0.0) / max(1.0, sum(spoken.values()))
    chance = RARE + (1 - RARE) * share
    if region:
        chance *= REGION_SAID if region == country else 1 - REGION_SAID
    if language == "en" and region in {"", "US"}:
        chance = BY_DEFAULT + (1 - BY_DEFAULT) * chance
    return chance
