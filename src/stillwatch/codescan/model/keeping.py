"""Answers of a model that are kept, by the digest of what was asked."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

FORM = 1  # of questions and answers: another one, and answers are asked for again
LIMIT = 1_000_000  # bytes


def digest(*parts: str) -> str:
    """Of a model's name and all that makes a question, but for the boundary, which is drawn anew each time."""
    return sha256(msgspec.json.encode([FORM, *parts])).hexdigest()


class Kept:
    """Answers in a folder; nothing is kept where there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = None if folder is None else folder / "model"
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str) -> str | None:
        if self._folder is None:
            return None
        place = self._folder / f"{name}.txt"
        try:
            return place.read_text("utf-8") if place.stat().st_size <= LIMIT else None
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, name: str, answer: str) -> None:
        if self._folder is not None:
            written = self._folder / f"{name}.new"
            written.write_text(answer, "utf-8")
            written.replace(self._folder / f"{name}.txt")
