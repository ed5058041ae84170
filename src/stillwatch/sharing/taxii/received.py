"""What was pulled from a collection: one file to which lines are added, and where the next pull begins.

A line is `{"object": …}`, an object as the peer sent it, or `{"withdrawn": {"id", "version"}}`, a version that the peer
holds no more. A version of which `revoked` is true is an object like others. Later lines win. Where a pull was
killed, what came after the checkpoint is cut off and pulled again.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from stillwatch.records import UnreadableInput
from stillwatch.sharing.taxii.timestamps import instant

CHECKPOINT = ".checkpoint.json"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Up to where a collection is here."""

    bytes: int = 0  # of the file
    added_after: str | None = None  # all that was added up to then is here
    next: str | None = None  # of a pull that did not come to its end: the page it would have asked for


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an object. Observables have none that their bytes could say."""

    id: str
    version: str | None = None


class Came(msgspec.Struct, frozen=True):
    """A line with an object."""

    object: msgspec.Raw


class Gone(msgspec.Struct, frozen=True):
    """A line with a version that the peer holds no more."""

    withdrawn: Version


class Line(msgspec.Struct, frozen=True):
    """Either of them, as it is read."""

    object: msgspec.Raw = msgspec.Raw(b"")
    withdrawn: Version | None = None


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What names a version within an object."""

    id: str
    created: str | None = None
    modified: str | None = None
    revoked: bool = False

    @property
    def version(self) -> Version:
        return Version(id=self.id, version=self.modified or self.created)


class Held:
    """The file of one collection, as it is read: up to its checkpoint, so that a pull may go on meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.with_name(path.name + CHECKPOINT)
        self.checkpoint = self._read()

    def versions(self) -> set[Version]:
        """Those that the peer held when it was last asked."""
        held: set[Version] = set()
        for line in self._lines():
            if line.withdrawn is None:
                held.add(msgspec.json.decode(line.object, type=Named).version)
            else:
                held.discard(line.withdrawn)
        return held

    def current(self) -> Iterator[bytes]:
        """The objects that stand: of each the latest version, unless it is revoked or was withdrawn."""
        found: dict[str, dict[str, bytes]] = {}
        for line in self._lines():
            if line.withdrawn is None:
                one = msgspec.json.decode(line.object, type=Named).version
                found.setdefault(one.id, {})[one.version or ""] = bytes(line.object)
            else:
                found.get(line.withdrawn.id, {}).pop(line.withdrawn.version or "", None)
        for versions in found.values():
            body = versions[max(versions, key=_instant)] if versions else None
            if body is not None and not msgspec.json.decode(body, type=Named).revoked:
                yield body

    def _lines(self) -> Iterator[Line]:
        left = self.checkpoint.bytes
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                left -= len(line)
                if left < 0:
                    return
                try:
                    yield msgspec.json.decode(line, type=Line)
                except msgspec.DecodeError as error:
                    raise UnreadableInput(f"{self.path}, line {number}: {error}") from error

    def _read(self) -> Checkpoint:
        try:
            return msgspec.json.decode(self.beside.read_bytes(), type=Checkpoint)
        except FileNotFoundError:
            return Checkpoint()
        except msgspec.DecodeError as error:
            raise UnreadableInput(f"{self.beside}: no checkpoint: {error}") from error


class Received(Held):
    """The same while it is pulled."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path)
        with path.open("ab") as file:
            if file.tell() < self.checkpoint.bytes:
                raise UnreadableInput(
                    f"{path}: shorter than when it was left: delete it and {self.beside.name}"
                )
            file.truncate(self.checkpoint.bytes)

    def add(self, lines: Iterable[Came | Gone], checkpoint: Checkpoint) -> None:
        """Add lines, and then say that they are there."""
        with self.path.open("ab") as file:
            for line in lines:
                one = msgspec.json.encode(line).replace(b"\n", b" ").replace(b"\r", b" ")
                file.write(one + b"\n")  # in JSON both stand between values alone
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        self.checkpoint = msgspec.structs.replace(checkpoint, bytes=size)
        new = self.beside.with_suffix(".new")
        with new.open("wb") as file:
            file.write(msgspec.json.encode(self.checkpoint) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.beside)


def _instant(version: str) -> int:
    return instant(version) or 0
