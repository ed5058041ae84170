"""What holds for all answers: media types, errors, credentials, timestamps."""

import re
from uuid import UUID

from stillwatch.lab.conformance.clause import Clause, NotApplicable, hold, same
from stillwatch.lab.conformance.target import ANY, TYPE, Target

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
UNAUTHORIZED, NOT_FOUND, NOT_ACCEPTABLE, UNSUPPORTED = 401, 404, 406, 415


def _places(target: Target) -> list[str]:
    return [
        f"{target.base}/taxii2/",
        target.root,
        f"{target.root}collections/",
        target.place,
        f"{target.place}manifest/",
        f"{target.place}objects/",
    ]


def media_type(target: Target) -> None:
    for place in _places(target):
        told = target.get(place).headers.get("content-type", "").replace(" ", "").lower()
        same(told, TYPE, f"the type of {place}")


def any_version(target: Target) -> None:
    for place in _places(target):
        same(target.get(place, accept=ANY).status_code, 200, "the status with a type of no version")


def other_type(target: Target) -> None:
    for place in _places(target):
        same(
            target.get(place, accept="application/xml").status_code, NOT_ACCEPTABLE, f"the status of {place}"
        )


def other_version(target: Target) -> None:
    status = target.get(target.root, accept=f"{ANY};version=1.9").status_code
    same(status, NOT_ACCEPTABLE, "the status for a version that there is not")


def one_of_several(target: Target) -> None:
    status = target.get(target.root, accept=f"text/html, {TYPE}").status_code
    same(status, 200, "the status where one of the accepted types is spoken")


def content_type(target: Target) -> None:
    for kind in ("text/plain", "application/vnd.oasis.stix+json;version=2.0"):
        status = target.post(f"{target.place}objects/", {"objects": []}, kind=kind).status_code
        same(status, UNSUPPORTED, f"the status of a body that is {kind}")


def error_resource(target: Target) -> None:
    answer = target.get(f"{target.root}collections/00000000-0000-4000-8000-000000000000/")
    same(answer.status_code, NOT_FOUND, "the status of a collection that there is not")
    title = answer.json()["title"]
    hold(isinstance(title, str) and title, "an error has no title")


def error_status(target: Target) -> None:
    answer = target.get(f"{target.root}collections/00000000-0000-4000-8000-000000000000/")
    if "http_status" not in answer.json():
        raise NotApplicable("errors do not state the status")
    same(answer.json()["http_status"], str(answer.status_code), "http_status")


def error_type(target: Target) -> None:
    answer = target.get(f"{target.root}collections/00000000-0000-4000-8000-000000000000/")
    told = answer.headers.get("content-type", "").replace(" ", "").lower()
    same(told, TYPE, "the type of an error")


def no_credentials(target: Target) -> None:
    if target.outside.get(target.root, headers={"accept": TYPE}).status_code == 200:
        raise NotApplicable("everybody is let in")
    for place in _places(target):
        same(
            target.outside.get(place, headers={"accept": TYPE}).status_code,
            UNAUTHORIZED,
            f"the status of {place}",
        )


def challenge(target: Target) -> None:
    answer = target.outside.get(target.root, headers={"accept": TYPE})
    if answer.status_code == 200:
        raise NotApplicable("everybody is let in")
    hold(answer.headers.get("www-authenticate"), "there is no WWW-Authenticate")


def basic(target: Target) -> None:
    answer = target.outside.get(target.root, headers={"accept": TYPE})
    if answer.status_code == 200:
        raise NotApplicable("everybody is let in")
    hold("basic" in answer.headers.get("www-authenticate", "").lower(), "Basic is not among the schemes")


def wrong_credentials(target: Target) -> None:
    answer = target.outside.get(target.root, headers={"accept": TYPE}, auth=("nobody", "nothing"))
    if target.outside.get(target.root, headers={"accept": TYPE}).status_code == 200:
        raise NotApplicable("everybody is let in")
    same(answer.status_code, UNAUTHORIZED, "the status with a password that is wrong")


def timestamps(target: Target) -> None:
    body, headers = target.page("manifest/", target.ours)
    told = [one["date_added"] for one in body["objects"]]
    told += [headers["x-taxii-date-added-first"], headers["x-taxii-date-added-last"]]
    wrong = [one for one in told if not STAMP.fullmatch(one)]
    hold(not wrong, f"not in UTC to the microsecond: {wrong[:1]}")


def identifiers(target: Target) -> None:
    for one in target.listed:
        found = UUID(one["id"])
        same((found.version, str(found)), (4, one["id"].lower()), "the UUID of a collection")


CLAUSES = [
    Clause(
        id="media-type",
        section="1.6.8",
        says="Answers are of the TAXII media type, with its version",
        run=media_type,
    ),
    Clause(
        id="accept-any-version",
        section="1.6.8",
        says="A client need not name the version it accepts",
        run=any_version,
    ),
    Clause(
        id="accept-several",
        section="1.6.8",
        says="One accepted type that is spoken is enough",
        run=one_of_several,
    ),
    Clause(
        id="not-acceptable",
        section="1.6.8",
        says="A type that is not spoken is answered with 406",
        run=other_type,
    ),
    Clause(
        id="not-acceptable-version",
        section="1.6.8",
        says="A version that is not spoken is answered with 406",
        run=other_version,
    ),
    Clause(
        id="unsupported-type",
        section="1.6.8",
        says="A body of another type is answered with 415",
        run=content_type,
    ),
    Clause(id="error-resource", section="3.6.1", says="An error has a body with a title", run=error_resource),
    Clause(
        id="error-status",
        section="3.6.1",
        says="The status in an error is that of the answer, as text",
        run=error_status,
    ),
    Clause(id="error-type", section="3.6", says="An error is of the TAXII media type", run=error_type),
    Clause(
        id="unauthorized",
        section="1.6.9",
        says="Without credentials, 401 at every endpoint",
        run=no_credentials,
    ),
    Clause(id="challenge", section="1.6.9", says="401 comes with WWW-Authenticate", run=challenge),
    Clause(id="basic", section="7.3.2", says="HTTP Basic is implemented", run=basic),
    Clause(
        id="wrong-credentials", section="7.3.2", says="With wrong credentials, 401", run=wrong_credentials
    ),
    Clause(
        id="timestamps",
        section="2",
        says="Timestamps are RFC 3339 in UTC with six digits of a second",
        run=timestamps,
    ),
    Clause(id="identifiers", section="2", says="Identifiers are UUIDs of version 4", run=identifiers),
]
