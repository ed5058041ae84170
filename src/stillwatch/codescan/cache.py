"""Results of earlier scans, by what they depended on."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from stillwatch.codescan.worker import Answer


class _Kept(msgspec.Struct, frozen=True):
    answer: Answer
    digests: dict[str, str]


@cache
def engine() -> str:
    """A digest of the scanner itself: other code or models, other results."""
    whole = sha256()

    def add(folder: Traversable) -> None:
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            if entry.is_dir():
                add(entry)
            elif entry.name.endswith((".py", ".yaml")):
                whole.update(entry.name.encode() + b"\0" + entry.read_bytes())

    add(files("stillwatch.codescan"))
    return whole.hexdigest()


class Cache:
    """Answers kept in a folder; nothing is kept where there is none."""

    def __init__(self, folder: Path | None, digests: Mapping[str, str]) -> None:
        self._folder = folder
        self._digests = digests
        if folder is not None:
            names = sha256("\0".join(sorted(digests)).encode()).hexdigest()
            self._key = sha256((engine() + names).encode()).hexdigest()[:16]
            folder.mkdir(parents=True, exist_ok=True)

    def _place(self, path: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / self._key / f"{sha256(path.encode()).hexdigest()[:32]}.json"

    def get(self, path: str) -> Answer | None:
        """The answer for a module, if all it depended on is as it was."""
        place = self._place(path)
        if place is None:
            return None
        try:
            kept = msgspec.json.decode(place.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):  # absent, or cut short by a crash: analysed again
            return None
        same = all(self._digests.get(needed) == digest for needed, digest in kept.digests.items())
        return kept.answer if same else None

    def put(self, answer: Answer) -> None:
        place = self._place(answer.path)
        if place is None or answer.failed is not None:
            return
        needed = {path: self._digests[path] for path in (answer.path, *answer.needs) if path in self._digests}
        place.parent.mkdir(exist_ok=True)
        written = place.with_suffix(".new")
        written.write_bytes(msgspec.json.encode(_Kept(answer, needed)))
        written.replace(place)
