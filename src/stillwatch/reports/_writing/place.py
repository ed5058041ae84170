"""Puts a whole result in place of none or of an older one, or leaves things as they were."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillwatch.records import Findings, StillwatchError, UnreadableInput, UsageError
from stillwatch.reports._writing.catalogue import catalogue
from stillwatch.reports._writing.document import FILE as INDEX


def write_all(findings: Findings, out: Path) -> None:
    """Write every report into `out`, which then holds this whole result.

    All files are first written to a temporary directory beside `out`, then moved. On any failure, a full
    disk or an interrupt included, the temporary directory is removed and an older result is put back.
    Files of `out` that no report makes are left alone. Raises UsageError when `out` is a file,
    UnreadableInput when one of the run's own files is gone, StillwatchError when writing fails.
    """
    target = out.resolve()
    if target.exists() and not target.is_dir():
        raise UsageError(f"{out}: is a file; the result needs a directory")
    try:
        with _staging(target) as staging:
            for report in catalogue().values():
                report.write(findings, staging)
            _move(staging, target)
    except OSError as error:
        kind = UnreadableInput if _is_input(findings, error.filename) else StillwatchError
        where = f"{error.filename}: " if error.filename else ""
        reason = f"{where}{error.strerror or error} (errno {error.errno})"
        raise kind(f"cannot write the result to {out}: {reason}") from error


def _is_input(findings: Findings, where: object) -> bool:
    return str(where) in {str(findings.flags), str(findings.rejected)}


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A fresh directory on the file system of `target`, gone afterwards.

    A directory that exists may be a mount point with a read-only parent, so there it lies inside.
    """
    inside = target if target.is_dir() else target.parent
    inside.mkdir(parents=True, exist_ok=True)
    staging = inside / f".{target.name}.{secrets.token_hex(4)}.partial"
    try:
        staging.mkdir()
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, target: Path) -> None:
    """One rename where there is nothing yet; else file by file, with the way back kept until the end.

    The index leaves first and comes last: a directory without it is never taken for a result, even if the
    machine stops in between.
    """
    if not target.exists():
        staging.rename(target)
        return
    files = sorted((report.file for report in catalogue().values()), key=INDEX.__eq__)
    previous = staging / "previous"
    previous.mkdir()
    moves = [(target / name, previous / name) for name in reversed(files) if (target / name).exists()]
    moves += [(staging / name, target / name) for name in files]
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            done.append((here, there))
            here.rename(there)
    except BaseException:
        for here, there in reversed(done):
            if there.exists():
                there.rename(here)
        raise
