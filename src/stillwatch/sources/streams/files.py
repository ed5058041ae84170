"""Files and folders that grow: a path, or `file:///PATH?consume=1`.

Follows every file under a folder by the rules of `detect`: all below it, or only its own where one of them is
named `exchanges…`. Names that begin with `.`, `_` or `decisions-` are passed over. New files are noticed. The format is found by content, once a whole line is there.

Files of lines are read as they grow, whole lines only. A last line without its end waits; when the file has not
changed for two seconds and the line is whole JSON, it is taken. Files that are packed (gzip, zstd), binary
(Parquet, OTLP/protobuf) or one JSON document are read whole once they have not changed for two seconds, and
again if they change after that.

Rotation is told by device and inode, and by the first bytes of a file and those before the place reached. A file
that was renamed is read on. One that was cut, or written anew in place, is read from its beginning. A new file
that begins as a followed one did is its copy, and is read from where the other was. A file that is removed is
read to its end, while it is open (the 256 read last are). Where one file is followed, the rest of it is found
under any name in the same folder after a restart.

Blocks of about 1 MB are handed over in order of the time of the record each begins with; of several files,
none runs ahead of the others by more than a minute and what 64 kB of it (a block, where it is read whole) span.
Accounts come first.

Options: `consume=1` on a folder takes it for the spool of gateways and removes its segments,
`exchanges-HOST-PID-N.jsonl`, once they are read to their end and settled. One that ends in `.open` is still
written: it is followed, and read on when it loses that ending. If it keeps it without growing, it is taken for a
dead process's after a minute where its process was on this host and is gone, and after an hour anywhere.

Rejected, and told once while it lasts: a file or folder that cannot be opened, a file that was removed before it
was read to its end, a name that is not UTF-8, a line longer than 64 MiB.

Cannot see: lines cut away before they were read, where no copy is in the folder. A log that is packed after
rotation within the folder is read again, and counts once by its exchange ids. Files on a network are followed
if their device and inode numbers stay.
"""

from pathlib import Path

from stillwatch.records import UnreadableInput, UsageError
from stillwatch.sources.streams._following.address import parse, parse_options
from stillwatch.sources.streams._following.folder import Folder

OPTIONS = ("consume",)


class Files:
    """Follows files."""

    schemes = frozenset({"", "file"})

    def open(self, address: str, position: str | None) -> Folder:
        path, options = _path(address)
        if not path.exists():
            raise UnreadableInput(f"{path}: no such file or directory")
        consume = options.get("consume", "0")
        if consume not in {"0", "1"}:
            raise UsageError(f"{path}: consume is 0 or 1, not {consume}")
        if consume == "1" and not path.is_dir():
            raise UsageError(f"{path}: consume=1 wants the folder of a spool")
        return Folder(path, position, remove_consumed=consume == "1")


def _path(address: str) -> tuple[Path, dict[str, str]]:
    """The path and the options; a plain path may itself hold a question mark."""
    if "://" in address:
        parts = parse(address, OPTIONS)
        if parts.host not in {"", "localhost"}:
            raise UsageError(f"{address}: a file on {parts.host} cannot be followed from here")
        return Path(parts.path), parts.options
    if Path(address).exists():
        return Path(address), {}
    path, mark, query = address.rpartition("?")
    return (Path(path), parse_options(path, query, OPTIONS)) if mark else (Path(address), {})


TRANSPORT = Files()
