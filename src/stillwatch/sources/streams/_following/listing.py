"""Which files an address of files means at this moment."""

import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from stillwatch.records import Rejection
from stillwatch.sources.streams._following import segment
from stillwatch.sources.streams._following.marks import Identity

LOG = "exchanges"  # a folder with a file whose name begins so is a log in the contract's form
PASSED_OVER = (".", "_", "decisions-")  # beginnings of names: hidden, temporary, decisions of a gateway


class Seen(NamedTuple):
    """A file as it was found."""

    path: str
    identity: Identity
    size: int
    mtime_ns: int
    closed: bool = False  # a segment of a spool that nothing is added to any more


def file_at(path: Path, known: Collection[Identity]) -> Iterator[Seen]:
    """The one file at a path, and where rotation moved those to that are known already."""
    here = _seen(str(path))
    if here is not None:
        yield here
    elsewhere = set(known) - {here.identity if here else None}
    if elsewhere:
        yield from _moved(path, elsewhere)


def files_under(folder: str, *, spool: bool) -> Iterator[Seen | Rejection]:
    """The files of a folder, by the rules of `detect`, in order of name; of a spool, which segments are complete.

    A folder that cannot be listed is a rejection.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Rejection(_shown(folder), None, f"cannot be listed: {error.strerror}")
        return
    flat = any(entry.name.startswith(LOG) and entry.is_file() for entry in entries)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not flat:
                yield from files_under(entry.path, spool=spool)
        elif not entry.name.startswith(PASSED_OVER):
            seen = _seen(entry.path)
            if seen is not None and spool:
                quiet = time.time() - seen.mtime_ns / 1e9
                seen = seen._replace(closed=segment.is_complete(entry.name, quiet))
            if seen is not None:
                yield seen


def _moved(path: Path, known: Collection[Identity]) -> Iterator[Seen]:
    inodes = {identity.inode for identity in known}
    try:
        with os.scandir(path.parent) as found:
            candidates = [entry.path for entry in found if entry.inode() in inodes]
    except OSError:
        return  # the file's own loss is told where it was being read
    for candidate in sorted(candidates):
        seen = _seen(candidate)
        if seen is not None and seen.identity in known:
            yield seen


def _seen(path: str) -> Seen | None:
    """None for what is no file, or is no longer there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - ten thousand of these are one look
    except OSError:
        return None
    if not S_ISREG(found.st_mode):
        return None
    return Seen(path, Identity(found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)


def _shown(path: str) -> str:
    return path.encode(errors="backslashreplace").decode()
