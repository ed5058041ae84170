"""Where calls come from: homes, mobile carriers, clouds, hosters and VPN exits."""

import csv
import gzip
import ipaddress
import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from stillwatch.lab.outside.countries import COUNTRIES


class Address(NamedTuple):
    """One network address as a log shows it."""

    ip: str
    asn: int
    country: str


Route = Sequence[Address] | Callable[[], Address]
"""The addresses an account calls from, or a new one for each conversation."""

CLOUD_ASNS = {
    "amazon": 16509,
    "microsoft": 8075,
    "google": 15169,
    "oracle": 31898,
    "linode": 63949,
    "digitalocean": 14061,
    "vultr": 20473,
    "github": 36459,
}
OWN_CLOUD_RANGES = {  # for where no public table is at hand, as are the two lists below
    "amazon": ["3.64.0.0/14", "18.130.0.0/16", "52.28.0.0/16"],
    "microsoft": ["13.80.0.0/15", "20.50.0.0/16", "40.112.0.0/14"],
    "google": ["34.76.0.0/14", "35.195.0.0/16"],
    "oracle": ["130.61.0.0/16", "132.226.0.0/17"],
    "linode": ["139.162.128.0/18", "172.105.0.0/17"],
    "digitalocean": ["138.68.64.0/18", "167.99.128.0/17"],
    "vultr": ["95.179.128.0/18", "207.148.64.0/18"],
    "github": ["192.30.252.0/22", "185.199.108.0/22"],
}
OWN_HOSTER_RANGES = [
    "5.188.32.0/20",
    "45.142.120.0/21",
    "91.200.12.0/22",
    "103.75.200.0/21",
    "194.36.160.0/20",
]
OWN_VPN_RANGES = ["146.70.32.0/20", "169.150.192.0/19", "185.159.156.0/22", "217.138.192.0/20"]
OWN_HOSTER_ASNS = [20278, 40676, 46844, 51167, 62240, 136258]
USUAL_CLOUDS = [
    *(*["amazon"] * 5, *["microsoft"] * 3, *["google"] * 3),
    *("oracle", "linode", "digitalocean", "digitalocean", "vultr"),
]
CLOUD_COUNTRIES = ["US", "US", "US", "DE", "IE", "SG", "JP"]
HOSTER_COUNTRIES = ["US", "SG", "DE", "NL"]
VPN_COUNTRIES = ["NL", "US", "CH", "SE", "SG", "DE", "GB"]
FIRST_OCTETS = [
    *(2, 5, 24, 31, 37, 46, 58, 61, 67, 71, 73, 76, 78, 81, 86, 88, 90),
    *(93, 98, 101, 109, 114, 118, 122, 126, 151, 175, 177, 181, 186, 189, 201, 213, 219),
]
BLOCKS = 14  # of a carrier, each a /16
VPN_ASNS = 80  # first so many of the hosters' ASNs


class Network:
    """Addresses to draw from: public tables where `STILLWATCH_DATA` names them, else a few ranges of each kind."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._clouds: dict[str, list[str]] = defaultdict(list)
        for row in _table("cloud_ranges.csv.gz"):
            if row["family"] == "4" and row["kind"] in {"cloud", "developer-platform"}:
                self._clouds[row["provider"]].append(row["cidr"])
        self._clouds = self._clouds or OWN_CLOUD_RANGES
        self._hosters = [row["cidr"] for row in _table("x4bnet_datacenter_v4.csv.gz")] or OWN_HOSTER_RANGES
        self._exits = [row["cidr"] for row in _table("x4bnet_vpn_v4.csv.gz")] or OWN_VPN_RANGES
        self._hoster_asns = [int(row["asn"]) for row in _table("bad_asn.csv")] or OWN_HOSTER_ASNS
        networks = [ipaddress.IPv4Network(cidr) for cidr in self._hosters]
        spans = sorted((int(net.network_address), int(net.broadcast_address)) for net in networks)
        self._firsts = [first for first, _ in spans]
        self._lasts = list(accumulate((last for _, last in spans), max))
        self._blocks: dict[tuple[str, int], list[int]] = {}
        self._gateways: dict[str, list[Address]] = {}

    def home(self, country: str) -> Address:
        """An address of an access network that no list counts to a data centre."""
        asn = self.rng.choice(COUNTRIES[country].networks)
        blocks = self._blocks_of(country, asn)
        for _ in range(20):
            number = self.rng.choice(blocks) + self.rng.randrange(256, 65_000)
            if not self._hosted(number):
                break
        return Address(str(ipaddress.IPv4Address(number)), asn, country)

    def homes(self, country: str) -> list[Address]:
        """Where one person calls from: home, at times work and a phone."""
        places = [self.home(country) for _ in range(self.rng.choice((1, 1, 2, 3)))]
        if self.rng.random() < 0.45:
            places.append(self.mobile(country))
        return places

    def mobile(self, country: str) -> Address:
        """One of the few gateways that all phones of a country share."""
        if country not in self._gateways:
            count = max(3, int(COUNTRIES[country].weight * 1.5))
            self._gateways[country] = [self.home(country) for _ in range(count)]
        return self.rng.choice(self._gateways[country])

    def cloud(self, name: str | None = None) -> Address:
        """An address of a cloud, of any usual one without a name."""
        name = name or self.rng.choice(USUAL_CLOUDS)
        ip = self._within(self.rng.choice(self._clouds[name]))
        return Address(ip, CLOUD_ASNS[name], self.rng.choice(CLOUD_COUNTRIES))

    def hosted(self, count: int, blocks: int) -> list[Address]:
        """Servers rented together: `count` addresses that lie in a few blocks of lesser hosters."""
        rng = self.rng
        rented = [
            (rng.choice(self._hosters), rng.choice(self._hoster_asns), rng.choice(HOSTER_COUNTRIES))
            for _ in range(blocks)
        ]
        servers = []
        for number in range(count):
            cidr, asn, country = rented[number % blocks]
            block = ipaddress.ip_network(cidr)
            ip = str(block[rng.randrange(min(256, block.num_addresses))])
            servers.append(Address(ip, asn, country))
        return servers

    def vpn(self) -> Address:
        """An exit of a commercial VPN."""
        cidr = self.rng.choice(self._exits)
        ip = self._within(cidr)
        return Address(ip, self.rng.choice(self._hoster_asns[:VPN_ASNS]), self.rng.choice(VPN_COUNTRIES))

    def _within(self, cidr: str) -> str:
        block = ipaddress.ip_network(cidr)
        return str(block[self.rng.randrange(block.num_addresses)])

    def _hosted(self, number: int) -> bool:
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and self._lasts[at] >= number

    def _blocks_of(self, country: str, asn: int) -> list[int]:
        blocks = self._blocks.setdefault((country, asn), [])
        while len(blocks) < BLOCKS:
            block = self.rng.choice(FIRST_OCTETS) << 24 | self.rng.randrange(256) << 16
            if not self._hosted(block + 33_000):
                blocks.append(block)
        return blocks


def _table(name: str) -> Iterator[dict[str, str]]:
    root = os.environ.get("STILLWATCH_DATA")
    path = Path(root or "", "network", name)
    if root and path.is_file():
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as stream:
            yield from csv.DictReader(stream)
