"""Results of earlier scans, by what they depended on."""

import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from stillwatch.codescan.worker import Answer, Need
from stillwatch.codescan.workers import Workers


class _Kept(msgspec.Struct, frozen=True):
    answer: Answer
    digest: str


@cache
def engine() -> str:
    """A digest of the scanner itself, its parser and the Python that works values out: others may give other results."""
    whole = sha256(f"{sys.version} {version('tree-sitter')} {version('tree-sitter-python')}".encode())

    def add(folder: Traversable) -> None:
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            if entry.is_dir():
                add(entry)
            elif entry.name.endswith((".py", ".yaml")):
                whole.update(entry.name.encode() + b"\0" + entry.read_bytes())

    add(files("stillwatch.codescan"))
    return whole.hexdigest()


class Cache:
    """Answers kept in a folder; nothing is kept where there is none.

    An answer holds as long as its file and all that its analysis needed are as they were. Whether that is so takes a
    worker to say, unless neither a file nor a kept answer has changed since the last scan that came to its end.
    """

    def __init__(self, folder: Path | None, digests: Mapping[str, str]) -> None:
        self._folder = None if folder is None else folder / engine()[:16]
        self._digests = digests
        self._same: dict[str, Answer] = {}
        self._written: dict[str, str] = {}  # digests of the answers as they are kept
        self._needs: list[Need] = []
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)

    def _place(self, path: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{sha256(path.encode()).hexdigest()[:32]}.json"

    @property
    def _last(self) -> Path:
        assert self._folder is not None
        return self._folder / "last"

    def ask(self, pool: Workers) -> None:
        """Have a worker find out how what earlier answers needed is now; `holding` waits for it."""
        if self._folder is None:
            return
        for path, digest in self._digests.items():
            self._take(path, digest)
        if self._same and not self._nothing_changed():
            self._needs = list(
                {Need(need.path, need.name): None for one in self._same.values() for need in one.needs}
            )
            pool.ask(self._needs)

    def _take(self, path: str, digest: str) -> None:
        try:
            data = self._place(path).read_bytes()
            kept = msgspec.json.decode(data, type=_Kept)
        except (OSError, msgspec.DecodeError):  # absent, or cut short by a crash: analysed again
            return
        if kept.digest == digest and kept.answer.path == path:
            self._same[path] = kept.answer
            self._written[path] = sha256(data).hexdigest()

    def _state(self) -> bytes:
        return sha256(
            msgspec.json.encode([sorted(self._digests.items()), sorted(self._written.items())])
        ).digest()

    def _nothing_changed(self) -> bool:
        try:
            return self._last.read_bytes() == self._state()
        except OSError:
            return False

    def holding(self, pool: Workers) -> dict[str, Answer]:
        """The answers that still hold, by file."""
        if self._needs:
            now = dict(zip(self._needs, pool.told(), strict=False))  # of a worker that died there are none
            self._same = {
                path: answer
                for path, answer in self._same.items()
                if all(now.get(Need(need.path, need.name)) == need.digest for need in answer.needs)
            }
            self._written = {path: self._written[path] for path in self._same}
        return self._same

    def put(self, answer: Answer) -> None:
        if self._folder is None or answer.failed is not None:
            return
        data = msgspec.json.encode(_Kept(answer, self._digests[answer.path]))
        _replace(self._place(answer.path), data)
        self._written[answer.path] = sha256(data).hexdigest()

    def close(self) -> None:
        """All that this scan found is kept."""
        if self._folder is not None:
            _replace(self._last, self._state())


def _replace(place: Path, data: bytes) -> None:
    written = place.with_suffix(".new")
    written.write_bytes(data)
    written.replace(place)
