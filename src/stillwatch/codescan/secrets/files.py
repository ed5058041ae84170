"""The text files of a code base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.files import walked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE_LIMIT = 1_000_000  # bytes: larger text is data
WITHOUT = (
    ".lock", ".sum", ".svg", ".min.js", ".map", ".ipynb", ".po", ".csv", ".tsv", ".md", ".rst", ".pem.pub", ".pub",
    "package-lock.json", "pnpm-lock.yaml",
)  # fmt: skip
"""Ends of names of files that hold hashes, data or documentation."""


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Text files under a folder (or the one file given) with their text; links are not followed."""
    for path, place in walked(root):
        text = None if path.endswith(WITHOUT) and place != root else _text(place)
        if text is not None:
            yield path, text


def _text(path: Path) -> str | None:
    """The text of a file; None of one that is binary, too large, no file or not to be read."""
    try:
        if not path.is_file() or path.stat().st_size > SIZE_LIMIT:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    return None if b"\0" in data else data.decode("utf-8", "replace").replace("\r\n", "\n")
