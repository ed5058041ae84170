"""The Traffic Light Protocol on STIX objects: which level an object carries, by the markings of both of its versions.

The ids are fixed by STIX 2.1 (TLP 1.0) and by the extension for TLP 2.0. An object is as confidential as the strictest
marking on it or on any part of it. Markings that are no TLP do not count here: a release policy may look at them.
"""

from collections.abc import Mapping
from enum import IntEnum


class Level(IntEnum):
    """From what everybody may see to what only the named recipients may."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "+")


LABELS = {level.label: level for level in Level}
MARKINGS = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Level.CLEAR,  # TLP 1.0, WHITE
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Level.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Level.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Level.RED,
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Level.CLEAR,  # TLP 2.0
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Level.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Level.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Level.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Level.RED,
}
DEFINITIONS = ("marking-definition", "extension-definition")  # say what words mean, and nothing of anybody


def stated_level(stix: Mapping[str, object]) -> Level | None:
    """The level that an admitted object states; None where it states none."""
    refs = stix.get("object_marking_refs", [])
    granular = stix.get("granular_markings", [])
    assert isinstance(refs, list)
    assert isinstance(granular, list)
    found = [MARKINGS[ref] for ref in refs if ref in MARKINGS]
    found += [MARKINGS[one["marking_ref"]] for one in granular if one.get("marking_ref") in MARKINGS]
    if not found and stix["type"] in DEFINITIONS:
        return Level.CLEAR
    return max(found, default=None)
