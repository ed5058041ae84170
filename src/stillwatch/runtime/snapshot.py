"""The state of a watch on disk: written whole at the end of a tick, signed, so that nothing else is ever loaded as code."""

import hmac
import os
import pickle
import secrets
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch import __version__
from stillwatch.features.key import SketchKey
from stillwatch.records import EVENTS, StillwatchError
from stillwatch.records.durable import replace
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.newcomers import Arriving
from stillwatch.runtime.signups import SignUps
from stillwatch.runtime.whereabouts import Whereabouts

FILE = "state.pickle"
_PURPOSE = b"stillwatch state 5 "
_SIZE_BYTES, _CHUNK = 8, 1 << 20


class Given(msgspec.Struct, frozen=True):
    """What a watch is begun with and keeps."""

    fdr: float
    drop_fields: frozenset[str]


class State(msgspec.Struct):
    """Everything a watch carries from tick to tick, beside the journal."""

    loop: Loop
    given: Given
    name: bytes = msgspec.field(
        default_factory=lambda: secrets.token_bytes(8)
    )  # tells its alarms from others'
    open_from: int | None = None  # microseconds: what is before is part of the loop
    consumed: int = -1  # generation of account and event files that is part of the loop
    events: pa.Table = msgspec.field(default_factory=EVENTS.empty_table)  # all that were told
    pending_events: pa.Table = msgspec.field(default_factory=EVENTS.empty_table)  # not yet due
    told_events: set[bytes] = set()  # digests, so that an event told twice counts once
    repeats: int = 0
    signups: SignUps | None = None  # where levels are asked; no part of what is concluded
    whereabouts: Whereabouts | None = None  # where regions are judged; no part of what is concluded
    arriving: Arriving | None = None  # accounts of the moment of the snapshot; no part of what is concluded


def save(state: State, directory: Path, key: SketchKey) -> None:
    """Replace the snapshot in `directory`; a crash leaves the former one.

    Arrays are written from where they lie: a copy of the state would be as large as the state.
    """
    arrays: list[pickle.PickleBuffer] = []
    body = pickle.dumps(state, protocol=5, buffer_callback=arrays.append)
    parts: list[bytes | memoryview] = [body, *(array.raw() for array in arrays)]
    sizes = msgspec.msgpack.encode([memoryview(part).nbytes for part in parts])
    partial = directory / (FILE + ".partial")
    signature = _signing(key)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(signature.digest_size))
        for part in [len(sizes).to_bytes(_SIZE_BYTES, "little"), sizes, *parts]:
            file.write(part)
            signature.update(part)
        file.seek(0)
        file.write(signature.digest())
    replace(partial, directory / FILE)


def load(directory: Path, key: SketchKey) -> State | None:
    """The snapshot in `directory`, None if there is none.

    Raises StillwatchError for one that this key did not sign or that another version wrote.
    """
    path = directory / FILE
    if not path.exists():
        return None
    signature = _signing(key)
    with path.open("rb") as file:
        signed = file.read(signature.digest_size)
        while data := file.read(_CHUNK):
            signature.update(data)
        if not hmac.compare_digest(signed, signature.digest()):
            raise StillwatchError(
                f"{path}: not written by this version of Stillwatch ({__version__}) with this key;"
                " move the directory away to begin anew from the sources"
            )
        file.seek(signature.digest_size)
        length = int.from_bytes(file.read(_SIZE_BYTES), "little")
        body, *arrays = map(bytearray, msgspec.msgpack.decode(file.read(length), type=list[int]))
        for part in (body, *arrays):
            file.readinto(part)
    state: State = pickle.loads(body, buffers=arrays)  # noqa: S301 - signed with the operator's key
    return state


def _signing(key: SketchKey) -> hmac.HMAC:
    return hmac.new(key.secret, _PURPOSE + __version__.encode(), "sha256")
