"""Which files of a code base are read, and why others are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.codescan.coverage import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = (".py", ".pyw", ".pyi")
STUBS = ".pyi"
LEFT_OUT = frozenset({
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", "__pycache__", "node_modules", ".mypy_cache",
    ".ruff_cache", ".stillwatch-codescan", ".pytest_cache", ".eggs", "site-packages", "__pypackages__",
})  # fmt: skip
SIZE_LIMIT = 8_000_000  # bytes of one file; a 50,000-line file has two


def python_files(root: Path) -> Iterator[tuple[str, Path] | Skipped]:
    """Python files under a folder (or the one file given), in order of their names; links are not followed out of it."""
    if root.is_file():
        yield root.name, root
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        here = Path(folder)
        identity = here.stat()
        if (identity.st_dev, identity.st_ino) in seen:
            folders.clear()
            yield Skipped(here.relative_to(root).as_posix(), "a link to a folder that was read already")
            continue
        seen.add((identity.st_dev, identity.st_ino))
        folders[:] = sorted(name for name in folders if _is_ours(root, here / name))
        for name in sorted(names):
            if name.endswith(ENDINGS) and not name.endswith(STUBS):
                yield _file(root, here / name)


def walked(root: Path) -> Iterator[tuple[str, Path]]:
    """All files under a folder (or the one file given), in order of their names; links are not followed.

    A name that is no plain text is given as Python would write it, so that it can be told of.
    """
    if root.is_file():
        yield root.name, root
        return
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if _is_ours(root, here / name))
        for name in sorted(names):
            place = here / name
            if place.is_file() and not place.is_symlink():
                relative = place.relative_to(root).as_posix()
                yield relative if relative.isprintable() else ascii(relative), place


def _is_ours(root: Path, folder: Path) -> bool:
    if folder.name in LEFT_OUT or (folder / "pyvenv.cfg").exists():
        return False
    return not folder.is_symlink() or folder.resolve().is_relative_to(root.resolve())


def _file(root: Path, path: Path) -> tuple[str, Path] | Skipped:
    relative = path.relative_to(root).as_posix()
    if not relative.isprintable():  # it could not be told of, or not as what it is
        return Skipped(ascii(relative), "its name is not plain text")
    try:
        status = path.stat()
    except OSError as error:
        return Skipped(relative, error.strerror or "cannot be read")
    if not stat.S_ISREG(status.st_mode):
        return Skipped(relative, "not a file")
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        return Skipped(relative, "a link out of the code base")
    if status.st_size > SIZE_LIMIT:
        return Skipped(relative, f"larger than {SIZE_LIMIT // 1_000_000} MB")
    return relative, path
