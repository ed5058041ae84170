"""The stream of everything under one path: noticing files, and taking turns among them in order of time."""

import heapq
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import msgspec

from stillwatch.records import Rejection
from stillwatch.sources._reading.interface import Block
from stillwatch.sources.streams._following.copies import Copies
from stillwatch.sources.streams._following.interface import Delivery
from stillwatch.sources.streams._following.listing import Seen, file_at, files_under
from stillwatch.sources.streams._following.marks import (
    Identity,
    LineMark,
    Mark,
    Position,
    WholeMark,
    parse_position,
)
from stillwatch.sources.streams._following.newcomer import Newcomer
from stillwatch.sources.streams._following.spool import consume
from stillwatch.sources.streams._following.tail import Tail
from stillwatch.sources.streams._following.whole import UNKNOWN_SIZE, Whole

BLOCK = 1 << 20  # bytes taken from one file at a time: enough to decode well, little enough to take turns
PAUSES = (0.01, 0.25)  # seconds between two looks at open files: the first, and the longest
LOOKS = (0.2, 10.0)  # seconds between two looks at the folder: the least, and the most
LOOK_SHARE = 40  # a look at the folder may take a fortieth of the time
OVERLAP = 60_000_000  # microseconds by which a block may reach beyond the beginning of another file's
OPEN_AT_MOST = 256  # descriptors, of 1,024 that a process has by default
LIVE = 10.0  # seconds after its last change for which a file is looked at between looks at the folder
FORGET = 60.0  # seconds for which a removed file is kept open, since its writer may still have it


class Folder:
    """A stream of files, open."""

    def __init__(self, root: Path, position: str | None, *, remove_consumed: bool) -> None:
        self._root, self._is_folder = root, root.is_dir()
        self._remove_consumed = remove_consumed
        begun = Position([]) if position is None else parse_position(str(root), position)
        self._marks = begun.by_identity
        self._settled = begun.by_identity
        self._files: dict[Identity, Tail | Whole] = {}
        self._newcomers: dict[Identity, Newcomer] = {}
        self._live: dict[Identity, Tail | Whole] = {}
        self._open: OrderedDict[Identity, Tail] = OrderedDict()
        self._copies = Copies(begun.lost)
        self._told: list[Rejection] = []  # what the next delivery has to say
        self._unlisted: set[Rejection] = set()
        self._unremoved: set[Rejection] = set()
        self._next_look = 0.0
        self._encoded: dict[Identity, tuple[Mark, bytes]] = {}
        self.exhausted = False
        self.pending = True

    def poll(self, timeout: float, most_bytes: int) -> Delivery | None:
        deadline = time.monotonic() + timeout
        pause = PAUSES[0]
        while True:
            taken = self._round(most_bytes)
            if taken:
                return Delivery(taken, self._position())
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(pause, left))
            pause = min(2 * pause, PAUSES[1])

    def settled(self, position: str) -> None:
        if self._remove_consumed:
            self._settled = parse_position(str(self._root), position).by_identity
            self._consume()

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _consume(self) -> None:
        unremoved = set(consume(str(self._root), self._settled))
        self._told += unremoved - self._unremoved
        self._unremoved = unremoved

    # One round

    def _round(self, most_bytes: int) -> list[Block | Rejection]:
        looked = time.monotonic() >= self._next_look
        if looked:
            self._look()
        for file in list(self._live.values()):
            if isinstance(file, Tail):
                file.check()
        self._judge_newcomers()
        taken: list[Block | Rejection] = [*self._told, *self._take(most_bytes)]
        self._told = []
        for file in [file for file in self._files.values() if file.replaced]:
            self._restart(file)
        new = any(newcomer.waiting for newcomer in self._newcomers.values())
        self.pending = new or not self._next_look or any(file.has_more for file in self._live.values())
        waiting = self.pending or any(file.waiting for file in self._live.values())
        if taken or waiting or not self._next_look:
            self.exhausted = False
        elif looked:
            self.exhausted = True
        return taken

    def _look(self) -> None:
        """A look at the folder: what is new, what has grown, what is gone."""
        begun = time.monotonic()
        if self._remove_consumed:
            self._consume()  # what was closed after it was read to its end
        seen: dict[Identity, Seen] = {}
        unlisted: set[Rejection] = set()
        for found in self._listing():
            if isinstance(found, Rejection):
                unlisted.add(found)
            else:
                seen.setdefault(found.identity, found)
        self._told += unlisted - self._unlisted
        self._unlisted = unlisted
        for identity in () if unlisted else self._files.keys() - seen.keys():
            self._missing(self._files[identity])
        for identity in self._newcomers.keys() - seen.keys():
            del self._newcomers[identity]
        for identity, found in seen.items():
            self._notice(identity, found)
        if not unlisted:
            self._drop_marks(seen)
        took = time.monotonic() - begun
        self._next_look = time.monotonic() + min(max(LOOKS[0], LOOK_SHARE * took), LOOKS[1])

    def _drop_marks(self, seen: dict[Identity, Seen]) -> None:
        """Marks of files that went, or were cut, while nobody followed them: a copy may be found yet."""
        for identity, mark in list(self._marks.items()):
            found = seen.get(identity)
            least = mark.offset if isinstance(mark, LineMark) else 0
            if found is None or found.size < least:
                del self._marks[identity]
                if isinstance(mark, LineMark):
                    self._copies.lose(mark)

    def _listing(self) -> Iterator[Seen | Rejection]:
        if self._is_folder:
            return files_under(str(self._root), spool=self._remove_consumed)
        return file_at(self._root, [*self._files, *self._marks])

    def _notice(self, identity: Identity, found: Seen) -> None:
        file = self._files.get(identity)
        if file is not None:
            file.see(found)
            if file.has_more or file.waiting:
                self._live[identity] = file
        elif identity in self._newcomers:
            self._newcomers[identity].see(found)
        else:
            mark = self._marks.get(identity)
            if isinstance(mark, WholeMark) and mark.all and _unchanged(mark, found):
                self._files[identity] = Whole(found, "", mark)
            else:
                self._newcomers[identity] = Newcomer(found)

    def _missing(self, file: Tail | Whole) -> None:
        """The folder no longer has it: an open one is read to its end first."""
        file.gone = True
        if file.is_open:
            self._live[file.identity] = file
            return
        if file.unread:
            told = f"gone before its last {file.unread} bytes were read"
            self._told.append(Rejection(file.path, None, told))
        self._forget(file)

    def _forget(self, file: Tail | Whole) -> None:
        file.close()
        if isinstance(file, Tail):
            self._copies.discard(file)
        for known in (self._files, self._live, self._open, self._encoded):
            known.pop(file.identity, None)

    def _judge_newcomers(self) -> None:
        waiting = [(identity, each) for identity, each in self._newcomers.items() if each.waiting]
        # Those read before come first: a copy of them is told by what they were.
        for identity, newcomer in sorted(waiting, key=lambda each: each[0] not in self._marks):
            mark = self._marks.get(identity)
            judged = newcomer.judge(named=newcomer.seen.path == str(self._root), known=mark is not None)
            if isinstance(judged, Rejection):
                self._told.append(judged)
            elif judged is not None:
                self._begin(judged, mark, newcomer.seen)

    def _begin(self, file: Tail | Whole, mark: Mark | None, seen: Seen) -> None:
        """Follow a file from where it was left, from where its original was left, or from its beginning."""
        try:
            if isinstance(file, Tail):
                if isinstance(mark, LineMark) and file.resume(mark):
                    mark = None
                elif self._copies.place(file) == "wait":
                    file.close()
                    return
                self._copies.add(file)
            elif isinstance(mark, WholeMark) and _unchanged(mark, seen):
                file = Whole(seen, file.source, mark)
        except OSError:
            file.close()
            return  # the newcomer is judged again, and tells what is wrong
        if isinstance(mark, LineMark):
            self._copies.lose(mark)
        self._marks.pop(file.identity, None)
        del self._newcomers[file.identity]
        self._files[file.identity] = self._live[file.identity] = file
        self._note_open(file)

    # Taking turns

    def _take(self, most_bytes: int) -> Iterator[Block | Rejection]:
        """Blocks in order of the time of the record each begins with, until there are bytes enough."""
        files = [file for file in self._live.values() if file.has_more]
        ready = [(file.time if len(files) > 1 else 0, turn, file) for turn, file in enumerate(files)]
        heapq.heapify(ready)
        size, turn = 0, len(ready)
        while ready and size < most_bytes:
            file = heapq.heappop(ready)[2]
            until = ready[0][0] + OVERLAP if ready else None
            taken = file.take(BLOCK, until) if isinstance(file, Tail) else file.take()
            self._note_open(file)
            if taken is not None:
                yield taken
                size += _size(taken)
            if file.has_more and not file.replaced:
                turn += 1
                heapq.heappush(ready, (file.time if ready else 0, turn, file))
        if not ready:
            yield from self._last_lines()

    def _last_lines(self) -> Iterator[Block]:
        """Last lines that have not ended, of files that are quiet; and files that are through are let go."""
        now = time.monotonic()
        for file in list(self._live.values()):
            if file.has_more:
                continue
            last = file.take_last() if isinstance(file, Tail) else None
            self._note_open(file)
            if last is not None:
                yield last
            if file.gone and now - file.changed > FORGET:
                self._forget(file)
            elif not file.waiting and not file.gone and now - file.changed > LIVE:
                del self._live[file.identity]

    def _restart(self, file: Tail | Whole) -> None:
        """What was read is no longer there: the file is new again, and a copy of what it was may be found."""
        self._forget(file)
        self._next_look = 0.0

    def _note_open(self, file: Tail | Whole) -> None:
        if isinstance(file, Tail) and file.is_open:
            self._open[file.identity] = file
            self._open.move_to_end(file.identity)
            while len(self._open) > OPEN_AT_MOST:
                self._open.popitem(last=False)[1].close()

    def _position(self) -> str:
        """All marks as JSON; only those that changed are written anew."""
        encoded = []
        for identity, file in self._files.items():
            mark = file.mark
            if mark is None or file.gone:
                continue
            known = self._encoded.get(identity)
            if known is None or known[0] != mark:
                known = self._encoded[identity] = (mark, msgspec.json.encode(mark))
            encoded.append(known[1])
        encoded += map(msgspec.json.encode, self._marks.values())  # of files that are not followed yet
        lost = msgspec.json.encode(list(self._copies.lost))
        return (b'{"files":[' + b",".join(encoded) + b'],"lost":' + lost + b"}").decode()


def _unchanged(mark: WholeMark, seen: Seen) -> bool:
    return (mark.size, mark.mtime_ns) == (seen.size, seen.mtime_ns)


def _size(taken: Block | Rejection) -> int:
    if isinstance(taken, Rejection):
        return 0
    return UNKNOWN_SIZE if taken.data is None else len(taken.data)
