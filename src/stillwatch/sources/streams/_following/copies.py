"""Telling a copy of a followed file from a new one, so that rotation by copying repeats and loses nothing.

Such a rotation copies a file and then cuts the original to nothing. The copy is a new file that begins as the
original did: what was read of the one was read of the other.
"""

import os
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Literal

from stillwatch.sources._reading.blocks import lines_in
from stillwatch.sources.streams._following.marks import (
    PREFIX,
    Identity,
    LineMark,
    fingerprint_at,
    near,
    prefix_of,
)
from stillwatch.sources.streams._following.tail import Tail

KEPT = 50  # marks of files that are gone or were cut, which copies of them are known by
PIECE = 1 << 20


class Copies:
    """The beginnings of all files that are followed, and the marks of those that no longer are."""

    def __init__(self, lost: Iterable[LineMark]) -> None:
        self._by_prefix: defaultdict[bytes, dict[Identity, Tail]] = defaultdict(dict)
        self.lost = deque(lost, maxlen=KEPT)

    def add(self, tail: Tail) -> None:
        if len(tail.prefix) == PREFIX:
            self._by_prefix[tail.prefix][tail.identity] = tail

    def discard(self, tail: Tail) -> None:
        """It is gone, or holds something else by now; a copy may be found yet."""
        self._by_prefix[tail.prefix].pop(tail.identity, None)
        if not self._by_prefix[tail.prefix]:
            del self._by_prefix[tail.prefix]
        if tail.mark is not None:
            self.lose(tail.mark)

    def lose(self, mark: LineMark) -> None:
        self.lost.append(mark)

    def place(self, tail: Tail) -> Literal["here", "wait"]:
        """Set a new file to where reading goes on; "wait" for an original to be read first. Raises OSError."""
        descriptor = tail.open()
        if descriptor is None or len(tail.prefix) < PREFIX:
            return "here"
        size, known = os.fstat(descriptor).st_size, prefix_of(tail.prefix)
        for original in list(self._by_prefix.get(tail.prefix, {}).values()):
            if not self._same_beginning(tail, original):
                continue
            if original.replaced or original.has_more:
                return "wait"
            if size <= original.offset:
                tail.skip_to(size, 1 + _lines_before(descriptor, size))
            else:
                tail.skip_to(original.offset, original.line)
            return "here"
        for mark in self.lost:
            fits = mark.fingerprint.startswith(known) and mark.offset <= size
            if (
                fits
                and mark.offset > tail.offset
                and fingerprint_at(descriptor, mark.offset) == mark.fingerprint
            ):
                tail.skip_to(mark.offset, mark.line)
        return "here"

    def _same_beginning(self, tail: Tail, original: Tail) -> bool:
        was_open = original.is_open
        try:
            ours, theirs = tail.open(), original.open()
            if ours is None or theirs is None:
                return False
            original.check()
            original.replaced = not original.intact(theirs)
            common = min(os.fstat(ours).st_size, os.fstat(theirs).st_size)
            same = common >= PREFIX and near(ours, common) == near(theirs, common)
        except OSError:
            return False  # of the original: told when it is read
        finally:
            if not was_open:
                original.close()
        return original.replaced or same


def _lines_before(descriptor: int, offset: int) -> int:
    return sum(
        lines_in(os.pread(descriptor, min(PIECE, offset - start), start)) for start in range(0, offset, PIECE)
    )
