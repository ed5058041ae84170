"""Where addresses are and which hide their users, as files: told to every process that reads a log, opened once in each."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from stillwatch.access.regions.addresses import Addresses, open_addresses
from stillwatch.access.regions.ranges import Ranges, read_ranges


class Opened(NamedTuple):
    """A gazetteer that can be asked."""

    addresses: Addresses
    ranges: Ranges


class Gazetteer(msgspec.Struct, frozen=True):
    """The operator's files. Without an MMDB, the packaged address data are asked."""

    mmdb: Path | None = None
    ranges: tuple[Path, ...] = ()

    def opened(self) -> Opened:
        """Read once in a process: files that change afterwards count at the next start. Raises InvalidConfiguration."""
        return _opened(self)


@lru_cache(maxsize=8)
def _opened(gazetteer: Gazetteer) -> Opened:
    return Opened(open_addresses(gazetteer.mmdb), read_ranges(gazetteer.ranges))
