"""Where calls come from: homes by country, clouds and VPN exits, and how an account moves among addresses."""

import csv
import gzip
import ipaddress
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple


class Address(NamedTuple):
    """One network address as the log shows it."""

    ip: str
    asn: int
    country: str


Route = Callable[[Random, float], Address]
"""The address of a call made at a time (seconds into the log)."""


class Country(NamedTuple):
    """Share of accounts, hours ahead of UTC, and access networks as (ASN, prefixes)."""

    weight: float
    zone: float
    networks: list[tuple[int, list[str]]]


COUNTRIES = {
    "US": Country(
        30,
        -6,
        [
            (7922, ["73.15.", "24.6.", "98.207.", "67.160."]),
            (701, ["71.184.", "100.6."]),
            (7018, ["99.120.", "107.200."]),
            (21928, ["172.56."]),
        ],
    ),
    "IN": Country(10, 5.5, [(55836, ["49.36.", "157.32."]), (24560, ["122.161.", "182.68."])]),
    "GB": Country(6, 0, [(2856, ["86.130.", "81.147."]), (5089, ["82.15."])]),
    "DE": Country(6, 1, [(3320, ["79.192.", "87.128.", "91.4."]), (3209, ["88.64."])]),
    "JP": Country(5, 9, [(17676, ["126.72.", "126.130."]), (2516, ["106.128."]), (4713, ["153.150."])]),
    "BR": Country(5, -3, [(28573, ["177.32.", "189.6."]), (27699, ["187.10."])]),
    "FR": Country(4, 1, [(3215, ["90.20.", "86.200."]), (12322, ["82.64."])]),
    "CA": Country(4, -5, [(577, ["70.24."]), (812, ["99.224."])]),
    "KR": Country(3, 9, [(4766, ["121.130.", "175.192."]), (9318, ["1.224."])]),
    "SG": Country(2, 8, [(9506, ["116.14.", "119.56."]), (55430, ["118.189."])]),
    "AU": Country(3, 10, [(1221, ["58.160.", "101.160."])]),
    "ES": Country(3, 1, [(3352, ["80.24.", "83.32."])]),
    "NL": Country(2, 1, [(1136, ["77.160."]), (33915, ["84.104."])]),
    "MX": Country(2, -6, [(8151, ["187.130.", "189.130."])]),
    "ID": Country(2, 7, [(7713, ["36.68.", "180.244."])]),
    "VN": Country(2, 7, [(7552, ["27.64.", "171.224."])]),
    "TW": Country(1.5, 8, [(3462, ["36.224.", "114.32."])]),
    "HK": Country(1.5, 8, [(9269, ["59.148.", "119.236."]), (4760, ["219.76."])]),
    "PH": Country(1.5, 8, [(9299, ["112.198.", "49.144."])]),
    "TR": Country(1.5, 3, [(9121, ["78.160.", "88.224."])]),
    "PL": Country(1.5, 1, [(5617, ["83.0.", "79.184."])]),
    "IT": Country(2, 1, [(3269, ["79.0.", "87.0."])]),
    "SE": Country(1, 1, [(3301, ["78.64.", "81.224."])]),
    "NG": Country(1, 1, [(29465, ["105.112."])]),
    "UA": Country(1, 2, [(15895, ["46.118."])]),
    "MY": Country(1, 8, [(4788, ["175.136.", "60.48."])]),
    "AE": Country(0.5, 4, [(5384, ["94.200."])]),
}
_POPULATION = [country.weight for country in COUNTRIES.values()]
CLOUDS = {  # ASN, and prefixes for where no address table is at hand
    "amazon": (16509, ["3.120.", "18.184.", "52.94.", "54.240."]),
    "microsoft": (8075, ["20.42.", "40.76.", "52.168."]),
    "google": (396982, ["34.64.", "35.190."]),
    "oracle": (31898, ["129.146.", "132.145."]),
    "linode": (63949, ["45.79.", "172.104."]),
    "digitalocean": (14061, ["104.131.", "159.65."]),
    "vultr": (20473, ["45.32.", "149.28."]),
    "github": (36459, ["140.82."]),
    "alibaba": (45102, ["47.74.", "47.88.", "47.236.", "47.245."]),
    "tencent": (132203, ["43.134.", "43.153.", "43.156.", "43.163."]),
    "vpn": (9009, ["37.120.", "89.187.", "185.220.", "193.27."]),
}
VPN_ASNS = [9009, 9009, 212238, 60068, 136787]
VPN_COUNTRIES = ["US", "NL", "GB", "SG", "JP", "DE"]
USUAL_CLOUDS = ["amazon", "amazon", "microsoft", "google", "digitalocean", "vultr", "linode", "oracle"]


class Network:
    """Addresses to draw from: public tables where `STILLWATCH_DATA` names them, else a few prefixes of each."""

    def __init__(self) -> None:
        self._ranges: dict[str, list[str]] = defaultdict(list)
        root = os.environ.get("STILLWATCH_DATA")
        folder = Path(root, "network") if root else None
        if folder and folder.is_dir():
            self._read(folder / "cloud_ranges.csv.gz")
            self._read(folder / "x4bnet_vpn_v4.csv.gz", "vpn")
        for name, (_, prefixes) in CLOUDS.items():
            if not self._ranges.get(name):
                self._ranges[name] = [f"{prefix}0.0/16" for prefix in prefixes]

    def _read(self, table: Path, name: str = "") -> None:
        with gzip.open(table, "rt", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                if ":" not in row["cidr"] and (name or row["provider"] in CLOUDS):
                    self._ranges[name or row["provider"]].append(row["cidr"])

    @staticmethod
    def country(rng: Random) -> str:
        return rng.choices(list(COUNTRIES), _POPULATION)[0]

    @staticmethod
    def home(rng: Random, country: str) -> Address:
        asn, prefixes = rng.choice(COUNTRIES[country].networks)
        return Address(f"{rng.choice(prefixes)}{rng.randrange(256)}.{rng.randrange(1, 255)}", asn, country)

    def cloud(self, rng: Random, name: str | None = None, country: str = "US") -> Address:
        """An address of a cloud, of any usual one without a name; `vpn` says nothing of the country."""
        name = name or rng.choice(USUAL_CLOUDS)
        block = ipaddress.ip_network(rng.choice(self._ranges[name]), strict=False)
        ip = str(block[rng.randrange(block.num_addresses)])
        if name == "vpn":
            return Address(ip, rng.choice(VPN_ASNS), rng.choice(VPN_COUNTRIES))
        return Address(ip, CLOUDS[name][0], country)


def usually(addresses: Sequence[Address]) -> Route:
    """Mostly the first address, at times any."""

    def route(rng: Random, _: float) -> Address:
        return addresses[0] if len(addresses) == 1 or rng.random() < 0.7 else rng.choice(addresses)

    return route


def rotating(addresses: Sequence[Address], seconds: float) -> Route:
    """One address after the other, each for `seconds`."""
    return lambda _, at: addresses[int(at / seconds) % len(addresses)]


def fresh(draw: Callable[[Random], Address]) -> Route:
    """A new address for every call."""
    return lambda rng, _: draw(rng)
