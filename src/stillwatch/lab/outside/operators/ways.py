"""The ways of one operator: what its accounts share, how much, and from when to when; drawn once."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from stillwatch.lab.outside.accounts import COMMONEST_MAIL_HOSTS, MAIL_HOSTS, THROWAWAY_HOSTS, Card
from stillwatch.lab.outside.clients import PYTHON_HANDSHAKE, Client, client, handshake
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.grammar import coined, spin
from stillwatch.lab.outside.network import Address
from stillwatch.lab.outside.operators.kinds import KINDS, TIES, Kind
from stillwatch.lab.outside.wording.software import HARNESSES, Harness
from stillwatch.lab.outside.world import World

EAST = ["SG", "JP", "HK", "TW", "KR", "MY", "VN", "US", "ID"]
STRENGTHS = {"strong": (0.7, 0.95), "some": (0.25, 0.6), "none": (0.0, 0.0)}
FAMILIES = [["py"], ["py", "node"], ["raw"], ["chain", "py"], ["browser"], ["gateway"], ["raw", "py", "node"]]
CODERS = {"june", "feb-coding-pivot"}  # kinds that may work with a published agent program
PLANS = [["pay-as-you-go"], ["plus", "pro"], ["pro"], ["pay-as-you-go", "plus", "free"]]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What one operator does the same way in all its accounts; days are of the log."""

    name: str
    kind: Kind
    ties: dict[str, float]  # share of accounts that have each tie
    careless: float
    calls: float
    begin: float
    end: float
    cover: float
    bursts: list[tuple[float, float]]  # of sign-ups: begin, and the mean delay of an account
    issuers: list[tuple[str, str, str]]  # BIN, kind of card, country
    cards: list[Card]
    domains: list[str]
    network: str
    servers: list[Address]
    clouds: list[Address]
    countries: list[str]
    clients: list[Client]
    harness: Harness
    devices: list[str]
    signup_addresses: list[Address]
    plans: list[str]
    pathways: list[str]
    phones: list[str] | None
    referral: str

    def style(self) -> dict[str, object]:
        """What is told of these ways beside the truth, for those who study misses."""
        return {
            "levels": {tie: round(share, 2) for tie, share in self.ties.items()},
            "cards": len(self.cards),
            "bins": len(self.issuers),
            "net": self.network,
            "countries": self.countries,
            "clients": [client.agent[:40] for client in self.clients],
            "cover": round(self.cover, 2),
            "sloppy": round(self.careless, 2),
            "bursts": len(self.bursts),
            "days": [round(self.begin, 1), round(self.end, 1)],
            "plans": self.plans,
            "paths": self.pathways,
        }


def draw_ways(world: World, name: str, count: int) -> Ways:
    """Draw the ways of an operator of `count` accounts; `name` is one of KINDS."""
    rng, network, kind = world.rng, world.network, KINDS[name]
    ties = _ties(world, kind)
    careless = rng.random()
    calls = kind.calls * 0.85 * math.exp(rng.gauss(0, 0.3))
    begin, end = _span(world, kind)
    cover = rng.uniform(*kind.cover) if kind.cover else rng.choice((0, 0, 0.1, 0.25))
    bursts = [
        (rng.uniform(-45, begin - 0.3), rng.choice((0.08, 0.4, 1.5))) for _ in range(rng.choice((2, 3, 5, 8)))
    ]
    issuers, cards = _cards(world, count)
    domains = _domains(world)
    mode = rng.choice(kind.networks)
    servers = network.hosted(rng.choice((6, 20, 60)), rng.choice((1, 2, 4)))
    clouds = [network.cloud() for _ in range(rng.choice((3, 10)))]
    countries = rng.sample(EAST, rng.choice((2, 4))) if rng.random() < 0.65 else rng.sample(CODES, 6)
    clients, harness = _clients(world, name, careless)
    return Ways(
        name=name,
        kind=kind,
        ties=ties,
        careless=careless,
        calls=calls,
        begin=begin,
        end=end,
        cover=cover,
        bursts=bursts,
        issuers=issuers,
        cards=cards,
        domains=domains,
        network=mode,
        servers=servers,
        clouds=clouds,
        countries=countries,
        clients=clients,
        harness=harness,
        devices=_several(lambda: "d_" + world.mint(12), max(1, count // rng.choice((5, 15)))),
        signup_addresses=_signup_addresses(world, countries),
        plans=rng.choice(PLANS),
        pathways=rng.choice(kind.pathways),
        phones=_several(lambda: f"ph_{rng.getrandbits(48):012x}", max(2, count // 4))
        if careless > 0.55
        else None,
        referral="friend" if rng.random() < 0.6 else f"code-{coined(rng).lower()}",
    )


def _several(draw: Callable[[], str], count: int) -> list[str]:
    return [draw() for _ in range(count)]


def _ties(world: World, kind: Kind) -> dict[str, float]:
    rng = world.rng
    ties = dict.fromkeys(TIES, 0.0)
    for tie in kind.always:
        ties[tie] = rng.uniform(*STRENGTHS["strong" if rng.random() < 0.8 else "some"])
    for tie in kind.maybe:
        ties[tie] = rng.uniform(*STRENGTHS[rng.choice(["strong", "some", "some", "none", "none"])])
    return ties


def _span(world: World, kind: Kind) -> tuple[float, float]:
    rng, days = world.rng, world.days
    begin, end = 0.0, float(days)
    if not kind.whole_log:
        begin, end = rng.uniform(0, 3), rng.uniform(days - 4, days)
    if rng.random() < 0.25:
        end = min(end, rng.uniform(days * 0.6, days * 0.85))
    return begin, end


def _cards(world: World, count: int) -> tuple[list[tuple[str, str, str]], list[Card]]:
    rng = world.rng
    issuers = [
        (
            f"{rng.randrange(400_000, 559_999):06d}",
            rng.choice(["virtual", "prepaid", "virtual", "debit"]),
            rng.choice(["US", "SG", "HK", "GB"]),
        )
        for _ in range(rng.choice((1, 2, 3)))
    ]
    if rng.random() < 0.5:  # an issuer that innocent people use as well
        issuers[0] = (rng.choice(world.issuers.virtual), *issuers[0][1:])
    drawn = [rng.choice(issuers) for _ in range(max(2, int(count / rng.choice((1.0, 1.5, 4, 12)))))]
    return issuers, [world.card(country, kind, issuer) for issuer, kind, country in drawn]


def _domains(world: World) -> list[str]:
    rng = world.rng
    own = [
        f"{coined(rng).lower()}{rng.choice(['.com', '.net', '.xyz', '.top'])}"
        for _ in range(rng.choice((1, 3, 9)))
    ]
    return rng.choice([COMMONEST_MAIL_HOSTS, MAIL_HOSTS, own, THROWAWAY_HOSTS])


def _clients(world: World, name: str, careless: float) -> tuple[list[Client], Harness]:
    rng = world.rng
    families = rng.choice(FAMILIES)
    clients = [client(rng, rng.choice(families)) for _ in range(rng.choice((1, 1, 2, 4)))]
    script = handshake(PYTHON_HANDSHAKE, "h1")
    if careless > 0.6 and families == ["browser"]:  # claims a browser, shakes hands like a script
        clients = [Client(browser.agent, script) for browser in clients]
    harness = rng.choice(HARNESSES)
    if name in CODERS and rng.random() < 0.6:
        genuine = handshake(harness.name + "0", "h1")
        clients = [Client(spin(rng, harness.agent), script if careless > 0.5 else genuine)]
    return clients, harness


def _signup_addresses(world: World, countries: list[str]) -> list[Address]:
    rng = world.rng
    if rng.random() < 0.5:
        return [world.network.home(rng.choice(countries)) for _ in range(rng.choice((3, 12)))]
    return world.network.hosted(8, 2)
