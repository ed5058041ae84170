"""Which folders an interpreter needs, so that nothing more of the machine is shown inside the walls."""

from __future__ import annotations

import os
from pathlib import Path

PATH_FILES_LIMIT = 200


def folders(python: Path) -> tuple[Path, ...]:
    """The interpreter's own folders, its virtual environment's, and those that its path files name."""
    given = Path(os.path.abspath(python))  # noqa: PTH100 - a virtual environment's python is a link that must stay one
    found = [given.parent.parent, given.resolve().parent.parent]
    settings = given.parent.parent / "pyvenv.cfg"
    if settings.is_file():
        for line in settings.read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition("=")
            if name.strip() == "home" and value.strip():
                found.append(Path(value.strip()).resolve().parent)
        found.extend(_named(given.parent.parent))
    kept: list[Path] = []
    for folder in found:
        if folder.is_dir() and folder != Path("/") and folder not in kept:
            kept.append(folder)
    return tuple(kept)


def _named(environment: Path) -> list[Path]:
    """Folders that the environment's path files add, as packages installed for editing do."""
    files = sorted(environment.glob("lib/python*/site-packages/*.pth"))[:PATH_FILES_LIMIT]
    lines = [line.strip() for file in files for line in file.read_text("utf-8", "replace").splitlines()]
    return [Path(line) for line in lines if line.startswith("/")]
