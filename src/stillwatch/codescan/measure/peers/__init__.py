"""Other scanners, run on the same folder in the same run; one file of this folder is one of them.

Each is asked with the settings that serve it best, none may use the network, and one that is not installed is named
as missing, never counted as beaten.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import environ
from pathlib import Path
from pkgutil import iter_modules

from stillwatch.codescan.measure.scoring import Hit

TIME_LIMIT = 3600.0  # seconds; the slowest took 880 on the OWASP suite
VERSION_LIMIT = 60.0


@dataclass(frozen=True)
class Missing:
    """Why a peer could not be asked."""

    reason: str


@dataclass(frozen=True)
class Reported:
    """What a peer said of a folder; `skipped` counts files that it could not read."""

    version: str
    seconds: float
    hits: Sequence[Hit]
    skipped: int


@dataclass(frozen=True)
class Setting:
    """What peers may use: folders to look for their programs in, and rules for those that ship none."""

    programs: Sequence[Path] = ()
    rules: Path | None = None


@dataclass(frozen=True)
class Peer:
    """Another scanner: its name, and how it is asked about a folder."""

    name: str
    ask: Callable[[Path, Setting], Reported | Missing]


def catalogue() -> list[Peer]:
    """Every peer of this folder."""
    return [import_module(f"{__name__}.{found.name}").PEER for found in iter_modules(__path__)]


def program(name: str, setting: Setting) -> str | None:
    """Where a peer's program is: in the given folders, beside this Python, or on the path."""
    places = [str(folder) for folder in [*setting.programs, Path(sys.executable).parent]]
    for place in places:
        if found := shutil.which(name, path=place):
            return found
    return shutil.which(name)


def run(
    command: Sequence[str],
    *,
    extra: Mapping[str, str] | None = None,
    fine: Sequence[int] = (0, 1),
    limit: float = TIME_LIMIT,
) -> tuple[bytes, float] | Missing:
    """Run a peer and give its standard output and wall time; other exit codes than `fine` mean that it failed."""
    started = time.monotonic()
    try:
        # Only the program found by name, with arguments of ours.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=limit, env={**environ, **(extra or {})}, check=False
        )
    except subprocess.TimeoutExpired:
        return Missing(f"no answer in {limit:.0f} seconds")
    if done.returncode not in fine:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return Missing(f"it failed with exit code {done.returncode}: {said[-1] if said else 'no message'}")
    return done.stdout, time.monotonic() - started


def version(command: str, *, extra: Mapping[str, str] | None = None) -> str:
    """Give the first line of what a peer says of its version."""
    said = run([command, "--version"], extra=extra, limit=VERSION_LIMIT)
    if isinstance(said, Missing):
        return "unknown"
    lines = said[0].decode(errors="replace").splitlines()
    return lines[0].strip() if lines else "unknown"


def below(root: Path, path: str) -> str:
    """Give a reported path relative to the root, in POSIX form."""
    whole = Path(path) if Path(path).is_absolute() else Path.cwd() / path
    try:
        return whole.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return whole.as_posix()
