"""Pulling from a peer and pushing to one."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from stillwatch.records import Micros, UsageError, rfc3339
from stillwatch.sharing.taxii.admission import UUID, Refused, admit
from stillwatch.sharing.taxii.peer import Peer, PeerRefused
from stillwatch.sharing.taxii.received import Came, Checkpoint, Gone, Received, Version
from stillwatch.sharing.taxii.records import Collection, Detail, Envelope
from stillwatch.sharing.taxii.timestamps import instant

PAGE = 1_000
AT_ONCE = 1_000  # objects in one request
WRAPPING = 64  # bytes of an envelope around its objects
EVERY = {"match[version]": "all"}  # a revocation is a version


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What a pull brought from one collection."""

    collection: str
    title: str
    path: Path
    objects: int
    withdrawn: int
    rejected: dict[str, int]  # by reason: objects that are no STIX 2.1, and were left with the peer


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of what was pushed."""

    total: int
    taken: int
    refused: list[Detail]


async def pull(peer: Peer, url: str, out: Path, *, deletions: bool = True) -> list[Pulled]:
    """Bring what is new in each readable collection at a URL into OUT/ID.jsonl.

    With `deletions` the manifest is read as well, and versions that the peer holds no more, or does not show any more,
    are said to be withdrawn. A pull that was broken off goes on where it was. Raises PeerGone and PeerRefused; what had
    come by then stays.
    """
    found = await peer.collections(url)
    done = []
    for place, collection in found.items():
        if collection.can_read:
            done.append(await _pull_one(peer, place, collection, out, deletions=deletions))
    return done


async def push(peer: Peer, url: str, objects: Iterable[bytes], *, collection: str | None = None) -> Pushed:
    """Hand objects in to a collection: the one at the URL, or the one there with this id, alias or title."""
    place = await _writable(peer, url, collection)
    root = await peer.root_of(place)
    total, taken, refused = 0, 0, list[Detail]()
    for part in _parts(objects, root.max_content_length):
        status = await peer.add(place, part)
        total, taken = total + len(part), taken + status.success_count
        refused += status.failures
    return Pushed(total=total, taken=taken, refused=refused)


async def withdraw(peer: Peer, url: str, ids: Iterable[str], *, collection: str | None = None) -> int:
    """Take objects out of a peer's collection; how many were there."""
    place = await _writable(peer, url, collection)
    return sum([await peer.delete(place, one) for one in ids])


async def _pull_one(peer: Peer, place: str, collection: Collection, out: Path, *, deletions: bool) -> Pulled:
    if not UUID.fullmatch(collection.id):
        raise PeerRefused(200, "the peer names a collection by what is no UUID")
    received = Received(out / f"{collection.id}.jsonl")
    rejected: dict[str, int] = {}
    objects = 0
    async for page, last in _new_pages(peer, place, received.checkpoint):
        lines = list(_admitted(page, rejected))
        objects += len(lines)
        received.add(lines, _after(received.checkpoint, page, last))
    withdrawn = await _withdrawn(peer, place, received) if deletions else []
    if withdrawn:
        received.add([Gone(one) for one in withdrawn], received.checkpoint)
    return Pulled(
        collection=place,
        title=collection.title,
        path=received.path,
        objects=objects,
        withdrawn=len(withdrawn),
        rejected=rejected,
    )


async def _new_pages(
    peer: Peer, place: str, checkpoint: Checkpoint
) -> AsyncIterator[tuple[Envelope, str | None]]:
    """Pages from the checkpoint on; where the peer has forgotten the page that came next, from its time on."""
    parameters = dict(EVERY)
    if checkpoint.added_after is not None:
        parameters["added_after"] = checkpoint.added_after
    if checkpoint.next is not None:
        try:
            async for one in peer.objects(place, {**parameters, "next": checkpoint.next}, limit=PAGE):
                yield one
        except PeerRefused as refused:
            if refused.status not in (400, 404):
                raise
        else:
            return
    async for one in peer.objects(place, parameters, limit=PAGE):
        yield one


def _after(before: Checkpoint, page: Envelope, last: str | None) -> Checkpoint:
    """Where the next pull begins. While pages follow, others may bear the time of this one's last: it is not done."""
    told = instant(last)
    if told is None:
        return Checkpoint(added_after=before.added_after, next=page.next if page.more else None)
    return Checkpoint(
        added_after=rfc3339(told - 1 if page.more else told), next=page.next if page.more else None
    )


def _admitted(page: Envelope, rejected: dict[str, int]) -> Iterator[Came]:
    now = Micros(int(datetime.now(UTC).timestamp() * 1e6))
    for one in page.objects:
        try:
            admit(bytes(one), now)
        except Refused as refused:
            rejected[str(refused)] = rejected.get(str(refused), 0) + 1
        else:
            yield Came(one)


async def _withdrawn(peer: Peer, place: str, received: Received) -> list[Version]:
    """Versions that are here and not in the peer's manifest."""
    known = received.versions()
    if not known:
        return []
    held: set[tuple[str, Micros | None]] = set()
    async for page in peer.manifest(place, EVERY, limit=PAGE):
        for record in page.objects:
            held |= {(record.id, instant(record.version)), (record.id, None)}
    missing = [one for one in known if (one.id, instant(one.version)) not in held]
    return sorted(missing, key=lambda one: (one.id, one.version or ""))


async def _writable(peer: Peer, url: str, collection: str | None) -> str:
    found = {
        place: one
        for place, one in (await peer.collections(url)).items()
        if collection is None or collection in (one.id, one.alias, one.title)
    }
    places = [place for place, one in found.items() if one.can_write]
    if len(places) != 1:
        told = "several collections" if places else "no collection"
        raise UsageError(f"there is {told} that you may write: name one, or its URL")
    return places[0]


def _parts(objects: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """As many at once as the peer takes. One that is too long for it goes alone, and is for the peer to refuse."""
    part: list[bytes] = []
    size = WRAPPING
    for body in objects:
        if part and (len(part) == AT_ONCE or size + len(body) + 1 >= most):
            yield part
            part, size = [], WRAPPING
        part.append(body)
        size += len(body) + 1
    if part:
        yield part
