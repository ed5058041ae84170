"""The resources of TAXII 2.1, as they are sent and read."""

from typing import Literal

import msgspec

MEDIA_TYPE = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"


class Discovery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a server says of itself."""

    title: str
    description: str | None = None
    contact: str | None = None
    default: str | None = None
    api_roots: list[str] = []


class ApiRoot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One trust group; here, one tenant."""

    title: str
    versions: list[str]
    max_content_length: int
    description: str | None = None


class Collection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A collection, as one partner may use it."""

    id: str
    title: str
    can_read: bool
    can_write: bool
    description: str | None = None
    alias: str | None = None
    media_types: list[str] = []


class Collections(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that a partner may use."""

    collections: list[Collection] = []


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One object of a request to add."""

    id: str
    version: str
    message: str | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a request to add."""

    id: str
    status: Literal["complete", "pending"]
    total_count: int
    success_count: int
    failure_count: int
    pending_count: int
    request_timestamp: str | None = None
    successes: list[Detail] = []
    failures: list[Detail] = []
    pendings: list[Detail] = []


class ManifestRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of an object, without the object."""

    id: str
    date_added: str
    version: str
    media_type: str | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of them."""

    more: bool = False
    next: str | None = None
    objects: list[ManifestRecord] = []


class Versions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The versions of one object, the one that was added first first."""

    more: bool = False
    next: str | None = None
    versions: list[str] = []


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of objects, each as the bytes it was sent as."""

    more: bool = False
    next: str | None = None
    objects: list[msgspec.Raw] = []


class Error(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused."""

    title: str
    description: str | None = None
    error_id: str | None = None
    http_status: str | None = None
