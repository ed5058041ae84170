"""Those who stand between users and the model: routers, gateways, resellers."""

from itertools import pairwise

from stillwatch.lab.outside.accounts import Account, Signup
from stillwatch.lab.outside.clients import client, programs
from stillwatch.lab.outside.clocks import hours_of, sessions
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.emission import Caller, emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import coined, settled
from stillwatch.lab.outside.person import Person
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.speakers import chatting, coding, templated
from stillwatch.lab.outside.wording.languages import TALK
from stillwatch.lab.outside.wording.occasions import BENCHMARKS
from stillwatch.lab.outside.wording.products import JOBS
from stillwatch.lab.outside.wording.tasks import GRAMMARS
from stillwatch.lab.outside.workload import Workload
from stillwatch.lab.outside.world import DAY, World


def fallback_routers(world: World) -> None:
    """One service with several accounts: where one stops, another goes on."""
    rng = world.rng
    for _ in range(world.groups(10)):
        size = rng.choice((3, 4, 6, 8))
        like = Signup(
            cohort="fallback_router",
            plan="pay-as-you-go",
            clients=[client(rng, "gateway")],
            created=-rng.uniform(20, 300) * DAY,
        )
        accounts = group(world, size, ("org", "card", "egress", "domain"), like)
        templates = settled(rng, JOBS, 2)
        switches = sorted(rng.uniform(0, world.days) for _ in range(rng.choice((4, 9))))
        days = [0, *switches, world.days]
        volume = world.volume(300, 0.7, 1_800)
        for begin, end in pairwise(days):
            account = rng.choice(accounts)
            calls = volume * (end - begin) / world.days
            hours = hours_of(world, "round_the_clock")
            times = sessions(world, calls, hours, 1, 20, begin * DAY, end * DAY)
            work = Workload(
                pathway=rng.choice(["api", "cloud:aws", "cloud:azure"]),
                system=f"You serve {accounts[0].person.product}",
            )
            emit(world, account, templated(account.person, templates, follow=False), times, work)


def gateways(world: World) -> None:
    """A gateway that spreads the texts of many tenants over a pool of accounts."""
    rng = world.rng
    for _ in range(world.groups(6)):
        size = world.members(5, 22)
        same = ["card", "egress", "domain", *(["org"] if rng.random() < 0.6 else [])]
        like = Signup(
            cohort="gateway",
            plan="pay-as-you-go",
            clients=[client(rng, "gateway")],
            created=-rng.uniform(5, 200) * DAY,
        )
        accounts = group(world, size, same, like)
        for _ in range(rng.choice((8, 20, 40))):
            _tenant(world, accounts)


def _tenant(world: World, accounts: list[Account]) -> None:
    rng = world.rng
    person = Person(world.tasks, rng.choice(list(TALK)))
    speaker = rng.choice(
        [
            chatting(person),
            coding(person),
            coding(person),
            templated(person, settled(rng, JOBS, 1)),
            templated(
                person,
                [rng.choice(BENCHMARKS)],
                world.tasks.any_of([rng.choice(list(GRAMMARS))], suite=40),
            ),
        ]
    )
    system = rng.choice((None, "You are a helpful assistant.", f"Project {coined(rng)}"))
    calls, hours = world.volume(40, 1, 400), hours_of(world, "human", rng.randrange(-8, 10))

    def any_account(_turn: int, _at: float) -> Account:
        return rng.choice(accounts)

    for session in sessions(world, calls, hours, 2, 60):
        caller: Caller = any_account if rng.random() < 0.3 else rng.choice(accounts)
        work = Workload(
            system=system,
            pathway=rng.choice(("api", "api", "cloud:aws")),
            end_users=[f"eu_{person.product}"],
        )
        emit(world, caller, speaker, [session], work)


def resellers(world: World) -> None:
    """Customers of a reseller, who pays for all of them and may carry their calls."""
    rng = world.rng
    for _ in range(world.groups(4)):
        cards = [world.card("US", "invoice"), world.card("SG", "credit")]
        name = coined(rng).lower()
        carried = rng.random() < 0.5
        servers = [world.network.cloud() for _ in range(3)]
        size = world.members(25, 70)
        same = ("wave",) if rng.random() < 0.5 else ()
        countries = rng.sample(CODES, 5)
        domain = f"{name}-cloud.com" if rng.random() < 0.5 else None
        like = Signup(
            cohort="reseller_customers", plan="reseller", domain=domain, referral=f"reseller-{name}"
        )
        for account in group(world, size, same, like, countries=countries, cards=cards):
            account.addresses = servers if carried else world.network.homes(account.country)
            if rng.random() < 0.6:
                account.clients = programs(rng)
            own_use(world, account, world.volume(16, 1.1, 500), Workload(pathway="reseller"), turns=2)
