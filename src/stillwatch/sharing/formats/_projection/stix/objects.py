"""What all STIX objects of a view have alike: ids, times, producer, marks, and whether they were revoked."""

from uuid import UUID, uuid5

from stillwatch.sharing.finding.signature import canonical
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.names import producer_uuid, time_text, uuid_of
from stillwatch.sharing.formats._projection.stix import tlp

OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # the namespace of STIX 2.1 for ids of observables
MOST_COUNTED = 999_999_999  # of a sighting or an observation

Object = dict[str, object]


class Maker:
    """Makes the objects of one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.producer = f"identity--{producer_uuid(view)}"
        self.modified = time_text(view.modified)
        self.created = time_text(min(view.finding.created, view.released))
        self.marks = [tlp.IDS[view.tlp]]

    def reference(self, kind: str, key: str) -> str:
        return f"{kind}--{uuid_of(self.view, kind, key)}"

    def domain(self, kind: str, key: str, **properties: object) -> Object:
        """A domain or relationship object; properties that are None or empty are left out."""
        revoked: Object = {"revoked": True} if self.view.revoked else {}
        kept = {
            name: value for name, value in properties.items() if value is not None and value not in ([], {})
        }
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": self.reference(kind, key),
            "created_by_ref": self.producer,
            "created": self.created,
            "modified": self.modified,
            **revoked,
            **kept,
            "object_marking_refs": self.marks,
        }

    def relation(self, source: Object, verb: str, target: Object) -> Object:
        return self.domain(
            "relationship",
            f"{source['id']}/{verb}/{target['id']}",
            relationship_type=verb,
            source_ref=source["id"],
            target_ref=target["id"],
        )

    def observable(self, kind: str, *, public: bool = False, **contributing: object) -> Object:
        """A cyber-observable, whose id follows from its content by the specification; what is `public` has no mark."""
        identity = uuid5(OBSERVABLES, canonical(contributing).decode())
        found: Object = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{identity}", **contributing}
        return found if public else {**found, "object_marking_refs": self.marks}


def counted(number: float) -> int:
    return min(int(number), MOST_COUNTED)
