"""The releases among the objects of collections: each is a report, all that it stands for, and the note that signs them.

Objects that several releases have in common, such as marks and the producer, are found by what refers to them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stillwatch.records import Micros
from stillwatch.sharing.finding.signature import NotGenuine, PublicKey
from stillwatch.sharing.formats._projection.stix import extension
from stillwatch.sharing.formats._projection.stix.signed import ABSTRACT, verify_objects

Object = dict[str, object]
UNSIGNED = "there is no signature, or more than one"


class Release(NamedTuple):
    """Objects that came together. `signed` is when, in seconds since 1970; where it does not hold, `refusal` says why."""

    report: str
    objects: list[Object]
    signed: int = 0
    refusal: str | None = None


def releases(objects: Iterable[Object], keys: Sequence[PublicKey], at: Micros) -> Iterator[Release]:
    """Every release, whether one of the keys has signed it or not."""
    by_id = {str(one.get("id")): one for one in objects}
    notes: dict[str, list[Object]] = {}
    for one in by_id.values():
        if one.get("abstract") == ABSTRACT:
            for signed in _texts(one.get("object_refs")):
                notes.setdefault(signed, []).append(one)
    for name, report in by_id.items():
        if report.get("type") == "report":
            held = [*_reached(report, by_id), *notes.get(name, ())]
            yield _verified(name, held, len(notes.get(name, ())), keys, at)


def _verified(report: str, held: list[Object], notes: int, keys: Sequence[PublicKey], at: Micros) -> Release:
    refusal = UNSIGNED
    for key in keys if notes == 1 else ():
        try:
            return Release(report, held, verify_objects(held, key, at))
        except NotGenuine as error:
            refusal = str(error)
    return Release(report, held, refusal=refusal)


def _reached(report: Object, by_id: Mapping[str, Object]) -> Iterator[Object]:
    """The report, what it refers to, and what that needs to be understood, each once."""
    found: dict[str, Object] = {}
    left = [report]
    while left:
        one = left.pop()
        name = str(one.get("id"))
        if name in found or one.get("abstract") == ABSTRACT:
            continue
        found[name] = one
        left += [by_id[other] for other in _references(one) if other in by_id]
    return iter(found.values())


def _references(one: Object) -> Iterator[str]:
    for name, value in one.items():
        if name.endswith("_refs"):
            yield from _texts(value)
        elif name.endswith("_ref") and isinstance(value, str):
            yield value
    carried = one.get("extensions")
    if isinstance(carried, dict) and extension.ID in carried:
        yield extension.ID


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
