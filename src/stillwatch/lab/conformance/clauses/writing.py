"""Adding, the status of it, and taking out."""

import time
import uuid

from stillwatch.lab.conformance.clause import Broken, Clause, hold, same
from stillwatch.lab.conformance.target import STAMPS, Json, Target, fresh

ACCEPTED, BAD_REQUEST, FORBIDDEN, NOT_FOUND, UNPROCESSABLE = 202, 400, 403, 404, 422
PATIENCE = 30.0  # seconds until a status is complete
COUNTS = {"successes": "success_count", "failures": "failure_count", "pendings": "pending_count"}


def _complete(target: Target, status: Json) -> Json:
    until = time.monotonic() + PATIENCE
    while status["status"] == "pending":
        if time.monotonic() > until:
            raise Broken(f"a request is pending after {PATIENCE:.0f} seconds")
        time.sleep(0.1)
        status = target.get(f"{target.root}status/{status['id']}/").json()
    return status


def accepted(target: Target) -> None:
    one = fresh()
    status = _complete(target, target.add([one]))
    same((status["success_count"], status["failure_count"]), (1, 0), "what became of an object")
    same(target.objects({"match[id]": one["id"]}), [one], "what was added")


def status_required(target: Target) -> None:
    status = target.add([fresh()])
    hold(isinstance(status["id"], str), "a status has no id")
    hold(status["status"] in ("complete", "pending"), f"a status is {status['status']!r}")
    for name in ("total_count", *COUNTS.values()):
        hold(isinstance(status[name], int), f"{name} is {status.get(name)!r}")


def status_counts(target: Target) -> None:
    status = target.add([fresh(), fresh()])
    same(sum(status[name] for name in COUNTS.values()), status["total_count"], "the sum of the counts")
    same(status["total_count"], 2, "the number of objects in the request")


def status_lists(target: Target) -> None:
    status = target.add([fresh(), fresh()])
    for name, count in COUNTS.items():
        if name in status:
            same(len(status[name]), status[count], f"the length of {name}")
            hold(status[name], f"{name} is an empty list")


def status_details(target: Target) -> None:
    one = fresh()
    status = _complete(target, target.add([one]))
    for detail in status.get("successes", []):
        same((detail["id"], detail["version"]), (one["id"], one["modified"]), "what is told of an object")


def status_later(target: Target) -> None:
    status = target.add([fresh()])
    answer = target.get(f"{target.root}status/{status['id']}/")
    same(
        (answer.status_code, answer.json().get("id")), (200, status["id"]), "the status when asked for later"
    )
    same(_complete(target, answer.json())["success_count"], 1, "the successes told later")


def unknown_status(target: Target) -> None:
    same(target.get(f"{target.root}status/{uuid.uuid4()}/").status_code, NOT_FOUND, "the status")


def no_json(target: Target) -> None:
    status = target.post(f"{target.place}objects/", b"{objects").status_code
    hold(status in (BAD_REQUEST, UNPROCESSABLE), f"the status of what is no JSON is {status}")


def no_envelope(target: Target) -> None:
    for body in (b"[]", b'{"objects": 7}', b'"text"'):
        status = target.post(f"{target.place}objects/", body).status_code
        hold(status in (BAD_REQUEST, UNPROCESSABLE), f"the status of {body!r} is {status}")


def refused(target: Target) -> None:
    """Whole or in part: a server that takes nothing of such a request says so by its status."""
    good = fresh()
    bad: dict[str, object] = {"type": "indicator", "spec_version": "2.1"}
    answer = target.post(f"{target.place}objects/", {"objects": [good, bad]})
    if answer.status_code in (BAD_REQUEST, UNPROCESSABLE):
        return
    same(answer.status_code, ACCEPTED, "the status")
    status = _complete(target, answer.json())
    same(
        (status["success_count"], status["failure_count"]),
        (1, 1),
        "what became of one good and one bad object",
    )


def again(target: Target) -> None:
    one = fresh()
    target.add([one])
    status = _complete(target, target.add([one]))
    same(status["failure_count"], 0, "the failures of adding what is there")
    found = target.objects({"match[id]": one["id"], "match[version]": "all"})
    same(found, [one], "what is there after adding it twice")


def unwritable(target: Target) -> None:
    place = target.first(can_read=True, can_write=False)
    status = target.post(f"{place}objects/", {"objects": [fresh()]}).status_code
    hold(status in (FORBIDDEN, NOT_FOUND), f"the status is {status}")


def deleted(target: Target) -> None:
    one = fresh()
    target.add([one])
    same(target.delete(f"{target.place}objects/{one['id']}/").status_code, 200, "the status")
    same(target.get(f"{target.place}objects/{one['id']}/").status_code, NOT_FOUND, "the status after it")
    told = target.page("manifest/", {"match[id]": one["id"]})[0]
    hold("objects" not in told, "the manifest has it still")


def version_deleted(target: Target) -> None:
    first = fresh()
    second: Json = first | {"modified": STAMPS[1]}
    target.add([first])
    target.add([second])
    url = f"{target.place}objects/{first['id']}/"
    same(target.delete(url, {"match[version]": STAMPS[1]}).status_code, 200, "the status")
    same(target.objects({"match[id]": first["id"], "match[version]": "all"}), [first], "what is left")
    same(target.objects({"match[id]": first["id"]}), [first], "the latest that is left")


def unknown_deleted(target: Target) -> None:
    status = target.delete(f"{target.place}objects/indicator--{uuid.uuid4()}/").status_code
    same(status, NOT_FOUND, "the status")


def not_deleted(target: Target) -> None:
    place = target.first(can_read=True, can_write=False)
    status = target.delete(f"{place}objects/indicator--{uuid.uuid4()}/").status_code
    hold(status in (FORBIDDEN, NOT_FOUND), f"the status is {status}")


def any_object(target: Target) -> None:
    """An object whose `version` is no time: reading the collection afterwards must still work."""
    one: Json = {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": f"extension-definition--{uuid.uuid4()}",
        "created_by_ref": f"identity--{uuid.uuid4()}",
        "created": STAMPS[0],
        "modified": STAMPS[0],
        "name": "Probe",
        "schema": "https://example.org/schema.json",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
    target.add([one])
    same(target.objects({"match[id]": one["id"]}), [one], "an extension definition that was read back")
    same(target.get(f"{target.place}objects/").status_code, 200, "the status of the collection after it")


CLAUSES = [
    Clause(
        id="add",
        section="5.5",
        says="Adding is answered with 202, and what was added can be read",
        run=accepted,
    ),
    Clause(
        id="status",
        section="4.3.1",
        says="A status has its id, its state and its counts",
        run=status_required,
    ),
    Clause(
        id="status-sum",
        section="4.3.1",
        says="The counts add up to the objects of the request",
        run=status_counts,
    ),
    Clause(
        id="status-lists",
        section="4.3.1",
        says="A list in a status has as many entries as its count says",
        run=status_lists,
    ),
    Clause(
        id="status-details",
        section="4.3.2",
        says="An entry has the object's id and version",
        run=status_details,
    ),
    Clause(id="status-later", section="4.3", says="A status can be asked for later", run=status_later),
    Clause(
        id="unknown-status",
        section="4.3",
        says="A status that there is not is answered with 404",
        run=unknown_status,
    ),
    Clause(
        id="add-no-json",
        section="5.5",
        says="A body that is no JSON is answered with 400 or 422",
        run=no_json,
    ),
    Clause(
        id="add-no-envelope",
        section="5.5",
        says="A body that is no envelope is answered with 400 or 422",
        run=no_envelope,
    ),
    Clause(
        id="add-refused",
        section="5.5",
        says="An object that cannot be taken is told as a failure",
        run=refused,
    ),
    Clause(
        id="add-again",
        section="5.5",
        says="A version that is there already is no failure and no second one",
        run=again,
    ),
    Clause(
        id="unwritable",
        section="5.5",
        says="A collection that one may not write takes nothing",
        run=unwritable,
    ),
    Clause(id="delete", section="5.7", says="An object that is deleted is gone", run=deleted),
    Clause(id="delete-version", section="5.7", says="One version can be deleted", run=version_deleted),
    Clause(
        id="delete-unknown",
        section="5.7",
        says="Deleting what is not there is answered with 404",
        run=unknown_deleted,
    ),
    Clause(
        id="delete-unwritable",
        section="5.7",
        says="In a collection that one may not write nothing is deleted",
        run=not_deleted,
    ),
    Clause(
        id="any-object",
        section="1.6.10",
        says="Every kind of STIX object can be held",
        run=any_object,
        spoils=True,
    ),
]
