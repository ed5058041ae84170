"""Checks an audit without trusting who hands it over: the tree, its signatures, and an older checkpoint.

Nothing here opens a store or a connection. One entry after the other is hashed into a growing tree, whose root is
compared wherever a checkpoint was signed.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from stillwatch.cases.audit_records import Appeal, CheckpointLine, EntryLine, Line, LogLine
from stillwatch.cases.checkpoint import Checkpoint, opened, public_of
from stillwatch.cases.entry import fault, read
from stillwatch.cases.merkle import Frontier, includes, leaf_hash
from stillwatch.records import UnreadableInput


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found. `first_bad` is the first entry that does not hold, where one can be named."""

    holds: bool
    origin: str
    public_key: str
    entries: int
    checkpoints: int
    fault: str | None = None
    first_bad: int | None = None


class _Broken(Exception):
    def __init__(self, fault: str, entry: int | None = None) -> None:
        super().__init__(fault)
        self.entry = entry


class _Check:
    """One pass over the lines of a log."""

    def __init__(self, public: bytes | None, older: str | None) -> None:
        self.public = public
        self.older = older
        self.origin = ""
        self.public_key = ""
        self.tree = Frontier()
        self.signed = 0  # entries that a checkpoint covers
        self.checkpoints = 0
        self.awaited: Checkpoint | None = None

    def run(self, lines: Iterable[Line]) -> None:
        for at, line in enumerate(lines):
            if isinstance(line, LogLine):
                if at:
                    raise _Broken("a second log begins in the middle", self.tree.size)
                self._begin(line)
            elif not at:
                raise _Broken("the first line does not name the log")
            elif isinstance(line, EntryLine):
                self._entry(line)
            else:
                self._checkpoint(line.note)
            self._compare_older()
        if not self.origin:
            raise _Broken("it is empty")
        if self.awaited is not None:
            raise _Broken(
                f"the older checkpoint covers {self.awaited.size} entries, and only {self.tree.size} are left",
                self.tree.size,
            )
        if self.signed < self.tree.size:
            raise _Broken("no checkpoint covers what follows", self.signed)

    def _begin(self, line: LogLine) -> None:
        self.origin, self.public_key = line.origin, line.public_key
        try:
            stated = public_of(line.public_key)
        except ValueError as error:
            raise _Broken(f"its public key cannot be read: {error}") from error
        self.public = self.public or stated
        if stated != self.public:
            raise _Broken("it is signed with another key than the one you trust")
        if self.older is not None:
            self.awaited = self._opened(self.older, "the older checkpoint")

    def _entry(self, line: EntryLine) -> None:
        entry, expected = line.entry, self.tree.size
        if entry.number != expected:
            raise _Broken(f"entry {entry.number} stands where entry {expected} belongs", expected)
        if (wrong := fault(entry)) is not None:
            raise _Broken(f"entry {expected}: {wrong}", expected)
        self.tree.append(leaf_hash(entry.leaf.encode()))

    def _checkpoint(self, note: str) -> None:
        checkpoint = self._opened(note, f"the checkpoint after {self.tree.size} entries")
        self._compare(checkpoint, "the checkpoint")
        self.signed = self.tree.size
        self.checkpoints += 1

    def _compare(self, checkpoint: Checkpoint, which: str) -> None:
        size = self.tree.size
        if checkpoint.size != size:
            raise _Broken(f"{which} is of {checkpoint.size} entries and stands after {size}", self.signed)
        if checkpoint.root != self.tree.root():
            raise _Broken(
                f"entries {self.signed} to {size - 1}: one or more are not those that {which} of {size} entries was"
                " signed over",
                self.signed,
            )

    def _compare_older(self) -> None:
        if self.awaited is not None and self.awaited.size == self.tree.size:
            self._compare(self.awaited, "the older checkpoint")
            self.awaited = None

    def _opened(self, note: str, which: str) -> Checkpoint:
        assert self.public is not None
        try:
            checkpoint = opened(note, self.public)
        except ValueError as error:
            raise _Broken(f"{which}: {error}", self.signed) from error
        if checkpoint.origin != self.origin:
            raise _Broken(f"{which} is of another log: {checkpoint.origin}", self.signed)
        return checkpoint


def verify_lines(lines: Iterable[Line], *, public: bytes | None = None, older: str | None = None) -> Outcome:
    """Check a log. Without a public key, the one it states; with `older`, that it begins with that tree."""
    check = _Check(public, older)
    fault_found: str | None = None
    first_bad: int | None = None
    try:
        check.run(lines)
    except _Broken as found:
        fault_found, first_bad = str(found), found.entry
    return Outcome(
        holds=fault_found is None,
        origin=check.origin,
        public_key=check.public_key,
        entries=check.tree.size,
        checkpoints=check.checkpoints,
        fault=fault_found,
        first_bad=first_bad,
    )


def verify_appeal(answer: Appeal, *, public: bytes | None = None) -> Outcome:
    """Check the answer to an appeal: that its entry says what it says, and is in the log that was signed."""
    try:
        trusted = public or public_of(answer.inclusion.public_key)
        checkpoint = opened(answer.inclusion.checkpoint, trusted)
        proof = [b64decode(one, validate=True) for one in answer.inclusion.hashes]
        leaf = read(answer.entry)
        hashed = leaf_hash(answer.entry.leaf.encode())
        wrong = fault(answer.entry)
        if wrong is None and (leaf.decision_id, leaf.facts.get("step")) != (answer.decision_id, answer.step):
            wrong = "it is about another decision"
        if wrong is None and answer.entry.number != answer.inclusion.number:
            wrong = "the proof is of another entry"
        if wrong is None and not includes(
            answer.entry.number, checkpoint.size, hashed, proof, checkpoint.root
        ):
            wrong = "the proof does not lead to the signed root"
    except ValueError as error:
        wrong, checkpoint = str(error), Checkpoint("", 0, b"")
    return Outcome(
        holds=wrong is None,
        origin=checkpoint.origin,
        public_key=answer.inclusion.public_key,
        entries=1,
        checkpoints=1,
        fault=None if wrong is None else f"entry {answer.entry.number}: {wrong}",
        first_bad=None if wrong is None else answer.entry.number,
    )


def verify_file(path: Path, *, public: bytes | None = None, older: str | None = None) -> Outcome:
    """Check an export or the answer to an appeal. Raises UnreadableInput where the file is neither."""
    answer = _appeal(path)
    if answer is not None:
        return verify_appeal(answer, public=public)
    return verify_lines(read_lines(path), public=public, older=older)


def _appeal(path: Path) -> Appeal | None:
    try:
        with path.open("rb") as file:
            if not file.readline().lstrip().startswith((b'{"type":"appeal"', b"{\n")):
                return None
            file.seek(0)
            return msgspec.json.decode(file.read(), type=Appeal)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
    except msgspec.MsgspecError as error:
        raise UnreadableInput(f"{path}: no answer to an appeal ({error})") from error


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of an export. Raises UnreadableInput with file and line."""
    decoder = msgspec.json.Decoder(LogLine | EntryLine | CheckpointLine)
    try:
        with path.open("rb") as file:
            for number, text in enumerate(file, 1):
                try:
                    yield decoder.decode(text)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise UnreadableInput(f"{path}:{number}: no line of an audit ({error})") from error
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
