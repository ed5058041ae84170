"""Ranges of addresses that hide who is behind them: datacentres, private networks, proxies, Tor; from the operator's files.

A file is a CSV with a column `cidr`, `asn` or both, or has a range, address or `AS64500` on each line; `.gz` is read
too. Being in a range is no guilt: it says that the place of the address is not the place of its user.
"""

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.records import InvalidConfiguration, Rejection
from stillwatch.records.text import clean

_ASN = re.compile(r"(?:AS)?([0-9]{1,10})", re.IGNORECASE | re.ASCII)
_FOUR = r"^(?:::[fF]{4}:)?(?P<a>[0-9]{1,3})\.(?P<b>[0-9]{1,3})\.(?P<c>[0-9]{1,3})\.(?P<d>[0-9]{1,3})$"
_SIX = "S16"  # compared octet by octet, so that order is the order of addresses
LARGEST_OCTET = 255


class Ranges(msgspec.Struct, frozen=True):
    """Disjoint ranges, ascending, first and last address of each; and networks that are hidden as a whole."""

    four_first: np.ndarray  # uint32
    four_last: np.ndarray
    six_first: np.ndarray  # S16
    six_last: np.ndarray
    networks: np.ndarray  # int64, ascending
    rejected: tuple[Rejection, ...] = ()

    def __len__(self) -> int:
        return len(self.four_first) + len(self.six_first) + len(self.networks)

    def holds(self, addresses: pa.Array, networks: np.ndarray | None = None) -> np.ndarray:
        """Whether, for each row, an address (text, null for unknown) or its network (-1 for unknown) is in a range."""
        encoded = addresses.dictionary_encode()
        values = encoded.dictionary
        inside = np.zeros(len(values) + 1, bool)  # the last for null
        four, is_four = four_of(values)
        inside[:-1][is_four] = _within(four[is_four], self.four_first, self.four_last)
        rest = np.flatnonzero(~is_four)
        if len(self.six_first) and len(rest):
            six = _six_of(values.take(pa.array(rest)).to_pylist())
            inside[rest] = _within(six, self.six_first, self.six_last) & (six != b"")
        out: np.ndarray = inside[pc.fill_null(encoded.indices, len(values)).to_numpy(zero_copy_only=False)]
        if networks is not None and len(self.networks):
            out |= np.isin(networks, self.networks)
        return out


_NO_FOUR, _NO_SIX = np.zeros(0, np.uint32), np.zeros(0, _SIX)
NO_RANGES = Ranges(_NO_FOUR, _NO_FOUR, _NO_SIX, _NO_SIX, np.zeros(0, np.int64))


def read_ranges(paths: Sequence[Path]) -> Ranges:
    """All ranges of some files. Lines that are none are kept as rejections; a file without any range is refused."""
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    networks: list[int] = []
    rejected: list[Rejection] = []
    for path in paths:
        before = len(four) + len(six) + len(networks)
        for line, text in _entries(path):
            asn = _ASN.fullmatch(text)
            if asn:
                networks.append(int(asn[1]))
                continue
            try:
                network = ip_network(text, strict=False)
            except ValueError:
                rejected.append(
                    Rejection(str(path), line, f"neither a range nor a network: {clean(text)[:60]!r}")
                )
                continue
            if isinstance(network, IPv4Network):
                four.append(network)
            else:
                six.append(network)
        if len(four) + len(six) + len(networks) == before:
            raise InvalidConfiguration(
                f"{path}: holds no range: a column cidr or asn, or a range on each line"
            )
    four_first = np.array([int(network.network_address) for network in four], np.uint32)
    four_last = np.array([int(network.broadcast_address) for network in four], np.uint32)
    six_first = np.array([network.network_address.packed for network in six], _SIX)
    six_last = np.array([network.broadcast_address.packed for network in six], _SIX)
    return Ranges(
        *_disjoint(four_first, four_last),
        *_disjoint(six_first, six_last),
        np.unique(np.array(networks, np.int64)),
        tuple(rejected),
    )


def four_of(addresses: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """IPv4 addresses as numbers (uint32), and which rows are such addresses."""
    parts = pc.extract_regex(addresses, _FOUR)
    matched = parts.is_valid()
    valid = matched.to_numpy(zero_copy_only=False)
    number = np.zeros(len(addresses), np.uint32)
    for field in range(4):
        octet = pc.if_else(matched, parts.field(field), "0").cast(pa.uint32()).to_numpy(zero_copy_only=False)
        valid = valid & (octet <= LARGEST_OCTET)
        number = number << np.uint32(8) | octet
    return number, valid


def _six_of(addresses: Sequence[str]) -> np.ndarray:
    """IPv6 addresses as sixteen octets; nothing for what is none."""
    from socket import AF_INET6, inet_pton  # noqa: PLC0415 - absent on platforms without IPv6

    out = np.zeros(len(addresses), _SIX)
    for number, address in enumerate(addresses):
        try:
            out[number] = inet_pton(AF_INET6, address)
        except (OSError, ValueError):
            continue
    return out


def _within(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    if not len(first):
        return np.zeros(len(values), bool)
    at = np.searchsorted(first, values, side="right") - 1
    out: np.ndarray = (at >= 0) & (values <= last[np.maximum(at, 0)])
    return out


def _disjoint(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranges in order, overlapping ones joined. Blocks of addresses lie within each other or apart."""
    if not len(first):
        return first, last
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    keep_first, keep_last = [first[0]], [last[0]]
    for one, other in zip(first[1:], last[1:], strict=True):
        if one <= keep_last[-1]:
            keep_last[-1] = max(keep_last[-1], other)
        else:
            keep_first.append(one)
            keep_last.append(other)
    return np.array(keep_first, first.dtype), np.array(keep_last, last.dtype)


def _entries(path: Path) -> Iterator[tuple[int, str]]:
    """Each range or network of a file, with its line."""
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise InvalidConfiguration(f"{path}: {error}") from error
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    head = next(csv.reader(lines[:1]), [])
    columns = [name.strip().lower() for name in head]
    wanted = [columns.index(name) for name in ("cidr", "asn") if name in columns]
    if not wanted:
        for number, line in enumerate(lines, 1):
            text = line.split("#")[0].strip()
            if text:
                yield number, text
        return
    for number, row in enumerate(csv.reader(lines[1:]), 2):
        for column in wanted:
            if column < len(row) and row[column].strip():
                yield number, row[column].strip()
