"""A file that notices are appended to, a line each."""

from collections.abc import Callable
from pathlib import Path

from stillwatch.records import Notice
from stillwatch.sinks._delivery.interface import NotNow
from stillwatch.sinks._delivery.lines import append_lines


class LineFile:
    """A sink that is a file. It is opened anew for each notice, so that it may be rotated."""

    def __init__(self, path: Path, encode: Callable[[Notice], bytes]) -> None:
        self.path = path
        self._encode = encode

    def deliver(self, notice: Notice) -> None:
        try:
            append_lines(self.path, self._encode(notice) + b"\n")
        except OSError as error:
            raise NotNow(f"{self.path}: {error.strerror} (errno {error.errno})") from error
