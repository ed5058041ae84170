"""Objects, manifests, versions: what is given, in which order, with which headers."""

import uuid

from stillwatch.lab.conformance.clause import Clause, hold, same
from stillwatch.lab.conformance.target import STAMPS, Json, Target

FIRST, LAST = "x-taxii-date-added-first", "x-taxii-date-added-last"
NOT_FOUND, FORBIDDEN = 404, 403
EVERY = {"match[version]": "all"}
Dates = dict[tuple[str, str], str]  # when each version of an object was added


def _dates(target: Target) -> Dates:
    body, _ = target.page("manifest/", target.ours | EVERY)
    return {(one["id"], one["version"]): one["date_added"] for one in body["objects"]}


def _date(dates: Dates, one: Json) -> str:
    """Of an object without a version, the date of the only one that is known."""
    version = one.get("modified", one.get("created"))
    found = [date for (name, told), date in dates.items() if name == one["id"] and version in (None, told)]
    hold(len(found) == 1, f"the manifest has {len(found)} entries for a version of {one['id']}")
    return found[0]


def unchanged(target: Target) -> None:
    found = {one["id"]: one for one in target.objects(target.ours)}
    for one in target.latest:
        same(found.get(one["id"]), one, "an object that was read back")


def envelope(target: Target) -> None:
    body, _ = target.page("objects/", target.ours)
    hold(
        isinstance(body["objects"], list) and all(isinstance(one, dict) for one in body["objects"]),
        "objects is no list of objects",
    )


def empty_envelope(target: Target) -> None:
    body, _ = target.page("objects/", {"match[id]": f"indicator--{uuid.uuid4()}"})
    hold("objects" not in body, "a list without an object in it is given")
    hold(not body.get("more", False), "there is more of nothing")


def empty_manifest(target: Target) -> None:
    body, _ = target.page("manifest/", {"match[id]": f"indicator--{uuid.uuid4()}"})
    hold("objects" not in body, "a list without an entry in it is given")


def objects_sorted(target: Target) -> None:
    dates = _dates(target)
    told = [_date(dates, one) for one in target.objects(target.ours | EVERY)]
    same(told, sorted(told), "the order of the times of adding")


def manifest_sorted(target: Target) -> None:
    body, _ = target.page("manifest/", target.ours | EVERY)
    told = [one["date_added"] for one in body["objects"]]
    same(told, sorted(told), "the order of the times of adding")


def objects_headers(target: Target) -> None:
    dates = _dates(target)
    answer = target.get(f"{target.place}objects/", target.ours | EVERY)
    found = answer.json()["objects"]
    same(answer.headers.get(FIRST), _date(dates, found[0]), FIRST)
    same(answer.headers.get(LAST), _date(dates, found[-1]), LAST)


def manifest_headers(target: Target) -> None:
    body, headers = target.page("manifest/", target.ours)
    same(headers.get(FIRST), body["objects"][0]["date_added"], FIRST)
    same(headers.get(LAST), body["objects"][-1]["date_added"], LAST)


def object_headers(target: Target) -> None:
    one = target.singles[0]
    _, headers = target.page(f"objects/{one['id']}/")
    date = _date(_dates(target), one)
    same((headers.get(FIRST), headers.get(LAST)), (date, date), "the times in the headers")


def versions_headers(target: Target) -> None:
    one = target.singles[0]
    _, headers = target.page(f"objects/{one['id']}/versions/")
    date = _date(_dates(target), one)
    same((headers.get(FIRST), headers.get(LAST)), (date, date), "the times in the headers")


def records(target: Target) -> None:
    body, _ = target.page("manifest/", target.ours)
    same(
        {one["id"] for one in body["objects"]},
        {one["id"] for one in target.latest},
        "what the manifest lists",
    )
    for one in body["objects"]:
        for name in ("id", "date_added", "version"):
            hold(isinstance(one.get(name), str), f"an entry's {name} is {one.get(name)!r}")


def record_versions(target: Target) -> None:
    body, _ = target.page("manifest/", target.ours | EVERY)
    told = sorted(one["version"] for one in body["objects"] if one["id"] == target.versions[0]["id"])
    same(told, list(STAMPS), "the versions in the manifest")


def record_created(target: Target) -> None:
    body, _ = target.page("manifest/", {"match[id]": target.marking["id"]})
    same(
        [one["version"] for one in body["objects"]],
        [target.marking["created"]],
        "the version of what is not versioned",
    )


def record_media(target: Target) -> None:
    body, _ = target.page("manifest/", target.ours)
    allowed = target.collection.get("media_types", ["application/stix+json"])
    for one in body["objects"]:
        hold(one.get("media_type", allowed[0]) in allowed, f"{one.get('media_type')} is not among {allowed}")


def by_id(target: Target) -> None:
    for one in (target.singles[0], target.versions[-1], target.observable):
        body, _ = target.page(f"objects/{one['id']}/")
        same(body["objects"], [one], "what an id leads to")


def by_id_version(target: Target) -> None:
    path = f"objects/{target.versions[0]['id']}/"
    for stamp in STAMPS:
        body, _ = target.page(path, {"match[version]": stamp})
        same([one["modified"] for one in body["objects"]], [stamp], "the version that was asked for")
    body, _ = target.page(path, EVERY)
    same(sorted(one["modified"] for one in body["objects"]), list(STAMPS), "all versions")


def unknown_object(target: Target) -> None:
    status = target.get(f"{target.place}objects/indicator--{uuid.uuid4()}/").status_code
    same(status, NOT_FOUND, "the status")


def versions(target: Target) -> None:
    body, _ = target.page(f"objects/{target.versions[0]['id']}/versions/")
    same(sorted(body["versions"]), list(STAMPS), "the versions")


def unknown_versions(target: Target) -> None:
    status = target.get(f"{target.place}objects/indicator--{uuid.uuid4()}/versions/").status_code
    same(status, NOT_FOUND, "the status")


def unreadable(target: Target) -> None:
    place = target.first(can_read=False, can_write=True)
    for path in ("objects/", "manifest/"):
        status = target.get(f"{place}{path}").status_code
        hold(status in (FORBIDDEN, NOT_FOUND), f"the status of {path} is {status}")


CLAUSES = [
    Clause(
        id="unchanged",
        section="5.5",
        says="Objects, custom ones too, are read back as they were added",
        run=unchanged,
    ),
    Clause(id="envelope", section="3.7", says="Objects are given in a list in an envelope", run=envelope),
    Clause(
        id="envelope-empty",
        section="3.7",
        says="Without objects, the envelope has no list of them",
        run=empty_envelope,
    ),
    Clause(
        id="manifest-empty",
        section="5.3.1",
        says="Without entries, the manifest has no list of them",
        run=empty_manifest,
    ),
    Clause(id="objects-order", section="3.3", says="Objects come in the order of adding", run=objects_sorted),
    Clause(
        id="manifest-order",
        section="3.3",
        says="Entries of a manifest come in the order of adding",
        run=manifest_sorted,
    ),
    Clause(
        id="objects-dates",
        section="3.2",
        says="Headers of objects have the first and the last time of adding",
        run=objects_headers,
    ),
    Clause(id="manifest-dates", section="3.2", says="Headers of a manifest have them", run=manifest_headers),
    Clause(id="object-dates", section="3.2", says="Headers of one object have them", run=object_headers),
    Clause(id="versions-dates", section="3.2", says="Headers of versions have them", run=versions_headers),
    Clause(
        id="manifest-records", section="5.3.1", says="An entry has id, date_added and version", run=records
    ),
    Clause(
        id="manifest-versions",
        section="5.3.1",
        says="The version in an entry is `modified`",
        run=record_versions,
    ),
    Clause(
        id="manifest-created", section="5.3.1", says="Without `modified`, it is `created`", run=record_created
    ),
    Clause(
        id="manifest-media",
        section="5.3.1",
        says="The media type in an entry is one of the collection",
        run=record_media,
    ),
    Clause(id="object", section="5.6", says="An object is found by its id, in its latest version", run=by_id),
    Clause(
        id="object-version", section="5.6", says="A version of an object is found by it", run=by_id_version
    ),
    Clause(
        id="unknown-object",
        section="5.6",
        says="An object that there is not is answered with 404",
        run=unknown_object,
    ),
    Clause(id="versions", section="5.8.1", says="All versions of an object are listed", run=versions),
    Clause(
        id="unknown-versions",
        section="5.8",
        says="Versions of what is not there are answered with 404",
        run=unknown_versions,
    ),
    Clause(
        id="unreadable",
        section="5.4",
        says="A collection that one may not read gives nothing",
        run=unreadable,
    ),
]
