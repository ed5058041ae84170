"""Where simulated people are: countries, networks, cards and addresses; the mix is invented, the ASNs are real."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.lab.arrays import Ints, Rng, choose, mixed, texts
from stillwatch.lab.grammar import joined
from stillwatch.lab.vocabulary import LANGUAGES


@dataclass(frozen=True)
class Country:
    """One country's share of accounts, clock, languages, access networks, first octets and card prefixes."""

    code: str
    weight: float
    clock: float  # hours east of UTC
    languages: dict[str, float]
    networks: tuple[int, ...]
    octets: tuple[int, ...]
    bins: tuple[str, ...]


def _country(line: str) -> Country:
    code, weight, clock, languages, networks, octets, bins = line.split()
    spoken = dict(part.split(":") for part in languages.split(","))
    return Country(
        code,
        float(weight),
        float(clock),
        {name: float(share) for name, share in spoken.items()},
        tuple(map(int, networks.split(","))),
        tuple(map(int, octets.split(","))),
        tuple(bins.split(",")),
    )


COUNTRIES = tuple(
    _country(line)
    for line in (
        "US 24 -6 en:.95,es:.05 7922,701,7018,20115,22773,21928 24,67,68,71,73,76,98 414720,424631,483312,542418,546616,371240",
        "IN 12 5.5 en:1 55836,24560,45609,9829 49,59,106,117,122 403130,416021,524178,652150",
        "GB 6 0 en:1 2856,5089,13285,12576 81,82,86,90 446291,465859,475129,535666",
        "DE 5.5 1 de:.75,en:.25 3320,3209,6805,8881 79,84,87,91 402360,492940,516830,547800",
        "BR 6 -3 pt:.85,en:.15 28573,27699,18881,26599 177,179,187,189 406655,498407,516230,550209",
        "JP 5 9 ja:.85,en:.15 2516,4713,17676,9605 60,118,126,219 415990,454057,498003,531360",
        "FR 4.5 1 fr:.8,en:.2 3215,12322,15557,5410 78,82,88,90 413200,497010,513100,535300",
        "CA 3.5 -5 en:.85,fr:.15 812,577,852,6327 24,64,70,99 450060,453600,519123,542598",
        "KR 3 9 en:1 4766,9318,3786,17858 58,112,175,211 402367,457973,515594,546129",
        "ES 3 1 es:.85,en:.15 3352,12479,12430 77,79,80,88 402440,454600,516800",
        "MX 2.5 -6 es:.9,en:.1 8151,13999,28403 187,189,201 415231,491573,526354",
        "AU 2.5 10 en:1 1221,4804,7545 58,101,110,121 401795,443464,516361",
        "IT 2.5 1 en:1 3269,30722,1267 79,82,87,93 402360,453997,533317",
        "SG 2.2 8 en:.8,zh:.2 9506,4657,10091 58,116,121,175 414102,455264,541287",
        "NL 2 1 en:1 1136,33915,50266 77,80,84,86 402000,516100,543300",
        "TW 2 8 zh:.85,en:.15 3462,9924,4780 59,61,114,118 404017,456007,524255",
        "HK 1.8 8 zh:.55,en:.45 4760,9304,10103 58,61,112,119 405010,438087,545140",
        "PL 1.8 1 en:1 5617,12741,21021 79,83,89 425125,453200,516931",
        "ID 1.8 7 en:1 7713,17974,23693 36,110,114,118 437527,461785,542177",
        "VN 1.6 7 en:1 45899,7552,18403 14,27,113,171 408904,428310,524188",
        "PH 1.5 8 en:1 9299,4775,132199 49,112,119,120 412302,435820,521312",
        "TR 1.5 3 en:1 9121,34984,47331 78,85,88 402277,454360,540061",
        "AR 1.2 -3 es:.95,en:.05 7303,10318,22927 181,186,190 405068,450799,520003",
        "CO 1.1 -5 es:.95,en:.05 10620,3816,26611 181,186,190 409983,451307,530691",
        "NG 1.1 1 en:1 29465,37148,36873 41,102,105 417905,506106,533477",
        "ZA 1 2 en:1 3741,16637,5713 41,102,105 410374,452063,520074",
        "SE .9 1 en:1 3301,2119,1257 78,81,90 402005,453915,544400",
        "PT .8 0 pt:.9,en:.1 3243,2860,12353 81,85,89 407013,455251,540801",
        "IL .8 2 en:1 8551,1680,12849 77,79,84 402793,458016,532611",
        "AE .7 4 en:1 5384,15802 83,86,94 408845,455708,524278",
        "CN .7 8 zh:.9,en:.1 4134,4837,9808 58,60,112,117 622202,622848,625955",
    )
)
COUNTRY_WEIGHTS = np.array([country.weight for country in COUNTRIES])
COUNTRY_CODES = texts([country.code for country in COUNTRIES])
CLOCKS = np.array([country.clock for country in COUNTRIES])

CLOUD_NETWORKS = (16509, 14618, 396982, 8075, 14061, 24940, 16276, 20473, 31898, 63949)
VPN_NETWORKS = (9009, 60068, 212238, 136787, 62240)
_CLOUD_OCTETS = {
    16509: (3, 13, 18, 52, 54),
    14618: (3, 34, 44, 54),
    396982: (34, 35),
    8075: (20, 40),
    14061: (134, 138, 159, 167),
    24940: (5, 65, 88, 135),
    16276: (51, 54, 145),
    20473: (45, 66, 140, 149),
    31898: (129, 130, 132, 150),
    63949: (45, 139, 172, 173),
    9009: (146, 185, 193),
    60068: (84, 89, 185),
    212238: (37, 149, 156),
    136787: (103, 185, 194),
    62240: (45, 92, 191),
}
_BYTES = pa.array([str(value) for value in range(256)], pa.string())


def index_of(code: str) -> int:
    """Where a country stands in `COUNTRIES`."""
    return next(i for i, country in enumerate(COUNTRIES) if country.code == code)


def languages_of(rng: Rng, country: Ints) -> Ints:
    """Return a language (index into LANGUAGES) for each person of the given countries."""
    spoken = np.zeros(len(country), dtype=np.int64)
    for index in np.unique(country):
        here = np.flatnonzero(country == index)
        shares = COUNTRIES[index].languages
        ids = np.array([LANGUAGES.index(name) for name in shares])
        spoken[here] = ids[choose(rng, list(shares.values()), len(here))]
    return spoken


def access_networks(rng: Rng, country: Ints) -> tuple[Ints, Ints]:
    """Return an access network (ASN) and a /24 in it for each person; big networks hold several /16 blocks."""
    asn = np.zeros(len(country), dtype=np.int64)
    first = np.zeros(len(country), dtype=np.int64)
    for index in np.unique(country):
        here = np.flatnonzero(country == index)
        place = COUNTRIES[index]
        shares = 1 / np.arange(1, len(place.networks) + 1)
        asn[here] = np.array(place.networks)[choose(rng, shares, len(here))]
        block = mixed(asn[here], 7) % len(place.octets)
        first[here] = np.array(place.octets)[block]
    second = mixed(asn, rng.integers(0, 12, len(country))) % 256
    third = rng.integers(0, 256, len(country))
    return asn, (first << 24) | (second << 16) | (third << 8)


def hosted_networks(rng: Rng, size: int, networks: tuple[int, ...] = CLOUD_NETWORKS) -> tuple[Ints, Ints]:
    """Return a hosting or VPN network (ASN) and a /24 in it for each row."""
    asn = np.array(networks)[choose(rng, 1 / np.arange(1, len(networks) + 1), size)]
    first = np.zeros(size, dtype=np.int64)
    for network in np.unique(asn):
        here = np.flatnonzero(asn == network)
        octets = np.array(_CLOUD_OCTETS[int(network)])
        first[here] = octets[rng.integers(0, len(octets), len(here))]
    second = mixed(asn, rng.integers(0, 8, size)) % 256
    return asn, (first << 24) | (second << 16) | (rng.integers(0, 64, size) << 8)


def address_text(address: Ints) -> pa.Array:
    """IPv4 addresses in dotted form from their 32-bit numbers."""
    parts = [_BYTES.take(pa.array((address >> shift) & 255)) for shift in (24, 16, 8, 0)]
    return joined(*parts, separator=".")


def address_country(asn: Ints, net: Ints, resident: Ints) -> Ints:
    """Return the country of an address: a hosting block's own, elsewhere where its user resides."""
    blocks = np.array([index_of(code) for code in ("US", "US", "US", "DE", "NL", "SG", "JP", "GB")])
    hosted = np.isin(asn, np.array([*CLOUD_NETWORKS, *VPN_NETWORKS]))
    return np.where(hosted, blocks[mixed(net >> 16) % len(blocks)], resident)


def card_prefixes(rng: Rng, country: Ints) -> Ints:
    """Return a card prefix (six digits) popular in each person's country."""
    prefix = np.zeros(len(country), dtype=np.int64)
    for index in np.unique(country):
        here = np.flatnonzero(country == index)
        bins = np.array([int(number) for number in COUNTRIES[index].bins])
        prefix[here] = bins[choose(rng, 1 / np.arange(1, len(bins) + 1), len(here))]
    return prefix
