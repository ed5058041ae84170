"""The state of a watch on disk: written whole at the end of a tick, signed, so that nothing else is ever loaded as code."""

import hashlib
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

FILE = "state.pickle"
_PURPOSE = b"stillwatch state 2 "


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


def save(state: State, directory: Path, key: SketchKey) -> None:
    """Replace the snapshot in `directory`; a crash leaves the former one."""
    body = pickle.dumps(state, protocol=pickle.HIGHEST_PROTOCOL)
    partial = directory / (FILE + ".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(_signature(body, key))
        file.write(body)
    replace(partial, directory / FILE)


def load(directory: Path, key: SketchKey) -> State | None:
    """The snapshot in `directory`, None if there is none.

    Raises StillwatchError for one that this key did not sign or that another version wrote.
    """
    path = directory / FILE
    if not path.exists():
        return None
    data = path.read_bytes()
    size = hashlib.blake2b().digest_size
    if not hmac.compare_digest(data[:size], _signature(data[size:], key)):
        raise StillwatchError(
            f"{path}: not written by this version of Stillwatch ({__version__}) with this key;"
            " move the directory away to begin anew from the sources"
        )
    state: State = pickle.loads(data[size:])  # noqa: S301 - signed with the operator's key
    return state


def _signature(body: bytes, key: SketchKey) -> bytes:
    keyed = hashlib.blake2b(_PURPOSE + __version__.encode(), key=key.secret)
    keyed.update(body)
    return keyed.digest()
