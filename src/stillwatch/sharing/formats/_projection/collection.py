"""A bundle into a TAXII 2.1 collection, in envelopes of a size that servers take."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from stillwatch.records import InvalidConfiguration, StillwatchError, UsageError

if TYPE_CHECKING:
    import httpx

MEDIA_TYPE = "application/taxii+json;version=2.1"
TOKEN = "STILLWATCH_TAXII_TOKEN"  # noqa: S105 - the name of the variable that holds it
MOST = 1_000  # objects an envelope
PATIENCE = 30.0  # seconds an answer may take
TAKEN = (200, 201, 202)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotDelivered(StillwatchError):
    """The collection did not take the bundle."""


class _Failure(msgspec.Struct):
    id: str = ""
    message: str = ""


class _Status(msgspec.Struct):
    """What a server says became of the objects."""

    id: str = ""
    status: str = ""
    failure_count: int = 0
    failures: list[_Failure] = []


def push(url: str, bundle: Mapping[str, object], *, transport: "httpx.BaseTransport | None" = None) -> int:
    """Post all objects of a bundle; returns how many there were. Raises NotDelivered.

    The token of a bearer stands in STILLWATCH_TAXII_TOKEN. Without TLS only this machine is spoken to.
    """
    try:
        import httpx  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as missing:
        raise InvalidConfiguration(
            "TAXII needs the package httpx: pip install 'stillwatch[share]'"
        ) from missing
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise UsageError(
            f"a collection is reached by https://, or http:// on this machine, not {parts.scheme!r}"
        )
    objects = bundle["objects"]
    assert isinstance(objects, list)  # a bundle of ours
    headers = {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
    if TOKEN in os.environ:
        headers["Authorization"] = f"Bearer {os.environ[TOKEN]}"
    address = url if url.rstrip("/").endswith("/objects") else f"{url.rstrip('/')}/objects/"
    try:
        with httpx.Client(headers=headers, timeout=PATIENCE, transport=transport) as client:
            for part in _parts(objects):
                answer = client.post(address, content=msgspec.json.encode({"objects": part}))
                _check(answer.status_code, answer.content)
    except httpx.HTTPError as error:
        raise NotDelivered(f"the collection cannot be reached: {error}") from error
    return len(objects)


def _parts(objects: list[object]) -> Iterator[list[object]]:
    for start in range(0, len(objects), MOST):
        yield objects[start : start + MOST]


def _check(code: int, content: bytes) -> None:
    if code not in TAKEN:
        raise NotDelivered(f"the collection answered {code}: {content[:200].decode(errors='replace')}")
    try:
        status = msgspec.json.decode(content, type=_Status)
    except msgspec.DecodeError as error:
        raise NotDelivered(f"the collection's answer is no status of TAXII ({error})") from error
    if status.failure_count:
        said = "; ".join(f"{one.id} {one.message}".strip() for one in status.failures[:3])
        raise NotDelivered(f"the collection refused {status.failure_count} objects: {said}")
