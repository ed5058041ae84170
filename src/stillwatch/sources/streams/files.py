"""Files and folders that grow: `watch PATH`, `watch file:///PATH?consume=1`."""

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
