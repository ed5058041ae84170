"""What is done at each endpoint below an API root."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from stillwatch.cases.store import Tenant
from stillwatch.records import rfc3339
from stillwatch.sharing.taxii.filters import Filter, position, read_filter
from stillwatch.sharing.taxii.partners import Partner, Shelf, find_shelf, list_shelves
from stillwatch.sharing.taxii.reading import Page, exists, read_page
from stillwatch.sharing.taxii.records import (
    MEDIA_TYPE,
    STIX,
    Collection,
    Collections,
    Envelope,
    Manifest,
    ManifestRecord,
    Versions,
)
from stillwatch.sharing.taxii.refusal import NotServed, misunderstood, not_found
from stillwatch.sharing.taxii.release import Release
from stillwatch.sharing.taxii.writing import NotYours, add, delete, find_status

FIRST, LAST = "x-taxii-date-added-first", "x-taxii-date-added-last"
CLOSE = {"connection": "close"}  # what is left of a body is not read


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was let in."""

    tenant: Tenant
    partner: Partner
    release: Release
    path: Mapping[str, str]
    parameters: Sequence[tuple[str, str]]
    bodies: Sequence[bytes]


class Wrapper(msgspec.Struct, frozen=True):
    """What objects are handed in in; a bundle of STIX does as well."""

    objects: list[msgspec.Raw]


Endpoint: TypeAlias = Callable[[Asked], "bytes | Response"]


def get_status(asked: Asked) -> bytes:
    found = find_status(asked.tenant, asked.partner, asked.path["status"])
    if found is None:
        raise not_found()
    return found


def get_collections(asked: Asked) -> bytes:
    shelves = list_shelves(asked.tenant, asked.partner)
    return msgspec.json.encode(Collections(collections=[_described(one) for one in shelves]))


def get_collection(asked: Asked) -> bytes:
    return msgspec.json.encode(_described(_shelf(asked)))


def get_manifest(asked: Asked) -> Response:
    page, _ = _page(asked, ("id", "type", "version", "spec_version"))
    found = [
        ManifestRecord(
            id=one.object_id,
            date_added=rfc3339(one.added),
            version=one.version_text,
            media_type=STIX,
        )
        for one in page.held
    ]
    return _paged(page, msgspec.json.encode(Manifest(more=page.more, next=_next(page), objects=found)))


def get_objects(asked: Asked) -> Response:
    page, _ = _page(asked, ("id", "type", "version", "spec_version"))
    return _enveloped(page)


def get_object(asked: Asked) -> Response:
    page, shelf = _page(asked, ("version", "spec_version"), object_id=asked.path["object"])
    _check_exists(asked, page, shelf)
    return _enveloped(page)


def get_versions(asked: Asked) -> Response:
    page, shelf = _page(asked, ("spec_version",), object_id=asked.path["object"], every=True)
    _check_exists(asked, page, shelf)
    found = [one.version_text for one in page.held]
    return _paged(page, msgspec.json.encode(Versions(more=page.more, next=_next(page), versions=found)))


def add_objects(asked: Asked) -> Response:
    shelf = check_writable(asked)
    status = add(asked.tenant, shelf, asked.partner.name, asked.bodies)
    return Response(msgspec.json.encode(status), status_code=HTTPStatus.ACCEPTED, media_type=MEDIA_TYPE)


def delete_object(asked: Asked) -> Response:
    shelf = _shelf(asked)
    if not (shelf.can_read and shelf.can_write):
        raise NotServed(HTTPStatus.FORBIDDEN, "taking out of a collection needs reading and writing it")
    wanted = read_filter(asked.parameters, ("version", "spec_version"))
    if not any(name == "match[version]" for name, _ in asked.parameters):
        wanted = msgspec.structs.replace(wanted, every=True)
    shown = asked.release(asked.partner, shelf)
    try:
        count = delete(asked.tenant, shelf, shown, asked.partner, asked.path["object"], wanted)
    except NotYours as error:
        raise NotServed(HTTPStatus.FORBIDDEN, "another partner handed this object in") from error
    if count == 0:
        raise not_found()
    return Response(status_code=HTTPStatus.OK, media_type=MEDIA_TYPE)


ENDPOINTS: dict[str, dict[str, Endpoint]] = {
    "status/{status}/": {"GET": get_status},
    "collections/": {"GET": get_collections},
    "collections/{collection}/": {"GET": get_collection},
    "collections/{collection}/manifest/": {"GET": get_manifest},
    "collections/{collection}/objects/": {"GET": get_objects, "POST": add_objects},
    "collections/{collection}/objects/{object}/": {"GET": get_object, "DELETE": delete_object},
    "collections/{collection}/objects/{object}/versions/": {"GET": get_versions},
}


def check_writable(asked: Asked) -> Shelf:
    """The collection, which the partner may write. Raises NotServed."""
    shelf = _shelf(asked)
    if not shelf.can_write:
        raise NotServed(HTTPStatus.FORBIDDEN, "you may read this collection, and not write it")
    return shelf


async def whole_body(request: Request, most: int) -> bytes:
    """All of a body. Raises NotServed where it is longer."""
    too_long = NotServed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body may have up to {most:,} bytes", CLOSE)
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:19]) > most:
        raise too_long
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise too_long
    return bytes(data)


def objects_of(body: bytes, most: int) -> list[bytes]:
    """The objects in an envelope, each as its bytes. Raises NotServed."""
    try:
        wrapper = msgspec.json.decode(body, type=Wrapper)
    except msgspec.ValidationError as error:
        raise _unprocessable("the body is no envelope with a list of objects") from error
    except RecursionError as error:
        raise _unprocessable("the body is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise misunderstood("the body is not JSON") from error
    if not 0 < len(wrapper.objects) <= most:
        raise _unprocessable(f"an envelope holds 1 to {most:,} objects")
    return [bytes(one) for one in wrapper.objects]


def _unprocessable(why: str) -> NotServed:
    return NotServed(HTTPStatus.UNPROCESSABLE_ENTITY, why)


def _shelf(asked: Asked) -> Shelf:
    found = find_shelf(asked.tenant, asked.partner, asked.path["collection"])
    if found is None:
        raise not_found()
    return found


def _described(shelf: Shelf) -> Collection:
    return Collection(
        id=shelf.collection_id,
        title=shelf.title,
        description=shelf.description,
        alias=shelf.alias,
        can_read=shelf.can_read,
        can_write=shelf.can_write,
        media_types=[STIX],
    )


def _page(
    asked: Asked, fields: Sequence[str], *, object_id: str | None = None, every: bool = False
) -> tuple[Page, Shelf]:
    shelf = _shelf(asked)
    if not shelf.can_read:
        raise NotServed(HTTPStatus.FORBIDDEN, "you may write this collection, and not read it")
    wanted: Filter = read_filter(asked.parameters, fields)
    if object_id is not None:
        wanted = msgspec.structs.replace(wanted, ids=[object_id], every=every or wanted.every)
    return read_page(asked.tenant, shelf, asked.release(asked.partner, shelf), wanted), shelf


def _check_exists(asked: Asked, page: Page, shelf: Shelf) -> None:
    """Of an object that is not there, other than of one that a filter leaves out, an error is told. Raises NotServed."""
    shown = asked.release(asked.partner, shelf)
    if not page.held and not exists(asked.tenant, shelf, shown, asked.path["object"]):
        raise not_found()


def _enveloped(page: Page) -> Response:
    held = [msgspec.Raw(one.body) for one in page.held]
    return _paged(page, msgspec.json.encode(Envelope(more=page.more, next=_next(page), objects=held)))


def _next(page: Page) -> str | None:
    return position(page.held[-1].added) if page.more else None


def _paged(page: Page, body: bytes) -> Response:
    headers = {}
    if page.held:
        headers = {FIRST: rfc3339(page.held[0].added), LAST: rfc3339(page.held[-1].added)}
    return Response(body, headers=headers, media_type=MEDIA_TYPE)
