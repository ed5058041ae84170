"""Finding log files: walking directories, unpacking, and asking each format whether a file is its own."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.records import Rejection, UnreadableInput
from stillwatch.sources._reading.catalogue import catalogue
from stillwatch.sources._reading.interface import Block
from stillwatch.sources._reading.no_log import OWN_RESULT, why_no_log
from stillwatch.sources._reading.unpack import head_of

SURE_ENOUGH = 0.05  # any format that claims a file at all reads it; the surest one wins


class Found(msgspec.Struct, frozen=True):
    """The files under some paths: those with a format, those that are no log, and those that fail to open."""

    files: list[tuple[Path, str]]  # file, name of its format
    ignored: dict[Path, str]  # with the reason
    rejections: list[Rejection]


def find(paths: Sequence[Path]) -> Found:
    """Look at every file under these paths. Raises UnreadableInput where a path does not exist.

    A file of no known format is ignored within a directory, and a rejection where it was named itself.
    """
    found = Found([], {}, [])
    for path in paths:
        if not path.exists():
            raise UnreadableInput(f"{path}: no such file or directory")
        for file in _files_under(path):
            try:
                head = head_of(file)
            except UnicodeEncodeError:
                shown = str(file).encode(errors="backslashreplace").decode()
                found.rejections.append(Rejection(shown, None, "the name of the file is not UTF-8"))
                continue
            except (OSError, pa.ArrowException) as error:
                found.rejections.append(Rejection(str(file), None, f"cannot be opened: {error}"))
                continue
            name = recognise(str(file), head)
            if name is not None:
                found.files.append((file, name))
            elif file == path:
                found.rejections.append(Rejection(str(file), None, why_no_log(str(file), head)))
            else:
                found.ignored[file] = why_no_log(str(file), head)
    return found


def recognise(name: str, head: bytes) -> str | None:
    """The name of the format that is surest of a file, if any; an earlier run's result is no log."""
    if OWN_RESULT in head[:80]:
        return None
    scores = {source.name: source.matches(name, head) for source in catalogue().values()}
    best = max(scores, key=lambda source: scores[source])
    return best if scores[best] >= SURE_ENOUGH else None


def _files_under(path: Path) -> Iterable[Path]:
    """Files of a directory and those below it; only its own where it is a log in the contract's form.

    What stands in folders of such a log (results, truth, backups) is not part of it.
    """
    if not path.is_dir():
        return [path]
    own = path.glob("exchanges*")
    inside = sorted(path.iterdir() if any(file.is_file() for file in own) else path.rglob("*"))
    return [file for file in inside if file.is_file() and not file.name.startswith((".", "_"))]


def split(paths: Sequence[Path]) -> Iterator[Block | Rejection]:
    """Cut every log file under these paths into blocks, in order of file name."""
    found = find(paths)
    yield from found.rejections
    for file, name in found.files:
        yield from catalogue()[name].blocks(file)
