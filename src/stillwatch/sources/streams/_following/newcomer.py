"""A file that was noticed and of which it is not yet known how to read it."""

import time
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.records import Rejection
from stillwatch.sources._reading.catalogue import catalogue
from stillwatch.sources._reading.files import recognise
from stillwatch.sources._reading.no_log import why_no_log
from stillwatch.sources._reading.unpack import HEAD, PACKINGS, head_of
from stillwatch.sources.streams._following.listing import Seen
from stillwatch.sources.streams._following.tail import NOT_JSON, QUIET, RETRY, Tail
from stillwatch.sources.streams._following.whole import Whole

_LINE: "msgspec.json.Decoder[dict[str, msgspec.Raw]]" = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Newcomer:
    """One such file. Once judged, it is `settled`: a Tail or a Whole, or no log as long as it stays the same."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.changed = time.monotonic() - max(0.0, time.time() - seen.mtime_ns / 1e9)
        self.dismissed = False  # no log, or cannot be read
        self._final = False  # as much of it was looked at as ever is
        self._retry_at = 0.0
        self._refusal = ""

    def see(self, seen: Seen) -> None:
        """A look at the folder found it."""
        if (seen.size, seen.mtime_ns) != (self.seen.size, self.seen.mtime_ns):
            self.changed, self.dismissed = time.monotonic(), self._final
        self.seen = seen

    @property
    def quiet(self) -> bool:
        return time.monotonic() - self.changed >= QUIET

    @property
    def waiting(self) -> bool:
        return bool(self.seen.size) and not self.dismissed and time.monotonic() >= self._retry_at

    def judge(self, *, named: bool, known: bool) -> Tail | Whole | Rejection | None:
        """How to read it; None where that cannot be said yet, or where it is no log.

        `named`: it was asked for by name, so that being no log is worth telling. `known`: it was read before, so
        that enough of it is there.
        """
        try:
            self.seen.path.encode()
        except UnicodeEncodeError:
            self.dismissed = self._final = True
            shown = self.seen.path.encode(errors="backslashreplace").decode()
            return Rejection(shown, None, "the name of the file is not UTF-8")
        try:
            return self._judge(named=named, settled=known or self.quiet)
        except FileNotFoundError:
            return None  # the next look at the folder does not find it
        except (OSError, pa.ArrowException) as error:
            self._retry_at = time.monotonic() + RETRY
            told, self._refusal = self._refusal, f"cannot be opened: {error}"
            return None if told == self._refusal else Rejection(self.seen.path, None, self._refusal)

    def _judge(self, *, named: bool, settled: bool) -> Tail | Whole | Rejection | None:
        path = self.seen.path
        with Path(path).open("rb") as file:
            head = file.read(HEAD)
        packed = head.startswith(tuple(PACKINGS))
        if not settled and (packed or not (len(head) == HEAD or _shows_object(head))):
            return None
        head = head_of(Path(path)) if packed else head
        source = recognise(path, head)
        if source is None:
            self.dismissed, self._final = True, len(head) >= HEAD
            return Rejection(path, None, why_no_log(path, head)) if named else None
        kind = None if packed else catalogue()[source].line_kind(path, head)
        if kind is not None:
            return Tail(self.seen, source, kind, head)
        return Whole(self.seen, source) if settled else None


def _shows_object(head: bytes) -> bool:
    """Some line is there that is whole, and JSON: enough to know the format by."""
    for line in head.split(b"\n")[:-1]:
        try:
            _LINE.decode(line)
        except NOT_JSON:
            continue
        return True
    return False
