"""The accounts of one operator: recruited by its ways, and when each is at work."""

from dataclasses import dataclass, field

from stillwatch.lab.outside.accounts import Account, Signup
from stillwatch.lab.outside.clients import client
from stillwatch.lab.outside.enrolment import enrol, signup_time
from stillwatch.lab.outside.network import Address, Route
from stillwatch.lab.outside.operators.ways import Ways
from stillwatch.lab.outside.world import DAY, World

REGULARS = 0.72  # share of hydra's accounts that are there from the start; the others replace banned ones


@dataclass(slots=True, kw_only=True)
class Worker:
    """One account of an operator: which ties it has, and when it works, in seconds."""

    account: Account
    has: dict[str, bool]
    pathways: list[str]
    begins: float = 0.0
    ends: float = 0.0
    own_templates: dict[str, list[str]] = field(default_factory=dict)

    @property
    def last(self) -> float:
        """When it stops for good: banned, or done."""
        return min(self.ends, self.account.ends)


class Crew:
    """All workers of one operator."""

    def __init__(self, world: World, ways: Ways, count: int) -> None:
        self.world, self.ways, self.count = world, ways, count
        regulars = int(count * REGULARS) if ways.name == "hydra" else count
        self.workers = [self.recruit() for _ in range(regulars)]
        for worker in self.workers:
            worker.ends = ways.end * DAY
            if ways.name != "june":
                delay = world.rng.expovariate(1 / 1.5) if world.rng.random() < 0.6 else 0
                worker.begins = max(worker.account.begins, (ways.begin + delay) * DAY)
        if ways.name == "june":
            self._grow_slowly()

    def _grow_slowly(self) -> None:
        days = self.world.days
        for worker in self.workers:
            delay = self.world.rng.triangular(0, days * 0.6, days * 0.25)
            worker.begins = max(worker.account.begins, (self.ways.begin + delay) * DAY)

    def recruit(self, created: float | None = None) -> Worker:
        """Sign up one account, at `created` or by the operator's ways."""
        rng, ways = self.world.rng, self.ways
        burst, delay = rng.choice(ways.bursts)
        has = {tie: rng.random() < share for tie, share in ways.ties.items()}
        if created is None and has["signup"]:
            created = (burst + rng.expovariate(1 / delay)) * DAY
        elif created is None:
            created = min(signup_time(self.world), ways.begin * DAY + rng.uniform(0, 6) * DAY)
        country = rng.choice(ways.countries)
        mode = ways.network
        if mode == "mix":
            mode = rng.choice(["hosted", "resi", "cloud"])
        if not has["net"]:
            mode = rng.choice(["home", "home", "server", "vpn"])
        addresses, route = self._route(country, mode)
        account = enrol(self.world, self._signup(country, created, addresses, has))
        account.route = route
        if ways.phones and has["signup"]:
            account.phone_hash, account.phone_country = rng.choice(ways.phones), rng.choice(ways.countries)
        pathways = ways.pathways
        if ways.name == "feb-agentic":
            account.programme = rng.choice([None, None, None, "edu", "startup", "research"])
            pathways = rng.sample(pathways, rng.choice((1, 1, 2)))
        account.begins = max(account.begins, 0)
        return Worker(account=account, has=has, pathways=pathways)

    def _route(self, country: str, mode: str) -> tuple[list[Address], Route | None]:
        """Addresses of an account; a residential proxy gives a new one for each conversation."""
        rng, ways, network = self.world.rng, self.ways, self.world.network
        if mode == "resi":
            return [], lambda: network.home(rng.choice(ways.countries))
        if mode == "hosted":
            addresses = rng.sample(ways.servers, min(len(ways.servers), rng.choice((1, 3, 6))))
        elif mode == "cloud":
            addresses = rng.sample(ways.clouds, min(len(ways.clouds), 3))
        elif mode == "server":
            addresses = [network.cloud()]
        elif mode == "vpn":
            addresses = [network.vpn() for _ in range(3)]
        else:
            addresses = network.homes(country)
        return addresses, None

    def _signup(self, country: str, created: float, addresses: list[Address], has: dict[str, bool]) -> Signup:
        rng, ways, world = self.world.rng, self.ways, self.world
        own = ["py", "node", "raw", "chain", "browser"]
        return Signup(
            cohort=f"op-{ways.name}",
            hard_negative=False,
            operator=f"op-{ways.name}",
            country=country,
            created=created,
            plan=rng.choice(ways.plans),
            addresses=addresses or [world.network.home(country)],
            domain=rng.choice(ways.domains) if has["signup"] else None,
            device=rng.choice(ways.devices) if has["device"] else None,
            card=rng.choice(ways.cards) if has["pay"] else world.card(country),
            signup_address=rng.choice(ways.signup_addresses) if has["signup"] else None,
            clients=[rng.choice(ways.clients) if has["client"] else client(rng, rng.choice(own))],
            referral=ways.referral if rng.random() < 0.3 else None,
            kyc_level=rng.choice((0, 0, 1, 1)),
        )
