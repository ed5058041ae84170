"""Discovery, API roots, collections."""

import uuid
from urllib.parse import urlsplit

from stillwatch.lab.conformance.clause import Clause, NotApplicable, hold, same
from stillwatch.lab.conformance.target import TYPE, Json, Target

TOO_LARGE, NOT_FOUND = 413, 404
LARGEST = 256 << 20  # bytes that are sent to see a bound kept


def discovery(target: Target) -> None:
    answer = target.get(f"{target.base}/taxii2/")
    same(answer.status_code, 200, "the status")
    body = answer.json()
    hold(isinstance(body.get("title"), str) and body["title"], "there is no title")
    for name in ("description", "contact", "default"):
        hold(isinstance(body.get(name, ""), str), f"{name} is no text")


def api_roots(target: Target) -> None:
    roots = target.get(f"{target.base}/taxii2/").json()["api_roots"]
    hold(isinstance(roots, list) and roots, "there is no API root")
    for root in roots:
        relative = root.startswith("/") and not root.startswith(("//", "/../"))
        hold(relative or root.startswith("https://"), f"{root} is neither https nor begins with one /")
        hold(not urlsplit(root).query, f"{root} has a query")


def default_root(target: Target) -> None:
    body = target.get(f"{target.base}/taxii2/").json()
    if "default" not in body:
        raise NotApplicable("there is no default API root")
    hold(body["default"] in body["api_roots"], "the default is not among the API roots")


def api_root(target: Target) -> None:
    answer = target.get(target.root)
    same(answer.status_code, 200, "the status")
    body = answer.json()
    hold(isinstance(body["title"], str) and body["title"], "there is no title")


def root_versions(target: Target) -> None:
    versions = target.get(target.root).json()["versions"]
    hold(TYPE in versions, f"{TYPE} is not among {versions}")


def longest(target: Target) -> None:
    length = target.get(target.root).json()["max_content_length"]
    hold(isinstance(length, int) and length > 0, f"max_content_length is {length!r}")


def longer(target: Target) -> None:
    length = target.get(target.root).json()["max_content_length"]
    if length > LARGEST:
        raise NotApplicable("more than is sent here is taken")
    answer = target.post(f"{target.place}objects/", b" " * (length + 1))
    same(answer.status_code, TOO_LARGE, "the status of a body over the bound")


def shorter(target: Target) -> None:
    length = target.get(target.root).json()["max_content_length"]
    body = b'{"objects":[]}'
    if length > LARGEST:
        raise NotApplicable("more than is sent here is taken")
    answer = target.post(f"{target.place}objects/", body + b" " * max(length - 1 - len(body), 0))
    hold(answer.status_code != TOO_LARGE, "a body below the bound is too long")


def unknown_root(target: Target) -> None:
    """A server may say no more of what is not there than of what one may not see."""
    status = target.get(f"{target.base}/{uuid.uuid4()}/").status_code
    hold(status in (NOT_FOUND, 401, 403), f"the status is {status}")


def listed(target: Target) -> None:
    answer = target.get(f"{target.root}collections/")
    same(answer.status_code, 200, "the status")
    for one in answer.json()["collections"]:
        _check_collection(one)


def consistent(target: Target) -> None:
    first, again = (target.get(f"{target.root}collections/").json()["collections"] for _ in range(2))
    same([one["id"] for one in again], [one["id"] for one in first], "the order of collections")


def aliases(target: Target) -> None:
    told = [one["alias"] for one in target.listed if "alias" in one]
    same(len(set(told)), len(told), "the number of aliases")


def one_collection(target: Target) -> None:
    answer = target.get(target.place)
    same(answer.status_code, 200, "the status")
    _check_collection(answer.json())
    same(answer.json(), target.collection, "the collection, beside how it is listed,")


def by_alias(target: Target) -> None:
    alias = target.collection.get("alias")
    if alias is None:
        raise NotApplicable("the collection has no alias")
    answer = target.get(f"{target.root}collections/{alias}/")
    same(
        (answer.status_code, answer.json().get("id")),
        (200, target.collection["id"]),
        "what the alias leads to",
    )


def unknown_collection(target: Target) -> None:
    for path in ("", "objects/", "manifest/"):
        status = target.get(f"{target.root}collections/{uuid.uuid4()}/{path}").status_code
        same(status, NOT_FOUND, f"the status of a collection that there is not, {path or 'itself'}")


def _check_collection(one: Json) -> None:
    for name, kind in {"id": str, "title": str, "can_read": bool, "can_write": bool}.items():
        hold(isinstance(one.get(name), kind), f"a collection's {name} is {one.get(name)!r}")
    media = one.get("media_types", ["application/stix+json"])
    hold(isinstance(media, list) and media, "media_types is an empty list, or none")


CLAUSES = [
    Clause(id="discovery", section="4.1.1", says="Discovery is at /taxii2/ and has a title", run=discovery),
    Clause(
        id="api-roots",
        section="4.1.1",
        says="API roots are https URLs or begin with one /, without a query",
        run=api_roots,
    ),
    Clause(id="default-root", section="4.1.1", says="The default is one of the API roots", run=default_root),
    Clause(id="api-root", section="4.2.1", says="An API root has a title", run=api_root),
    Clause(
        id="api-root-versions",
        section="4.2.1",
        says="An API root says that it speaks TAXII 2.1",
        run=root_versions,
    ),
    Clause(
        id="max-content-length",
        section="4.2.1",
        says="The longest body is a positive whole number",
        run=longest,
    ),
    Clause(
        id="body-below-bound", section="4.2.1", says="A shorter body is not answered with 413", run=shorter
    ),
    Clause(id="body-above-bound", section="5.5", says="A longer body is answered with 413", run=longer),
    Clause(
        id="unknown-root", section="4.2", says="An API root that there is not is not served", run=unknown_root
    ),
    Clause(
        id="collections", section="5.1.1", says="Collections have id, title and what may be done", run=listed
    ),
    Clause(
        id="collections-order",
        section="3.3",
        says="Collections come in the same order each time",
        run=consistent,
    ),
    Clause(
        id="aliases", section="5.2.1", says="An alias stands for one collection of an API root", run=aliases
    ),
    Clause(
        id="collection",
        section="5.2",
        says="A collection by its id is the one that is listed",
        run=one_collection,
    ),
    Clause(
        id="collection-by-alias",
        section="5.2.1",
        says="An alias can be used in place of the id",
        run=by_alias,
    ),
    Clause(
        id="unknown-collection",
        section="5.2",
        says="A collection that there is not is answered with 404",
        run=unknown_collection,
    ),
]
