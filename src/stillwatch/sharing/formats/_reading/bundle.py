"""A bundle from a partner, read object by object: what is hostile, broken or contradicts itself is refused and counted.

Nothing is looked up, executed or followed. The text is held against limits of size and depth before it is parsed, and
each object is judged by itself, so that a bad one costs no good one.
"""

from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from stillwatch.records import Micros, Rejection, UnreadableInput
from stillwatch.sharing.formats._reading.judge import Judged, judged
from stillwatch.sharing.formats._reading.nesting import deepest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
TOLD = 1_000  # rejections kept with their place; all are counted


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle may have at most."""

    size: int = 128 << 20  # bytes
    depth: int = 24  # of arrays and objects, the bundle's own among them
    objects: int = 200_000


class Received(msgspec.Struct, kw_only=True):
    """What was taken, and what was not: `counts` has every rejection by its reason, `rejected` the first of them."""

    objects: list[dict[str, object]] = []
    rejected: list[Rejection] = []
    counts: dict[str, int] = {}
    repeats: int = 0


class _Envelope(msgspec.Struct):
    """As TAXII has it: objects, and no type."""

    objects: list[msgspec.Raw] = []


def read(source: BinaryIO, *, name: str, at: Micros, limits: Limits | None = None) -> Received:
    """Read a bundle or an envelope. Raises UnreadableInput where the whole is beyond a limit or no JSON of that kind."""
    bounds = limits or Limits()
    data = _whole(source, name, bounds)
    if deepest(data) > bounds.depth:
        raise UnreadableInput(f"{name}: nested deeper than {bounds.depth} levels")
    try:
        found = msgspec.json.decode(data, type=_Envelope).objects
        kind = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("type")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{name}: no STIX bundle and no TAXII envelope ({error})") from error
    if kind is not None and bytes(kind) != b'"bundle"':
        raise UnreadableInput(f"{name}: its type is not bundle")
    if len(found) > bounds.objects:
        raise UnreadableInput(f"{name}: {len(found):,} objects; {bounds.objects:,} are taken at once")
    return _sorted_out(name, [judged(bytes(raw), at) for raw in found])


def _whole(source: BinaryIO, name: str, limits: Limits) -> bytes:
    data = source.read(limits.size + 1)
    if len(data) > limits.size:
        raise UnreadableInput(f"{name}: more than {limits.size >> 20} MiB")
    return data


def _sorted_out(name: str, found: list[Judged]) -> Received:
    counts: Counter[str] = Counter()
    out = Received()
    clashes = _clashes(found)
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(found, 1):
        reason = one.refusal or (
            "its id and time stand for other content as well" if one.key in clashes else None
        )
        if reason is not None:
            counts[reason] += 1
            if len(out.rejected) < TOLD:
                out.rejected.append(Rejection(name, place, reason))
        elif one.key in seen:
            out.repeats += 1
        else:
            seen.add(one.key)
            out.objects.append(one.content)
    out.counts = dict(counts)
    return out


def _clashes(found: list[Judged]) -> set[tuple[str, str]]:
    """Ids that stand twice at one time with unlike content: none of these is believed."""
    first: dict[tuple[str, str], bytes] = {}
    good: Iterator[Judged] = (one for one in found if one.refusal is None)
    return {one.key for one in good if first.setdefault(one.key, one.canonical) != one.canonical}
