"""A release as objects alone, as collections hold them, with its signature as a note among them.

The signature is a detached JWS over the canonical JSON of the list of all other objects, in the order of their ids.
"""

import json
from collections.abc import Iterable

from stillwatch.records import Micros
from stillwatch.sharing.finding.signature import NotGenuine, PublicKey, canonical, verify
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.stix.bundle import bundle
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object

FILE = "objects.json"
ABSTRACT = "Signature of the release: detached JWS over RFC 8785 JSON of all other objects by id"


def collection_files(view: View) -> dict[str, bytes]:
    """What the gate signs for a collection."""
    return {FILE: canonical(_ordered(_objects(bundle(view)))) + b"\n"}


def with_signature(view: View, files: dict[str, bytes]) -> list[Object]:
    """The objects that a collection gets of a release that was made by `collection_files`."""
    objects: list[Object] = json.loads(files[FILE])
    report = next(one["id"] for one in objects if one["type"] == "report")
    note = Maker(view).domain(
        "note",
        "signature",
        abstract=ABSTRACT,
        content=files[f"{FILE}.jws"].decode().strip(),
        object_refs=[report],
    )
    return [*objects, note]


def verify_objects(objects: Iterable[Object], key: PublicKey, at: Micros) -> int:
    """Check the objects of one release; returns when it was signed, in seconds since 1970. Raises NotGenuine."""
    notes: list[Object] = []
    others: list[Object] = []
    for one in objects:
        (notes if one.get("abstract") == ABSTRACT else others).append(one)
    if len(notes) != 1:
        raise NotGenuine(f"one signature is needed, and there are {len(notes)}")
    return verify(canonical(_ordered(others)), str(notes[0].get("content")), key, at)


def _objects(made: Object) -> list[Object]:
    objects = made["objects"]
    assert isinstance(objects, list)  # a bundle of ours
    return objects


def _ordered(objects: Iterable[Object]) -> list[Object]:
    return sorted(objects, key=lambda one: str(one.get("id")))
