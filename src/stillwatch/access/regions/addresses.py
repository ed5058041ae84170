"""From addresses to places: an MMDB that the operator gives, or else the registries' allocations, whose age is shown.

The default comes with the package `iptocc` (MIT or Apache-2.0): the country to which a regional registry has assigned
a block, which is not always the country where it is used.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Protocol

import msgspec

from stillwatch.access.regions.extra import missing
from stillwatch.records import InvalidConfiguration
from stillwatch.records.times import micros_of

DAY = 86_400_000_000
STALE = 180 * DAY  # registries move about 1 % of IPv4 blocks between countries in a year
_DEFAULT = "iptocc"


class Addresses(Protocol):
    """Where addresses are. `made` is when the data were, in microseconds, if that is known."""

    @property
    def name(self) -> str: ...
    @property
    def made(self) -> int | None: ...

    def places(self, addresses: Sequence[str]) -> list[str | None]:
        """The place of each address, None for one that is not known, or is no address."""


def described(addresses: Addresses, now: int) -> str:
    """The data and their age, for people."""
    if addresses.made is None:
        return f"{addresses.name}, age unknown"
    days = max(0, now - addresses.made) // DAY
    return (
        f"{addresses.name}, {days} day{'' if days == 1 else 's'} old{', stale' if days * DAY > STALE else ''}"
    )


def open_addresses(mmdb: Path | None = None) -> Addresses:
    """The operator's MMDB, or the packaged default."""
    return Registries() if mmdb is None else Mmdb(mmdb)


class Registries:
    """Blocks by the country they were assigned to, of all five regional registries."""

    def __init__(self) -> None:
        try:
            import iptocc  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise missing(error) from error
        self._lookup = iptocc.country_code
        self.name = f"registry allocations of {_DEFAULT} {distribution(_DEFAULT).version}"
        self.made = _built(_DEFAULT)

    def places(self, addresses: Sequence[str]) -> list[str | None]:
        return self._lookup(_plain(addresses))


class Mmdb:
    """A country or city database in MaxMind's format."""

    def __init__(self, path: Path) -> None:
        try:
            import maxminddb  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise missing(error) from error
        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError) as error:
            raise InvalidConfiguration(f"{path}: not an MMDB that can be read: {error}") from error
        about = self._reader.metadata()
        self.name = f"{path.name} ({about.database_type})"
        self.made = about.build_epoch * 1_000_000
        self._damaged = maxminddb.InvalidDatabaseError

    def places(self, addresses: Sequence[str]) -> list[str | None]:
        return [self._place(address) for address in _plain(addresses)]

    def _place(self, address: str) -> str | None:
        try:
            record = self._reader.get(address)
        except (ValueError, self._damaged):
            return None
        try:
            found = msgspec.convert(record, _Record)
        except msgspec.ValidationError:
            return None
        country = found.country or found.registered_country
        if country is None or country.iso_code is None:
            return None
        if found.country is not None and found.subdivisions and found.subdivisions[0].iso_code is not None:
            return f"{country.iso_code}-{found.subdivisions[0].iso_code}"
        return country.iso_code


class _Named(msgspec.Struct):
    iso_code: str | None = None


class _Record(msgspec.Struct):
    """What is read of an entry; the rest of it is left alone."""

    country: _Named | None = None
    registered_country: _Named | None = None
    subdivisions: list[_Named] = []


class _Component(msgspec.Struct):
    timestamp: str | None = None


class _BillOfMaterials(msgspec.Struct):
    metadata: _Component = msgspec.field(default_factory=_Component)


def _built(package: str) -> int | None:
    """When a package was built, by the bill of materials in its wheel; built at home it may have none."""
    try:
        listed = distribution(package).files or []
    except PackageNotFoundError:
        return None
    for file in listed:
        if file.name.endswith(".cyclonedx.json"):
            try:
                bill = msgspec.json.decode(file.read_binary(), type=_BillOfMaterials)
                return None if bill.metadata.timestamp is None else micros_of(bill.metadata.timestamp)
            except (OSError, ValueError):
                return None
    return None


def _plain(addresses: Sequence[str]) -> list[str]:
    """IPv4 addresses that are written as IPv6 ones, `::ffff:192.0.2.1`, as what they are."""
    return [a[7:] if a[:7].lower() == "::ffff:" and "." in a else a for a in addresses]
